import { readFileSync } from "node:fs";
import { join } from "node:path";

/** The packages that a bundle holds, by esbuild's list of its inputs: `node_modules/name` and the package.json there. */
export function bundledPackages(inputs) {
  const directories = [...new Set(inputs.flatMap((input) => packageDirectory(input) ?? []))].sort();
  return directories.map((directory) => ({
    directory,
    packageJson: JSON.parse(readFileSync(join(directory, "package.json"), "utf8")),
  }));
}

/** Undefined for a file of this project. */
function packageDirectory(input) {
  return /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(input)?.[0];
}
