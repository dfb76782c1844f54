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
  ])("%j leads to %j", async (source, name) => {
    expect(await nameOf(source.replace("ROOT", tree.root))).toBe(name);
  });

  test.each([
    "@2x.png",
    "'quoted'.png",
    "`odd`",
  ])("%j is the file that really has this name", async (source) => {
    expect(await nameOf(source)).toBe(source);
  });

  test.each([
    '"/etc/passwd"',
    "@/etc/passwd",
    "file:/etc/passwd",
    "'file://server/share/a.png'",
  ])("%j is refused as it is without what is around it", async (source) => {
    expect(await failureOf(source)).toMatch(/^\[SOURCE_NOT_ALLOWED\]/);
  });
});

test.each(['"URL"', "<URL>", "`URL`", "@URL", " URL\n"])("a URL as %j is fetched", async (source) => {
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
