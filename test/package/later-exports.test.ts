import { mkdtempSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { build } from "esbuild";
import { describe, expect, it } from "vitest";
import { BUNDLE_OPTIONS } from "../../scripts/bundle-options.mjs";

const require = createRequire(import.meta.url);

/** A part of webflow-api as the build bundles it. */
async function bundled(part: string): Promise<Record<string, unknown>> {
  const directory = mkdtempSync(join(tmpdir(), "later-exports-"));
  const outfile = join(directory, "bundle.cjs");
  try {
    await build({
      ...BUNDLE_OPTIONS,
      banner: {},
      entryPoints: [require.resolve(part)],
      format: "cjs",
      outfile,
    });
    return require(outfile);
  } finally {
    rmSync(directory, { recursive: true });
  }
}

function namesIn(value: unknown): string[] {
  return Object.keys(Object(value)).sort();
}

describe("webflow-api in the bundle", () => {
  it.each(["webflow-api/serialization", "webflow-api/api"])("has all exports of %s", async (part) => {
    const [here, there] = [await bundled(part), require(part)];
    expect(namesIn(here)).toEqual(namesIn(there));
    for (const [name, value] of Object.entries(here)) {
      expect(typeof value, name).toBe(typeof there[name]);
      expect(namesIn(value), name).toEqual(namesIn(there[name]));
    }
  });
});
