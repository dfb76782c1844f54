import { cpSync, rmSync } from "node:fs";
import { build } from "esbuild";

import { buildGallery } from "./build-gallery.mjs";
import { withoutUnusedParts } from "./unused-parts.mjs";

rmSync("dist", { recursive: true, force: true });
await build({
  entryPoints: { main: "src/main.ts" },
  outdir: "dist",
  bundle: true,
  splitting: true,
  format: "esm",
  platform: "node",
  target: "node20.19",
  minifySyntax: true,
  minifyWhitespace: true,
  legalComments: "none",
  plugins: [withoutUnusedParts],
  banner: {
    js: "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);",
  },
  external: ["sharp"],
  logLevel: "warning",
});
cpSync("src/demo/images", "dist/images", { recursive: true });
await buildGallery("dist/gallery.html");
