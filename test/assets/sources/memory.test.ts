import { execFile } from "node:child_process";
import { createHash, randomBytes } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { build } from "esbuild";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Handler, type Origin, startOrigin } from "../../builders/origin.js";

const DOCUMENT = randomBytes(10 * 1024 * 1024);
const MD5 = createHash("md5").update(DOCUMENT).digest("hex");

const chunked: Handler = (_request, response) => {
  response.write(DOCUMENT);
  response.end();
};

let directory: string;
let script: string;
let origin: Origin;

beforeAll(async () => {
  origin = await startOrigin({ "/sized": DOCUMENT, "/chunked": chunked });
  directory = mkdtempSync(join(tmpdir(), "memory-"));
  script = join(directory, "read-documents.mjs");
  await build({
    entryPoints: ["test/processes/read-documents.ts"],
    outfile: script,
    bundle: true,
    format: "esm",
    platform: "node",
    banner: {
      js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);",
    },
  });
});

afterAll(async () => {
  await origin.close();
  rmSync(directory, { recursive: true, force: true });
});

describe("reading and hashing documents of 10 MiB, 8 at a time", () => {
  it.each(["/sized", "/chunked"])("keeps the process under 250 MB (%s)", async (path) => {
    const { stdout } = await promisify(execFile)(process.execPath, [script, origin.url + path]);
    const { hashes, maxResidentKiB } = JSON.parse(stdout);
    expect(hashes).toEqual(Array(40).fill(MD5));
    expect(maxResidentKiB * 1024).toBeLessThan(250_000_000);
  });
});
