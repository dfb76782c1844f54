import { execFile } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { build } from "esbuild";
import { BUNDLE_OPTIONS } from "../../scripts/bundle-options.mjs";

/** Bundles a script of `test/processes/` as the server is bundled, runs it in a process of its own and parses the JSON that it prints last. */
export async function runScript(
  name: string,
  args: readonly string[],
  nodeOptions: readonly string[] = [],
): Promise<Record<string, unknown> & { stderr: string }> {
  const directory = await mkdtemp(join(tmpdir(), "script-"));
  const outfile = join(directory, `${name}.mjs`);
  try {
    await build({
      ...BUNDLE_OPTIONS,
      entryPoints: [`test/processes/${name}.ts`],
      outfile,
      external: ["sharp"],
    });
    const { stdout, stderr } = await promisify(execFile)(process.execPath, [
      ...nodeOptions,
      outfile,
      ...args,
    ]);
    return { ...JSON.parse(stdout.trim().split("\n").at(-1) ?? ""), stderr };
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}
