import { copyFileSync, mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { build } from "esbuild";
import { BUNDLE_OPTIONS } from "../scripts/bundle-options.mjs";

/*
 * `npm run bench`: measures on loopback what the questions in `questions/` ask, and writes RESULTS.md.
 * `npm run bench -- upload tokens` asks only those; with `--write` their tables take the places of the old ones.
 */

// Inside the project, so that its packages are found.
const outdir = join("node_modules", ".bench");
rmSync(outdir, { recursive: true, force: true });
mkdirSync(outdir, { recursive: true });
await build({
  entryPoints: {
    main: "bench/main.ts",
    "world-process": "bench/world-process.ts",
    "rival-process": "bench/rivals/rival-process.ts",
    "encoder-process": "bench/encoder-process.ts",
  },
  outdir,
  outExtension: { ".js": ".mjs" },
  bundle: true,
  packages: "external",
  format: "esm",
  platform: "node",
  logLevel: "warning",
});
// The server file by file, for the profile.
copyFileSync("package.json", join(outdir, "package.json"));
await build({
  entryPoints: ["src/**/*.ts"],
  outdir: join(outdir, "source"),
  format: "esm",
  platform: "node",
  logLevel: "warning",
});
// Its threads as they are built, since it finds them beside itself.
await build({
  ...BUNDLE_OPTIONS,
  entryPoints: { inspector: "src/inspection/thread/main.ts", watchdog: "src/core/watchdog/thread.ts" },
  outdir: join(outdir, "source"),
});
await build({
  ...BUNDLE_OPTIONS,
  entryPoints: ["bench/one-tool-server.ts", "bench/listing-server.ts"],
  outdir,
  outExtension: { ".js": ".mjs" },
});
const { main } = await import(pathToFileURL(join(outdir, "main.mjs")).href);
await main(process.argv.slice(2));
process.exit();
