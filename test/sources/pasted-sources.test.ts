import { basename } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { formatError } from "../../src/core/errors.js";
import { createAllowedDirectories } from "../../src/sources/local/directories-in-use.js";
import { createSourceReader, type SourceReader } from "../../src/sources/source-reader.js";
import { pngBytes } from "../builders/bytes.js";
import { callContext } from "../builders/call.js";
import { makeTree } from "../builders/file-tree.js";
import { type Origin, startOrigin } from "../builders/origin.js";

const PNG = pngBytes();
const tree = makeTree({
  "photo.png": PNG,
  "with space (1).png": PNG,
  "a#1?.png": PNG,
  "@2x.png": PNG,
  "'quoted'.png": PNG,
  "`odd`": PNG,
  "100%25.png": PNG,
});
let origin: Origin;
let reader: SourceReader;

beforeAll(async () => {
  origin = await startOrigin({ "/photo.png": PNG });
  reader = createSourceReader({
    allowedDirectories: createAllowedDirectories([tree.root]),
    urlHosts: [{ hostname: "127.0.0.1", port: origin.port }],
  });
});

afterAll(async () => {
  await reader.close();
  await origin.close();
  tree.remove();
});

const nameOf = async (source: string): Promise<string> =>
  basename((await reader.read(source, callContext())).name);
const failureOf = (source: string): Promise<string> =>
  reader.read(source, callContext()).then(() => "it was read", formatError);

describe("a path as it is pasted", () => {
  test.each([
    ['"ROOT/photo.png"', "photo.png"],
    ["'ROOT/photo.png'", "photo.png"],
    ["`ROOT/photo.png`", "photo.png"],
    ["“ROOT/photo.png”", "photo.png"],
    ["<ROOT/photo.png>", "photo.png"],
    [' "ROOT/photo.png" \n', "photo.png"],
    ["  photo.png  ", "photo.png"],
    ["\u202aROOT/photo.png", "photo.png"],
    ["photo.png\u200b", "photo.png"],
    ['"\u2066photo.png\u2069"', "photo.png"],
    ["@photo.png", "photo.png"],
    ["@ROOT/photo.png", "photo.png"],
    ['@"ROOT/with space (1).png"', "with space (1).png"],
    ["ROOT/with\\ space\\ \\(1\\).png", "with space (1).png"],
    ["file:ROOT/photo.png", "photo.png"],
    ["file:photo.png", "photo.png"],
    ["file://ROOT/with space (1).png", "with space (1).png"],
    ["file://ROOT/a#1?.png", "a#1?.png"],
    ["`file://ROOT/photo.png`", "photo.png"],
    ["ROOT/with%20space%20(1).png", "with space (1).png"],
    ["a%231%3F.png", "a#1?.png"],
    ["[photo.png](ROOT/photo.png)", "photo.png"],
    ["![a photo](with space (1).png)", "with space (1).png"],
    ["[a photo](<ROOT/with%20space%20(1).png>)", "with space (1).png"],
  ])("%j leads to %j", async (source, name) => {
    expect(await nameOf(source.replace("ROOT", tree.root))).toBe(name);
  });

  test.each([
    "@2x.png",
    "'quoted'.png",
    "`odd`",
    "100%25.png",
  ])("%j is the file that really has this name", async (source) => {
    expect(await nameOf(source)).toBe(source);
  });

  test.each([
    '"/etc/passwd"',
    "@/etc/passwd",
    "file:/etc/passwd",
    "'file://server/share/a.png'",
    "[photo.png](/etc/passwd)",
  ])("%j is refused as it is without what is around it", async (source) => {
    expect(await failureOf(source)).toMatch(/^\[SOURCE_NOT_ALLOWED\]/);
  });
});

test.each([
  '"URL"',
  "<URL>",
  "[photo.png](URL)",
  "`URL`",
  "@URL",
  " URL\n",
])("a URL as %j is fetched", async (source) => {
  expect(await nameOf(source.replace("URL", `${origin.url}/photo.png`))).toBe("photo.png");
});

test.each([
  "/mnt/user-data/uploads/photo.png",
  "sandbox:/mnt/data/photo.png",
  "/mnt/data/photo.png",
  '"sandbox:/mnt/data/photo.png"',
])("%j is said to lie at the assistant's vendor", async (source) => {
  const failure = await failureOf(source);
  expect(failure).toMatch(/^\[SOURCE_NOT_FOUND\] .*vendor/);
  expect(failure).toContain("Next: ask the user to save the file into an allowed directory");
});

describe("a source that is no path is told what it lacks:", () => {
  test.each([
    ["www.example.com/a.png", "SOURCE_NOT_FOUND", "put https:// in front"],
    ["example.com/pictures/a.png", "SOURCE_NOT_FOUND", "put https:// in front"],
    ["//cdn.example.com/a.png", "SOURCE_NOT_ALLOWED", "put https:// in front"],
    ["https//example.com/a.png", "SOURCE_NOT_FOUND", "put https:// in front"],
    [PNG.toString("base64"), "INVALID_INPUT", "data:image/png;base64,"],
    [`/9j/${"A".repeat(5_000)}==`, "INVALID_INPUT", "data:image/png;base64,"],
    ['<svg xmlns="http://www.w3.org/2000/svg"/>', "INVALID_INPUT", "data:image/svg+xml,"],
  ])("%.40s", async (source, code, next) => {
    const failure = await failureOf(source);
    expect(failure).toContain(`[${code}]`);
    expect(failure.split("Next: ")[1]).toContain(next);
  });

  test.each(["old.photos/a.png", "photos/a.png", "missing.png"])("%s may be a path", async (source) => {
    expect(await failureOf(source)).toMatch(/^\[SOURCE_NOT_FOUND\] .*Next: check the path/);
  });
});
