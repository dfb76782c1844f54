import { cpSync, rmSync } from "node:fs";
import { build } from "esbuild";

import { writeBillOfMaterials } from "./bill-of-materials.mjs";
import { buildGallery } from "./build-gallery.mjs";
import { BUNDLE_OPTIONS, LAUNCHER_OPTIONS } from "./bundle-options.mjs";
import { bundledPackages } from "./bundled-packages.mjs";
import { finishedDefinitions } from "./finished-definitions.mjs";
import { inStages } from "./stages.mjs";
import { writeThirdPartyNotices } from "./third-party-notices.mjs";

rmSync("dist", { recursive: true, force: true });
const inputs = await bundle({ start: "src/start.ts", emulator: "src/emulator/emulator.ts" });
// Threads and processes of their own, each in one file: sharing parts with the program would break both into many small ones.
inputs.push(
  ...(await bundle({ optimizer: "src/pictures/process/main.ts" })),
  ...(await bundle({ inspector: "src/inspection/thread/main.ts" })),
  ...(await bundle({ watchdog: "src/core/watchdog/thread.ts" })),
);
// What runs first, for Nodes that are too old as well: it says so.
await build({
  ...LAUNCHER_OPTIONS,
  entryPoints: { main: "src/main.ts" },
  outdir: "dist",
  external: ["./start.js"],
});
const packages = bundledPackages(inputs);
writeThirdPartyNotices(packages, "THIRD-PARTY-NOTICES");
writeBillOfMaterials(packages, "sbom.cdx.json");
cpSync("src/demo/images", "dist/images", { recursive: true });
await buildGallery("dist/gallery.html");

/** Bundles these entry points into `dist`; returns the files that went in. */
async function bundle(entryPoints) {
  const { metafile } = await build({
    ...BUNDLE_OPTIONS,
    plugins: [...BUNDLE_OPTIONS.plugins, finishedDefinitions, inStages],
    entryPoints,
    outdir: "dist",
    splitting: true,
    external: ["sharp"],
    metafile: true,
  });
  return Object.keys(metafile.inputs);
}
