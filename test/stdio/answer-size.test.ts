import { countTokens } from "gpt-tokenizer/encoding/o200k_base";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Emulator, startEmulator } from "../../src/emulator/emulator.js";
import { numberedPng, pngBytes } from "../builders/bytes.js";
import { makeTree } from "../builders/file-tree.js";
import { emulatorEnvironment, type ServerProcess, startServer } from "../builders/server-process.js";

const ALT_TEXTS = [
  "Two colleagues laughing in front of a green wall while a third one holds up a large painting. ".repeat(5),
  "緑の壁の前で二人の同僚が笑い、三人目が夜明けの港を描いた大きな絵を掲げている。".repeat(12),
  "Две коллеги смеются на фоне зелёной стены, а третья держит большую картину. ".repeat(6),
  "👨‍👩‍👧‍👦🏳️‍🌈😀🎉".repeat(20),
].map((text) => text.slice(0, 500));

const FILES = 350;
const files = makeTree(
  Object.fromEntries(
    Array.from({ length: FILES }, (_, index) => [
      `Spring campaign ${index % 7}/photo-${index}.${index % 5 === 0 ? "exe" : "png"}`,
      numberedPng(index),
    ]),
  ),
);
let emulator: Emulator;
let server: ServerProcess;
let ids: string[];

beforeAll(async () => {
  emulator = await startEmulator({
    switches: { rateLimit: { limit: 1_000_000, windowMs: 60_000, sliding: false } },
  });
  const { siteId, database } = emulator;
  ids = Array.from(
    { length: 400 },
    (_, index) =>
      database.addAsset({
        siteId,
        fileName: `a long name for a photo of the spring campaign ${index}.png`,
        contentType: "image/png",
        bytes: pngBytes(),
        altText: ALT_TEXTS[index % ALT_TEXTS.length] ?? null,
      }).id,
  );
  for (let index = 0; index < 1_200; index += 1) {
    database.addFolder({ siteId, displayName: `Campaign of the year ${index} (Frühling)` });
  }
  server = startServer({ args: [files.root], env: emulatorEnvironment(emulator) });
  await server.initialize();
});

afterAll(async () => {
  await server.close();
  await emulator.close();
  files.remove();
});

// biome-ignore lint/suspicious/noExplicitAny: results of any tool
async function call(name: string, args: Record<string, unknown>): Promise<any> {
  const answer = await server.request("tools/call", { name, arguments: args });
  expectSmall(answer.result);
  return answer.result.structuredContent ?? answer.result.content[0].text;
}

function expectSmall(result: { content: { text: string }[] }): void {
  for (const { text } of result.content) expect(countTokens(text)).toBeLessThan(8_000);
  expect(Buffer.byteLength(JSON.stringify(result))).toBeLessThan(200_000);
}

/** All pages of a listing. */
async function walk(name: string, key: string, args: Record<string, unknown>): Promise<unknown[]> {
  let page = await call(name, args);
  const all = [...page[key]];
  while (page.nextCursor !== undefined) {
    page = await call(name, { ...args, cursor: page.nextCursor });
    if (!page[key]) throw new Error(JSON.stringify(page));
    all.push(...page[key]);
  }
  return all;
}

test("pages of assets with long texts are cut by size, and the walk lists each asset once", async () => {
  const assets = (await walk("listAssets", "assets", { limit: 200 })) as { id: string }[];
  expect(assets.map(({ id }) => id).sort()).toEqual([...ids].sort());
});

test("pages of folders are cut by size, and the walk lists each folder once", async () => {
  const folders = (await walk("listFolders", "folders", { limit: 1_000 })) as { id: string }[];
  expect(new Set(folders.map(({ id }) => id)).size).toBe(1_200);
});

test("the folders as a resource say how many they leave out", async () => {
  const uri = `webflow-assets://sites/${emulator.siteId}/folders`;
  const { result } = await server.request("resources/read", { uri });
  const texts = result.contents.map(({ text }: { text: string }) => text);
  expect(countTokens(texts.join("\n"))).toBeLessThan(8_000);
  expect(texts[0]).toMatch(/and \d+ more; the tool listFolders/);
});

test("a hundred failures fit into an answer, each with its code and a next step", async () => {
  const updates = Array.from({ length: 100 }, (_, index) => ({
    assetId: `65f0aa${String(index).padStart(18, "0")}`,
    altText: "x",
  }));
  const { failed } = await call("updateAssets", { updates });
  expect(failed).toHaveLength(100);
  for (const { error } of failed) expect(error).toMatch(/^\[ASSET_NOT_FOUND\] .+ Next: .+\.$/);
});

test("the old texts of a hundred assets fit into an answer", async () => {
  const updates = ids.slice(0, 100).map((assetId) => ({ assetId, altText: "New" }));
  const { updated, before } = await call("updateAssets", { updates });
  expect(updated).toHaveLength(100);
  expect(before).toHaveLength(100);
  expect(before[0].altText).toMatch(/^Two coll.*…$/);
});

test("a question and a refusal to delete a hundred assets stay short", async () => {
  expect(await call("deleteAssets", { assetIds: ids.slice(0, 100) })).toContain("CONFIRMATION_REQUIRED");
});

test("the plan of a sync comes page by page, refused files first, and each file once", async () => {
  const args = { directory: files.root, folder: "Mirror" };
  const told = (await walk("syncFolder", "files", args)) as { path: string; status: string }[];
  expect(new Set(told.map(({ path }) => path)).size).toBe(FILES);
  expect(told[0]?.status).toBe("refused");
  expect(await call("syncFolder", { ...args, folder: "Other", cursor: "abcd1234-5" })).toContain(
    "INVALID_INPUT",
  );
});

test("an applied sync of hundreds of files is reported briefly, and each result on demand", async () => {
  const args = { directory: files.root, folder: "Mirror", apply: true };
  let report = await call("syncFolder", args);
  while (report.status === "running") report = await call("uploadStatus", { job: report.job });
  const results = (await walk("uploadStatus", "results", { job: report.job })) as { source: string }[];
  expect(new Set(results.map(({ source }) => source)).size).toBe((FILES * 4) / 5);
});
