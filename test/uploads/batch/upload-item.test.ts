import { describe, expect, it } from "vitest";
import { createFolderStore } from "../../../src/folders/folder-store.js";
import { type BatchItem, createUploadItem, type ReadFile } from "../../../src/uploads/batch/upload-item.js";
import type { UploadedAsset, UploadTarget } from "../../../src/uploads/file/file-to-upload.js";
import type { PreparedFile } from "../../../src/uploads/file/prepare-file.js";
import { callContext } from "../../builders/call.js";
import { aFolder, foldersInMemory } from "../../builders/folders-in-memory.js";

const TEAM = aFolder("a".repeat(24), "Team", undefined, ["known-there"]);

interface World {
  dryRun?: boolean;
  /** What the ledger knows, by its key. */
  known?: Record<string, string>;
  /** What is reused instead of making a new folder. */
  reused?: Partial<UploadedAsset>;
  /** How the asset differs from a new one. */
  sent?: Partial<UploadedAsset>;
  /** How many attempts to send fail before one succeeds. */
  failures?: number;
}

/** Items of one batch, what of them was sent, and how much memory each kept. */
function aBatch({ dryRun = false, known = {}, reused, sent = {}, failures = 0 }: World = {}) {
  const site = foldersInMemory(TEAM);
  const folders = createFolderStore(site.webflow, { attempts: 1, baseMs: 0, capMs: 0 }, 1);
  const sends: { fileName: string; folder: string | undefined }[] = [];
  const kept: string[] = [];
  let prepared = 0;
  const asset = (name: string): UploadedAsset => ({
    status: "uploaded",
    id: `new ${name}`,
    fileName: name,
    contentType: "image/png",
    url: `https://cdn.example/${name}`,
    folder: undefined,
    altText: undefined,
    notes: [],
  });
  const send = async ({ folder }: UploadTarget, { fileName }: PreparedFile) => {
    sends.push({ fileName, folder: folder?.path });
    await Promise.resolve();
    if (sends.length <= failures) throw new Error("not this time");
    return { ...asset(fileName), folder, ...sent };
  };
  const upload = createUploadItem(
    {
      optimizer: { recipe: async () => "recipe 1" } as never,
      folders,
      reuseKnown: async () => reused && { ...asset("known"), status: "reused" as const, ...reused },
    },
    {
      siteId: "b".repeat(24),
      dryRun,
      known: {
        find: async (key: string) => {
          const id = known[key];
          return id === undefined ? undefined : ({ id, hostedUrl: `https://cdn.example/${id}` } as never);
        },
        listed: async () => undefined,
      },
    },
    send,
    callContext(),
  );
  const add = (md5: string, more: Partial<BatchItem> = {}, fileName = "a.png") => {
    const read: ReadFile = {
      sourceMd5: md5,
      prepare: async () => {
        prepared += 1;
        return { bytes: Buffer.alloc(7), fileName, notes: ["noted"] } as never;
      },
    };
    const loan = {
      take: async () => {},
      keepOnly: (bytes: number) => kept.push(`only ${bytes}`),
      keepWaiting: (bytes: number) => kept.push(`waiting ${bytes}`),
    };
    return upload(read, { source: fileName, ...more }, loan);
  };
  return { add, sends, kept, site, prepared: () => prepared };
}

describe("a file of a batch", () => {
  it("is sent to its folder, and told with its notes", async () => {
    const { add, sends } = aBatch({ sent: { notes: ["on the way"] } });
    expect(await add("1", { folder: "Team" })).toEqual({
      status: "uploaded",
      id: "new a.png",
      url: "https://cdn.example/a.png",
      notes: ["noted", "on the way"],
    });
    await add("2", { folderId: TEAM.id }, "b.png");
    await add("3", {}, "c.png");
    expect(sends.map(({ folder }) => folder)).toEqual(["Team", "Team", undefined]);
  });

  it("gets a name of its own where another one of the folder has it, and says so", async () => {
    const { add, sends } = aBatch();
    await add("1");
    const { notes } = await add("2");
    await add("3", { folder: "Team" });
    expect(sends.map(({ fileName }) => fileName)).toEqual(["a.png", "a-2.png", "a.png"]);
    expect(notes).toEqual(["noted", 'Uploaded as "a-2.png", because another file has its name.']);
  });

  it("is kept in memory while it waits for its turn, apart from its source where it was optimized", async () => {
    const { add, kept } = aBatch();
    await add("1");
    await add("2", { optimize: true });
    expect(kept).toEqual(["only 7", "waiting 7"]);
  });

  it("is not sent where the site has its bytes and its folder does not exist yet", async () => {
    const { add, sends, site } = aBatch({ reused: { notes: ["it lies elsewhere"] } });
    expect(await add("1", { folder: "New" })).toEqual({
      status: "reused",
      id: "new known",
      url: "https://cdn.example/known",
      notes: ["noted", "it lies elsewhere"],
    });
    expect(sends).toEqual([]);
    expect(site.folders).toEqual([TEAM]);
    // Nothing can be known of the root, which exists.
    expect(await add("2")).toMatchObject({ status: "uploaded" });
  });

  it("that is reused where it was asked for does not say so twice", async () => {
    const sent = { status: "reused", notes: ["It was there already.", "Its alt text was set."] } as const;
    const inPlace = aBatch({ sent });
    expect((await inPlace.add("1", { folder: "Team" })).notes).toEqual(["noted", "Its alt text was set."]);
    const elsewhere = aBatch({ sent: { ...sent, folder: undefined } });
    expect((await elsewhere.add("1", { folder: "Team" })).notes).toEqual(["noted", ...sent.notes]);
    const uploaded = aBatch({ sent: { notes: sent.notes } });
    expect((await uploaded.add("1", { folder: "Team" })).notes).toEqual(["noted", ...sent.notes]);
  });
});

describe("equal bytes in a batch", () => {
  it("are sent once, also while they are on their way", async () => {
    const { add, sends, prepared } = aBatch();
    const [first, second] = await Promise.all([add("1", {}, "a.png"), add("1", { folder: "Team" }, "b.png")]);
    expect(first.status).toBe("uploaded");
    expect(second).toEqual({ ...first, status: "reused", notes: [expect.stringContaining("same bytes")] });
    expect(sends).toHaveLength(1);
    expect(prepared()).toBe(1);
  });

  it("are other bytes where only one of them is optimized", async () => {
    const { add, sends } = aBatch();
    await Promise.all([add("1"), add("1", { optimize: true })]);
    expect(sends).toHaveLength(2);
  });

  it("are sent by the second where the first failed", async () => {
    const { add, sends } = aBatch({ failures: 1 });
    const [first, second] = await Promise.allSettled([add("1"), add("1")]);
    expect([first?.status, second?.status]).toEqual(["rejected", "fulfilled"]);
    expect(second).toMatchObject({ value: { status: "uploaded" } });
    expect(sends).toHaveLength(2);
    expect(await add("1")).toMatchObject({ status: "reused" });
  });
});

describe("a file that the ledger knows", () => {
  it("is reused without being checked or sent, and its place told where another was asked for", async () => {
    const { add, sends, prepared } = aBatch({ known: { 1: "known-there", 2: "known-in-root" } });
    const there = { status: "reused", id: "known-there", url: "https://cdn.example/known-there" };
    expect(await add("1", { folder: "Team" })).toEqual({ ...there, notes: [] });
    expect(await add("2")).toMatchObject({ id: "known-in-root", notes: [] });
    expect([sends, prepared()]).toEqual([[], 0]);
  });

  it.each([
    ["1", {}, 'It lies in "Team".'],
    ["2", { folder: "Team" }, "It lies in the root."],
    ["2", { folderId: TEAM.id }, "It lies in the root."],
  ])("says where it lies, if that is not where it was asked for: %s, %o", async (md5, asked, note) => {
    const { add } = aBatch({ known: { 1: "known-there", 2: "known-in-root" } });
    expect((await add(md5, asked)).notes).toEqual([note]);
  });

  it("is known by its source and the recipe where it is optimized", async () => {
    const known = { "1 optimized by recipe 1": "known-there" };
    expect(await aBatch({ known }).add("1", { optimize: true })).toMatchObject({ status: "reused" });
    expect(await aBatch({ known }).add("1")).toMatchObject({ status: "uploaded" });
    expect(await aBatch({ known: { 1: "x" } }).add("1", { optimize: true })).toMatchObject({
      status: "uploaded",
    });
  });

  it.each([
    { altText: "" },
    { displayName: "A" },
  ])("goes through an upload where its texts are to be set: %o", async (texts) => {
    const { add, prepared } = aBatch({ known: { 1: "known-there" } });
    expect(await add("1", texts)).toMatchObject({ status: "uploaded" });
    expect(prepared()).toBe(1);
  });
});

describe("a plan of a batch", () => {
  it("sends nothing, makes no folder, and tells the notes of every file", async () => {
    const { add, sends, site, kept } = aBatch({ dryRun: true, known: { 1: "known-there" } });
    expect(await add("1", { folder: "New" })).toEqual({
      status: "planned",
      notes: ["noted", expect.stringContaining('"New" would be created')],
    });
    expect(sends).toEqual([]);
    expect(kept).toEqual([]);
    expect(site.folders).toEqual([TEAM]);
  });

  it("tells of equal bytes as the upload would", async () => {
    const { add } = aBatch({ dryRun: true });
    await add("1");
    expect(await add("1")).toEqual({ status: "planned", notes: [expect.stringContaining("same bytes")] });
  });

  it("fails where the folder could not be made or found", async () => {
    const { add } = aBatch({ dryRun: true });
    await expect(add("1", { folder: "wide " })).rejects.toMatchObject({ code: "INVALID_INPUT" });
    await expect(add("2", { folderId: "c".repeat(24) })).rejects.toMatchObject({ code: "FOLDER_NOT_FOUND" });
  });
});
