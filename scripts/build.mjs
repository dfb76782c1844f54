import { cpSync, rmSync } from "node:fs";
import { build } from "esbuild";

import { buildGallery } from "./build-gallery.mjs";
import { BUNDLE_OPTIONS } from "./bundle-options.mjs";

rmSync("dist", { recursive: true, force: true });
await build({
  ...BUNDLE_OPTIONS,
  entryPoints: { main: "src/main.ts" },
  outdir: "dist",
  splitting: true,
  external: ["sharp"],
});
cpSync("src/demo/images", "dist/images", { recursive: true });
await buildGallery("dist/gallery.html");
