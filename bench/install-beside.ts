import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/**
 * Installs other people's packages beside the project and not into it, once a machine.
 * Install scripts are not run. Gives the directory that holds their `node_modules`.
 */
export function installBeside(name: string, packages: Readonly<Record<string, string>>): string {
  const directory = join(tmpdir(), name);
  if (existsSync(join(directory, "node_modules"))) return directory;
  mkdirSync(directory, { recursive: true });
  const wanted = Object.entries(packages).map(([name, version]) => `${name}@${version}`);
  execFileSync(
    "npm",
    ["install", "--silent", "--no-save", "--ignore-scripts", "--prefix", directory, ...wanted],
    { stdio: "inherit" },
  );
  return directory;
}
