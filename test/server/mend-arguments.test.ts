import { expect, test } from "vitest";
import { parseArguments } from "../../src/server/parse-arguments.js";
import { TOOLS } from "../../src/tools/catalog.js";
import type { Tool } from "../../src/tools/definition/tool.js";

const ID = "65f0aa000000000000000001";
const OTHER_ID = "65f0aa000000000000000002";

function toolNamed(name: string): Tool {
  const tool = TOOLS.find((one) => one.name === name);
  if (!tool) throw new Error(`there is no ${name}`);
  return tool;
}

const parse = (name: string, args: unknown) => parseArguments(toolNamed(name), args);

test.each([
  [
    "JSON text for a list",
    "uploadAssets",
    { items: '[{"source":"a.png"}]' },
    { items: [{ source: "a.png" }] },
  ],
  [
    "JSON text for an entry",
    "uploadAssets",
    { items: ['{"source":"a.png"}'] },
    { items: [{ source: "a.png" }] },
  ],
  ["one entry for a list", "uploadAssets", { items: { source: "a.png" } }, { items: [{ source: "a.png" }] }],
  ["a text for a list of texts", "deleteAssets", { assetIds: ID }, { assetIds: [ID] }],
  ["JSON text for a list of texts", "deleteAssets", { assetIds: `["${ID}"]` }, { assetIds: [ID] }],
  ["ids in one text", "deleteAssets", { assetIds: `${ID}, ${OTHER_ID}` }, { assetIds: [ID, OTHER_ID] }],
  ["a number in quotes", "listAssets", { limit: "5" }, { limit: 5 }],
  ["a boolean in quotes", "listAssets", { missingAltText: "True" }, { missingAltText: true }],
  ["a number for a text", "listAssets", { query: 2026 }, { query: "2026" }],
  ["null for what is left out", "listAssets", { query: null, cursor: null, limit: null }, { limit: 50 }],
  [
    "empty texts for what is left out",
    "listAssets",
    { siteId: "", folder: "", type: "", cursor: "" },
    { limit: 50 },
  ],
  ["another case of a type", "listAssets", { type: " Image" }, { type: "image" }],
  ["blanks around an id", "getAsset", { assetId: ` ${ID}\n` }, { assetId: ID }],
  ["the arguments as JSON text", "getAsset", `{"assetId":"${ID}"}`, { assetId: ID }],
  ["no arguments", "listSites", null, {}],
  ["null for what does not exist", "listSites", { siteId: null, cursor: null }, {}],
  ["sources for files", "uploadAssets", { items: ["a.png"] }, { items: [{ source: "a.png" }] }],
  ["a list of one text for a text", "getAsset", { assetId: [ID] }, { assetId: ID }],
] as const)("%s is taken as it is meant", (_, name, args, expected) => {
  expect(parse(name, args)).toMatchObject(expected);
});

test.each([
  "toolCallId",
  "sessionId",
  "chatInput",
  "action",
  "tool",
  "task_progress",
  "wait_for_previous",
])("the key %s, which clients add, is left out", (key) => {
  expect(parse("getAsset", { assetId: ID, [key]: "x" })).toEqual({ assetId: ID });
});

test("an empty alt text stays one, because it clears the text", () => {
  const updates = [{ assetId: ID, altText: "", displayName: "" }];
  expect(parse("updateAssets", { updates })).toEqual({ updates: [{ assetId: ID, altText: "" }] });
});

test.each(["true", "1", 1, "yes"])("an agreement is JSON's true, and not %j", (confirm) => {
  expect(() => parse("deleteAssets", { assetIds: [ID], confirm })).toThrow('"confirm" must be true or false');
});

test.each([
  ["getAsset", { asetId: ID }, 'there is no "asetId" (did you mean "assetId"?)'],
  ["getAsset", { assetId: null }, '"assetId" is missing'],
  ["uploadAssets", { items: "a.png" }, '"items" must be an array'],
  ["uploadAssets", { items: [{ source: "a", actoin: 1 }] }, 'there is no "actoin" in "items[0]"'],
  ["listAssets", { limit: "five" }, '"limit" must be a number'],
  ["listAssets", { type: "images" }, '"type" must be one of'],
  ["uploadAsset", { source: "a", alt: "b" }, 'there is no "alt" (did you mean "altText"?)'],
  ["getAsset", { id: ID, file: 1 }, 'there is no "file" (there are assetId, locale, siteId)'],
  ["getAsset", { id: ID }, 'there is no "id" (did you mean "assetId"?)'],
  ["getAsset", { assetId: [ID, OTHER_ID] }, '"assetId" must be a string'],
  ["uploadAsset", { file: "a.png" }, 'there is no "file" (did you mean "source"?)'],
  ["uploadAsset", { alt: "b", filePath: "a.png" }, 'there is no "filePath" (did you mean "source"?)'],
  ["uploadAssets", { files: [{ source: "a.png" }] }, 'there is no "files" (did you mean "items"?)'],
  [
    "uploadAssets",
    { items: [{ path: "a.png" }] },
    'there is no "path" in "items[0]" (did you mean "source"?)',
  ],
  ["deleteAssets", { folder: "Blog" }, 'there is no "folder" (there are assetIds, '],
  ["updateAssets", { altText: "b" }, 'there is no "altText" (it belongs into an entry of "updates")'],
  ["listSites", { all: true }, 'there is no "all" (it takes none)'],
  ["viewAsset", { assetIds: [] }, '"assetIds" must have at least 1 entry'],
  ["uploadAssets", { items: [5] }, '"items[0]" must be an object with source, folder'],
])("%s refuses %j", (name, args, sentence) => {
  expect(() => parse(name, args)).toThrow(sentence);
});

test("thousands of long arguments that do not exist are counted, and the first ones named in short", () => {
  const args = Object.fromEntries(Array.from({ length: 9_000 }, (_, n) => [`${"x".repeat(500)}${n}`, 1]));
  expect(() => parse("listSites", args)).toThrow(/^(?=.*and 8995 more).{1,1000}$/s);
});

test("half a surrogate pair becomes a replacement character before it is stored", () => {
  const updates = [{ assetId: ID, altText: "Half \ud83d" }];
  expect(parse("updateAssets", { updates })).toEqual({ updates: [{ assetId: ID, altText: "Half \ufffd" }] });
});
