import { mkdtempSync, rmSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { build } from "esbuild";

/** Imports a TypeScript module of this project in plain Node, packages left to Node. */
export async function loadTypeScript(file) {
  // Inside the project, so that its packages are found.
  const directory = mkdtempSync(join(process.cwd(), "node_modules", ".typescript-"));
  try {
    const outfile = join(directory, "module.mjs");
    await build({
      entryPoints: [file],
      outfile,
      bundle: true,
      packages: "external",
      format: "esm",
      platform: "node",
      logLevel: "warning",
    });
    return await import(pathToFileURL(outfile).href);
  } finally {
    rmSync(directory, { recursive: true });
  }
}
