import { execFile } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { build } from "esbuild";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { BUNDLE_OPTIONS } from "../../scripts/bundle-options.mjs";
import { gradient } from "../builders/photos.js";
import { privatePicture } from "../builders/private-picture.js";

let directory: string;
let report: { answer: string; documentNotes: string[]; privateData: object };

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), "without-sharp-"));
  const script = join(directory, "optimize-without-sharp.mjs");
  await build({
    ...BUNDLE_OPTIONS,
    entryPoints: ["test/processes/optimize-without-sharp.ts"],
    outfile: script,
    external: ["sharp"],
  });
  const photo = join(directory, "photo.jpg");
  writeFileSync(photo, await privatePicture(gradient(300, 200), "jpeg"));
  const { stdout } = await promisify(execFile)(process.execPath, [script, photo]);
  report = JSON.parse(stdout);
});

afterAll(() => rmSync(directory, { recursive: true, force: true }));

describe("where the package sharp is not installed", () => {
  it("optimizing a picture answers with how to install it", () => {
    expect(report.answer).toMatch(/^\[NOT_INSTALLED\].* needs the package sharp.* Next: .*npm install sharp/);
  });

  it("a document passes", () => {
    expect(report.documentNotes.join()).toContain("Not optimized");
  });

  it("private data is still found", () => {
    expect(report.privateData).toEqual({ place: true, camera: true });
  });
});
