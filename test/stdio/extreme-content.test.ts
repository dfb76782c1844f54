import { countTokens } from "gpt-tokenizer/encoding/o200k_base";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Emulator, startEmulator } from "../../src/emulator/emulator.js";
import { makeTree } from "../builders/file-tree.js";
import { plain } from "../builders/photos.js";
import {
  emulatorEnvironment,
  type Message,
  type ServerProcess,
  startServer,
} from "../builders/server-process.js";

const ASSETS = 24;

/** What costs most: by words, by tokens, by bytes, and by what JSON makes of it. */
const TEXTS = ["a green wall, ", "緑の壁の前で", "👨‍👩‍👧‍👦", '\\"<&>', "                    ", "𓀀𒀀ꙮ྾"];

function long(index: number, length: number): string {
  const text = TEXTS[index % TEXTS.length] ?? "";
  return `${index} ${text.repeat(length)}`.slice(0, length).replace(/[\ud800-\udbff]$/, "");
}

const files = makeTree(
  Object.fromEntries(
    Array.from({ length: 60 }, (_, index) => [`${"d".repeat(200)}/${"n".repeat(200)} ${index}.exe`, "x"]),
  ),
);
let emulator: Emulator;
let server: ServerProcess;
const ids: string[] = [];

beforeAll(async () => {
  emulator = await startEmulator({
    switches: { rateLimit: { limit: 1_000_000, windowMs: 60_000, sliding: false } },
  });
  const bytes = await plain([40, 60, 200], 600, 400).png().toBuffer();
  addSites();
  const folder = addFolders();
  for (let index = 0; index < ASSETS; index += 1) ids.push(addAsset(index, folder, bytes));
  addPages();
  server = startServer({
    args: [files.root],
    env: {
      ...emulatorEnvironment(emulator),
      WEBFLOW_TOKEN: emulator.database.addToken().value,
      WEBFLOW_SITE_ID: emulator.siteId,
      WEBFLOW_URL_HOSTS: emulator.siteHost,
    },
  });
  await server.initialize();
});

afterAll(async () => {
  await server.close();
  await emulator.close();
  files.remove();
});

function addSites(): void {
  const { database } = emulator;
  const { id } = database.addSite(long(0, 3_000));
  for (let index = 0; index < 300; index += 1) {
    database.addLocale(id, { tag: `x-${index}`, displayName: long(index, 2_000) });
  }
  for (let index = 0; index < 150; index += 1) database.addSite(long(index, 3_000));
}

/** Many beside each other, and some in each other; returns the innermost. */
function addFolders(): string {
  const { database, siteId } = emulator;
  for (let index = 0; index < 50; index += 1) database.addFolder({ siteId, displayName: long(index, 4_000) });
  let parentFolder: string | null = null;
  for (let depth = 0; depth < 30; depth += 1) {
    parentFolder = database.addFolder({ siteId, displayName: long(depth, 1_500), parentFolder }).id;
  }
  return parentFolder ?? "";
}

function addAsset(index: number, parentFolder: string, bytes: Buffer): string {
  const { database, siteId } = emulator;
  return database.addAsset({
    siteId,
    fileName: `${long(0, 80)} ${index}.png`,
    contentType: "image/png",
    bytes,
    displayName: long(index, 3_000),
    altText: long(index + 1, 6_000),
    parentFolder,
  }).id;
}

function addPages(): void {
  const { database, siteId } = emulator;
  for (let index = 0; index < 40; index += 1) {
    database.content.addPage({
      siteId,
      path: `/${"page-".repeat(200)}${index}`,
      title: long(index, 2_000),
      elements: ids.map((assetId) => ({ kind: "image" as const, assetId })),
    });
  }
}

// biome-ignore lint/suspicious/noExplicitAny: the result of any tool
async function call(name: string, args: Record<string, unknown> = {}): Promise<any> {
  const answer = await server.request("tools/call", { name, arguments: args });
  expectSmall(answer);
  return answer.result;
}

/** Pictures are no text, and have bounds of their own. */
function expectSmall({ result, error }: Message): void {
  const blocks: { text?: string }[] = result?.content ?? result?.contents ?? [{ text: error?.message }];
  const texts = blocks.flatMap(({ text }) => text ?? []);
  expect(texts).not.toEqual([]);
  expect(texts.reduce((sum, text) => sum + countTokens(text), 0)).toBeLessThan(8_000);
  expect(Buffer.byteLength(JSON.stringify({ texts, structured: result?.structuredContent }))).toBeLessThan(
    200_000,
  );
}

function expectFailure(result: { isError?: boolean; content: { text: string }[] }, code: string): void {
  expect(result.isError).toBe(true);
  expect(result.content[0]?.text).toMatch(new RegExp(`^\\[${code}\\] .+ Next: .+\\.$`, "s"));
}

describe("on a site with texts of any length, an answer stays below 8,000 tokens and 200 kB:", () => {
  it("listSites shortens names, and says how many sites and locales it leaves out", async () => {
    const { structuredContent } = await call("listSites");
    expect(structuredContent.notes).toEqual([
      expect.stringMatching(/^\d+ more locales of .+ are not shown/),
      expect.stringMatching(/^\d+ more sites are not shown/),
    ]);
  });

  it("listFolders goes through all folders, the deepest with the end of its path", async () => {
    const seen = new Map<string, string>();
    let cursor: string | undefined;
    do {
      const { structuredContent } = await call("listFolders", { limit: 1_000, ...(cursor && { cursor }) });
      for (const { id, path } of structuredContent.folders) seen.set(id, path);
      cursor = structuredContent.nextCursor;
      expect(cursor?.length ?? 0).toBeLessThan(1_500);
    } while (cursor !== undefined);
    expect(seen.size).toBe(80);
    expect([...seen.values()].some((path) => /^0 a green.*….*$/s.test(path))).toBe(true);
  });

  it.each(["listAssets", "showGallery"])("%s goes through all assets", async (name) => {
    const seen = new Set<string>();
    let cursor: string | undefined;
    do {
      const { structuredContent } = await call(name, { limit: 200, ...(cursor && { cursor }) });
      for (const { id } of structuredContent.assets) seen.add(id);
      cursor = structuredContent.nextCursor;
    } while (cursor !== undefined);
    expect([...seen].sort()).toEqual([...ids].sort());
  });

  it("getAsset of each", async () => {
    for (const assetId of ids.slice(0, TEXTS.length)) {
      expect((await call("getAsset", { assetId })).structuredContent.asset.id).toBe(assetId);
    }
  });

  it("viewAsset of one, and of twelve", async () => {
    for (const args of [{ assetId: ids[5] }, { assetIds: ids.slice(0, 12) }]) {
      const { content } = await call("viewAsset", args);
      expect(content[0].type).toBe("image");
    }
  });

  it("findUses and auditAssets", async () => {
    const { structuredContent } = await call("findUses", { limit: 200 });
    expect(structuredContent.assets[0].verdict).toBe("used");
    await call("auditAssets");
  });

  it("deleteAssets, with the pages that use them and with what it would delete", async () => {
    expect((await call("deleteAssets", { assetIds: ids })).structuredContent.failed).toHaveLength(ASSETS);
    expectFailure(await call("deleteAssets", { assetIds: ids, evenIfUsed: true }), "CONFIRMATION_REQUIRED");
  });

  it("updateAssets, with the texts of before", async () => {
    const updates = ids.map((assetId) => ({ assetId, altText: "x", displayName: "y" }));
    const { updated, before } = (await call("updateAssets", { updates })).structuredContent;
    expect([updated.length, before.length]).toEqual([ASSETS, ASSETS]);
  });

  it("syncFolder, with names that it refuses", async () => {
    const { structuredContent } = await call("syncFolder", { directory: files.root, folder: "Mirror" });
    expect(structuredContent.plan.refused).toBe(60);
  });

  it("the resources", async () => {
    for (const uri of [`sites/${emulator.siteId}/folders`, `assets/${ids[0]}`]) {
      expectSmall(await server.request("resources/read", { uri: `webflow-assets://${uri}` }));
    }
  });

  it("completions", async () => {
    const ref = { type: "ref/prompt", name: "organizeAssets" };
    const argument = { name: "request", value: "1" };
    const { result } = await server.request("completion/complete", { ref, argument });
    expect(result.completion.values.length).toBeGreaterThan(0);
    expect(countTokens(JSON.stringify(result))).toBeLessThan(8_000);
  });
});

describe("for arguments of any length, an answer stays below 8,000 tokens and 200 kB:", () => {
  const endless = "x".repeat(50_000);
  const hundred = Array.from({ length: 100 }, (_, index) => index);

  it.each([
    ["listAssets", { folder: endless }, "FOLDER_NOT_FOUND"],
    ["listAssets", { type: endless }, "INVALID_INPUT"],
    ["listAssets", { [endless]: 1, cursor: endless }, "INVALID_INPUT"],
    ["listAssets", { locale: endless }, "INVALID_INPUT"],
    ["listAssets", { siteId: endless }, "INVALID_INPUT"],
    ["listFolders", { cursor: endless }, "INVALID_INPUT"],
    ["getAsset", { assetId: endless }, "INVALID_INPUT"],
    ["ensureFolder", { path: endless }, "INVALID_INPUT"],
    ["uploadAsset", { source: endless }, "INVALID_INPUT"],
    ["uploadAsset", { source: `https://example.invalid/${endless}` }, "[A-Z_]+"],
    ["uploadStatus", { job: endless }, "JOB_NOT_FOUND"],
    ["syncFolder", { directory: endless, folder: "Mirror" }, "[A-Z_]+"],
    ["findUses", { assetIds: hundred.map((index) => `${index}${endless}`) }, "INVALID_INPUT"],
  ])("%s, case %#", async (name, args, code) => {
    expectFailure(await call(name, args), code);
  });

  it("uploadAssets of what does not exist", async () => {
    const items = hundred.map((index) => ({ source: `${index}${"x".repeat(3_000)}` }));
    expect((await call("uploadAssets", { items })).structuredContent.failed).toBe(100);
  });

  it("updateAssets and deleteAssets of what are no ids", async () => {
    const assetIds = hundred.map((index) => `${index}${"x".repeat(3_000)}`);
    const updates = assetIds.map((assetId) => ({ assetId, altText: "x" }));
    for (const [name, args] of [
      ["updateAssets", { updates }],
      ["deleteAssets", { assetIds }],
    ] as const) {
      expect((await call(name, args)).structuredContent.failed).toHaveLength(100);
    }
  });

  it("a tool, a resource and a prompt that do not exist", async () => {
    await call(endless);
    expectSmall(await server.request("resources/read", { uri: endless }));
    expectSmall(await server.request("prompts/get", { name: endless }));
    expectSmall(await server.request(endless));
  });
});
