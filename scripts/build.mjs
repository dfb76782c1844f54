import { cpSync, rmSync } from "node:fs";
import { build } from "esbuild";

import { writeBillOfMaterials } from "./bill-of-materials.mjs";
import { buildGallery } from "./build-gallery.mjs";
import { BUNDLE_OPTIONS, LAUNCHER_OPTIONS } from "./bundle-options.mjs";
import { bundledPackages } from "./bundled-packages.mjs";
import { writeThirdPartyNotices } from "./third-party-notices.mjs";

rmSync("dist", { recursive: true, force: true });
const { metafile } = await build({
  ...BUNDLE_OPTIONS,
  entryPoints: {
    program: "src/program.ts",
    optimizer: "src/pictures/process/main.ts",
    watchdog: "src/core/watchdog/thread.ts",
    inspector: "src/inspection/thread/main.ts",
    emulator: "src/emulator/emulator.ts",
  },
  outdir: "dist",
  splitting: true,
  external: ["sharp"],
  metafile: true,
});
// What runs first, for Nodes that are too old as well: it says so.
await build({
  ...LAUNCHER_OPTIONS,
  entryPoints: { main: "src/main.ts" },
  outdir: "dist",
  external: ["./program.js"],
});
const packages = bundledPackages(Object.keys(metafile.inputs));
writeThirdPartyNotices(packages, "THIRD-PARTY-NOTICES");
writeBillOfMaterials(packages, "sbom.cdx.json");
cpSync("src/demo/images", "dist/images", { recursive: true });
await buildGallery("dist/gallery.html");
