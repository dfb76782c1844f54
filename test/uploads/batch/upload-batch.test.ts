import { describe, expect, it } from "vitest";
import type { ItemResult } from "../../../src/contract/job-report.js";
import type { UploadAssetsRequest } from "../../../src/contract/upload-assets.js";
import type { CallContext } from "../../../src/core/call-context.js";
import { AssetError, type ErrorCode } from "../../../src/core/errors.js";
import { createByteBudget } from "../../../src/core/memory/byte-budget.js";
import { createFolderStore } from "../../../src/folders/folder-store.js";
import type { JobWork } from "../../../src/uploads/batch/job.js";
import { createBatchUploads, startBatch } from "../../../src/uploads/batch/upload-assets.js";
import type { BatchItem } from "../../../src/uploads/batch/upload-item.js";
import type { UploadTarget } from "../../../src/uploads/file/file-to-upload.js";
import type { FileRequest, PreparedFile, ReadOptions } from "../../../src/uploads/file/prepare-file.js";
import { callContext } from "../../builders/call.js";
import { aFolder, foldersInMemory } from "../../builders/folders-in-memory.js";

const TEAM = aFolder("a".repeat(24), "Team");

interface World {
  /** What happens while a file is sent; it may throw. */
  onSend?: (fileName: string) => void | Promise<void>;
  /** What happens while a file is read; it may throw. */
  onRead?: (source: string) => void;
  worksAtOnce?: () => number;
  notes?: string[];
}

/** Batches whose jobs run to their end in the call that starts them, and what was read, sent and recorded. */
function aWorld({ onSend, onRead, worksAtOnce = () => 4, notes = [] }: World = {}) {
  const site = foldersInMemory(TEAM);
  const folders = createFolderStore(site.webflow, { attempts: 1, baseMs: 0, capMs: 0 }, 1);
  const read: FileRequest[] = [];
  const admitted: number[] = [];
  const sent: { fileName: string; folder: string | undefined }[] = [];
  const recorded: unknown[] = [];
  let results: ItemResult[] = [];
  let most = 0;
  let now = 0;
  const parts = {
    sites: { resolve: async (id?: string) => id ?? "site" },
    folders,
    listings: {},
    optimizer: { recipe: async () => "recipe" },
    reuseKnown: async () => undefined,
    budget: createByteBudget(1_000),
    pictureBudget: createByteBudget(1_000),
    worksAtOnce,
    ledger: {
      find: async () => undefined,
      record: async (...entry: unknown[]) => recorded.push(entry),
      flush: async () => {},
    },
    preparation: {
      async read(item: FileRequest, call: CallContext, { admit }: ReadOptions = {}) {
        read.push(item);
        call.progress("Read 10 bytes", 1, 6);
        call.progress("Waiting for the rate limit");
        onRead?.(item.source);
        await admit?.(10);
        if (admit) admitted.push(10);
        return { bytes: Buffer.alloc(10), md5: `md5 of ${item.source}` };
      },
      check: async (_: unknown, { source }: FileRequest) => prepared(source),
    },
    uploader: {
      async upload({ folder }: UploadTarget, { fileName }: PreparedFile) {
        sent.push({ fileName, folder: folder?.path });
        now += 1;
        most = Math.max(most, now);
        try {
          await new Promise(setImmediate);
          await onSend?.(fileName);
          return { status: "uploaded", id: `id of ${fileName}`, url: "u", folder, notes };
        } finally {
          now -= 1;
        }
      },
    },
    jobs: {
      async start(started: ItemResult[], work: JobWork, call: CallContext) {
        results = started;
        await work(call);
        return { results: started };
      },
      wait: async (job: string) => ({ waited: job }),
      page: (job: string, cursor: string) => ({ page: [job, cursor] }),
      cancel: async (job: string) => ({ cancelled: job }),
    },
  } as never;
  const prepared = (source: string): PreparedFile =>
    ({ fileName: source, md5: source, bytes: Buffer.alloc(5), ledgerKeys: [source], notes: [] }) as never;
  const batches = createBatchUploads(parts);
  const upload = async (request: UploadAssetsRequest, call = callContext()) => {
    await batches.uploadAssets(request, call);
    return results;
  };
  const start = async (items: BatchItem[], call = callContext()) => {
    const names = items.map(({ source }) => source);
    await startBatch(parts, { items, names, dryRun: false, site: async () => "site" }, call);
    return results;
  };
  return { batches, upload, start, prepared, read, admitted, sent, recorded, site, most: () => most };
}

function files(count: number): UploadAssetsRequest["items"] {
  return Array.from({ length: count }, (_, index) => ({ source: `${index}.png` }));
}

const failing = (code: ErrorCode) => () => {
  throw new AssetError(code, "No", "do something else");
};

describe("what a batch says for all of its files", () => {
  it("is its folder, for those that name none", async () => {
    const { upload, sent } = aWorld();
    await upload({ items: [{ source: "a.png" }, { source: "b.png", folder: "Own" }], folder: "Team" });
    expect(sent).toEqual([
      { fileName: "a.png", folder: "Team" },
      { fileName: "b.png", folder: "Own" },
    ]);
    const byId = aWorld();
    await byId.upload({
      items: [{ source: "a.png" }, { source: "b.png", folder: "Own" }],
      folderId: TEAM.id,
    });
    expect(byId.sent.map(({ folder }) => folder)).toEqual(["Team", "Own"]);
  });

  it("is whether to optimize, for those that do not say it", async () => {
    const items = [{ source: "a" }, { source: "b", optimize: false }, { source: "c", optimize: true }];
    const { upload, read } = aWorld();
    await upload({ items, optimize: true });
    await upload({ items });
    expect(read.map(({ optimize }) => optimize)).toEqual([true, false, true, undefined, false, true]);
  });

  it("is that it is a plan, which sends nothing", async () => {
    const { upload, sent } = aWorld();
    const results = await upload({ items: files(2), dryRun: true });
    expect(results).toEqual([
      { source: "0.png", status: "planned" },
      { source: "1.png", status: "planned" },
    ]);
    expect(sent).toEqual([]);
  });

  it("is refused before anything is read where its folder is impossible", async () => {
    const { upload, read } = aWorld();
    await expect(upload({ items: files(1), folder: "a//b" })).rejects.toMatchObject({
      code: "INVALID_INPUT",
    });
    expect(read).toEqual([]);
  });
});

describe("the files of a batch", () => {
  it("are told with ids, addresses and notes, where there are any", async () => {
    const plain = await aWorld().upload({ items: files(1) });
    expect(plain).toEqual([{ source: "0.png", status: "uploaded", id: "id of 0.png", url: "u" }]);
    const [noted] = await aWorld({ notes: ["on the way"] }).upload({ items: files(1) });
    expect(noted?.notes).toEqual(["on the way"]);
  });

  it("are called by their source, of which a data: URI is only told by its beginning", async () => {
    const data = `data:image/png;base64,${"A".repeat(5_000)}`;
    const sources = ["a/b.png", data, `  ${data}`, "my data: notes.txt"];
    const results = await aWorld().upload({ items: sources.map((source) => ({ source })) });
    expect(results.map(({ source }) => source)).toEqual([
      "a/b.png",
      `data:image/png;base64,AAAAAAAA... (${data.length} characters)`,
      expect.stringMatching(/^data:image\/png;base64,A{8,10}\.\.\. \(\d+ characters\)$/),
      "my data: notes.txt",
    ]);
  });

  it("are remembered one by one, by the bytes that were sent", async () => {
    const { upload, recorded } = aWorld();
    await upload({ items: files(2), siteId: "other site" });
    expect(recorded).toEqual([
      ["other site", ["0.png"], { id: "id of 0.png", size: 5 }],
      ["other site", ["1.png"], { id: "id of 1.png", size: 5 }],
    ]);
  });

  it("take no more memory at once than there is", async () => {
    const { upload, admitted } = aWorld();
    const results = await upload({ items: files(150) });
    expect(results.every(({ status }) => status === "uploaded")).toBe(true);
    expect(admitted).toHaveLength(150);
  });

  it("that were read before are not read again, and released whatever becomes of them", async () => {
    const { start, prepared, read } = aWorld({
      onSend: (name) => void (name === "b" && failing("WEBFLOW_REJECTED")()),
    });
    const released: string[] = [];
    const item = (source: string): BatchItem => ({
      source,
      held: {
        sourceMd5: source,
        prepare: async () => prepared(source),
        release: () => released.push(source),
      },
    });
    const results = await start([item("a"), item("b"), { source: "c" }]);
    expect(results.map(({ status }) => status)).toEqual(["uploaded", "failed", "uploaded"]);
    expect(read.map(({ source }) => source)).toEqual(["c"]);
    expect(released.sort()).toEqual(["a", "b"]);
  });

  it("are sent as many at once as the rate limit allows, also when that turns out to be more", async () => {
    let limit = 1;
    const world = aWorld({
      worksAtOnce: () => limit,
      onSend: () => {
        limit = 3;
      },
    });
    await world.upload({ items: files(12) });
    expect(world.most()).toBe(3);
    const narrow = aWorld({ worksAtOnce: () => 2 });
    await narrow.upload({ items: files(12) });
    expect(narrow.most()).toBe(2);
  });

  it("find the folders read already, if one of them names any", async () => {
    for (const request of [
      { items: files(1) },
      { items: [...files(1), { source: "a", folder: "Team" }] },
      { items: files(1), folderId: TEAM.id },
    ]) {
      const { upload, site } = aWorld({ onRead: failing("SOURCE_NOT_FOUND") });
      await upload(request);
      expect(site.offsets.length).toBe("folderId" in request || request.items.length > 1 ? 1 : 0);
    }
  });
});

describe("a file that fails", () => {
  it("stops no other, and says why", async () => {
    const { upload } = aWorld({
      worksAtOnce: () => 1,
      onSend: (name) => void (name === "0.png" && failing("WEBFLOW_REJECTED")()),
      onRead: (source) => void (source === "1.png" && failing("SOURCE_NOT_FOUND")()),
    });
    const results = await upload({ items: files(100) });
    expect(results.slice(0, 3).map(({ status }) => status)).toEqual(["failed", "failed", "uploaded"]);
    expect(results.filter(({ status }) => status === "uploaded")).toHaveLength(98);
    expect(results[0]?.error).toBe("[WEBFLOW_REJECTED] No. Next: do something else.");
  });

  it.each([
    "UNAUTHORIZED",
    "MISSING_SCOPE",
    "SITE_NOT_FOUND",
  ] as const)("with %s, which all would meet, is the last that is sent", async (code) => {
    const { upload, sent } = aWorld({ worksAtOnce: () => 1, onSend: failing(code) });
    const results = await upload({ items: files(5) });
    expect(sent).toHaveLength(1);
    for (const { status, error } of results)
      expect([status, error?.startsWith(`[${code}]`)]).toEqual(["failed", true]);
  });

  it("before it is sent with what all would meet keeps the others from being read", async () => {
    const { upload, read } = aWorld({ onRead: failing("SITE_NOT_FOUND"), worksAtOnce: () => 1 });
    const results = await upload({ items: files(200) });
    expect(results.every(({ status }) => status === "failed")).toBe(true);
    expect(read.length).toBeLessThan(100);
  });
});

describe("a batch that is cancelled", () => {
  it("leaves what was not done pending, and reads nothing more", async () => {
    const cancel = new AbortController();
    const { upload, read } = aWorld({
      worksAtOnce: () => 1,
      onRead: () => {
        if (cancel.signal.aborted) failing("CANCELLED")();
        cancel.abort();
        failing("CANCELLED")();
      },
    });
    const results = await upload({ items: files(200) }, callContext({ signal: cancel.signal }));
    expect(results.every(({ status }) => status === "pending")).toBe(true);
    expect(read.length).toBeLessThan(100);
  });

  it("still tells what failed for another reason, such as a record that could not be removed", async () => {
    const cancel = new AbortController();
    const { upload } = aWorld({
      onSend: () => {
        cancel.abort();
        failing("UPLOAD_INCOMPLETE")();
      },
    });
    const [result] = await upload({ items: files(1) }, callContext({ signal: cancel.signal }));
    expect(result).toMatchObject({ status: "failed", error: expect.stringContaining("[UPLOAD_INCOMPLETE]") });
  });

  it("is not one whose file was declined by itself", async () => {
    const [result] = await aWorld({ onSend: failing("CANCELLED") }).upload({ items: files(1) });
    expect(result?.status).toBe("failed");
  });
});

describe("the progress of a batch", () => {
  it("counts files, and passes on pauses, but not the steps of each file", async () => {
    const told: unknown[][] = [];
    const call = callContext({ progress: (...step) => told.push(step) });
    const { upload } = aWorld();
    await upload({ items: files(2) }, call);
    expect(told.filter((step) => step.length > 1)).toEqual([
      ["1 of 2 files done", 1, 2],
      ["2 of 2 files done", 2, 2],
    ]);
    const pause = ["Waiting for the rate limit"];
    expect(told.filter((step) => step.length === 1)).toEqual([pause, pause]);
  });
});

describe("the status of a job", () => {
  it("is waited for, read page by page, or its end", async () => {
    const { batches } = aWorld();
    const ask = (request: Parameters<typeof batches.uploadStatus>[0]) =>
      batches.uploadStatus(request, callContext());
    expect(await ask({ job: "j" })).toEqual({ waited: "j" });
    expect(await ask({ job: "j", cursor: "c" })).toEqual({ page: ["j", "c"] });
    expect(await ask({ job: "j", cancel: true, cursor: "c" })).toEqual({ cancelled: "j" });
  });
});
