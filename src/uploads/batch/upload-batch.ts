import pLimit from "p-limit";
import type { ItemResult } from "../../contract/job-report.js";
import type { UploadAssetsRequest } from "../../contract/upload-assets.js";
import type { ByteBudget, Loan } from "../../core/byte-budget.js";
import { type CallContext, isCancelled } from "../../core/call-context.js";
import { isAssetError } from "../../core/errors.js";
import type { FolderStore } from "../../folders/folder-store.js";
import type { PictureOptimizer } from "../../pictures/optimizer.js";
import type { UploadedAsset, UploadTarget } from "../file-to-upload.js";
import type { Ledger } from "../ledger.js";
import { ledgerKeysOf, optimizedKey } from "../ledger.js";
import type { FilePreparation, PreparedFile } from "../prepare-file.js";
import type { UploadRecall } from "../recall-uploads.js";
import type { ReuseKnown } from "../reuse-known.js";
import type { Uploader } from "../upload-file.js";
import { createBatchPlaces, isAsked } from "./batch-places.js";
import type { HeldFile } from "./file-hold.js";
import { fail } from "./jobs.js";

/** One file of a batch and the folder that it goes to; the root when it names none. */
export type BatchItem = UploadAssetsRequest["items"][number] & {
  /** The folder by its id, instead of `folder`. */
  readonly folderId?: string | undefined;
  /** What was read of it before. */
  readonly held?: HeldFile | undefined;
};

export interface BatchDependencies {
  readonly preparation: FilePreparation;
  readonly optimizer: PictureOptimizer;
  readonly folders: FolderStore;
  readonly uploader: Uploader;
  readonly reuseKnown: ReuseKnown;
  readonly budget: ByteBudget;
  readonly ledger: Ledger;
  /** How many files may sensibly be on their way to the site at once, which changes with what is known of the rate limit. */
  worksAtOnce(): number;
}

export interface Batch {
  readonly siteId: string;
  readonly items: readonly BatchItem[];
  /** One for each item, in the same order; set as they come. */
  readonly results: readonly ItemResult[];
  readonly known: UploadRecall;
  readonly dryRun: boolean;
}

/** What an item came to; `id` and `url` are absent in a plan. */
type Outcome = Pick<ItemResult, "status" | "id" | "url" | "notes">;

type ReadFile = Pick<HeldFile, "sourceMd5" | "prepare">;

/** Files that are read ahead of those on their way, so that their bytes are there when it is their turn to be sent. */
const READ_AHEAD = 30;
/** More at once from one origin would look like an attack on it. */
const READ_AT_ONCE = 48;
/** What makes every other item fail as well. */
const FATAL = ["UNAUTHORIZED", "MISSING_SCOPE", "SITE_NOT_FOUND"] as const;

/**
 * Uploads a batch: files are read, judged and sent beside each other, bounded by count and by bytes; the pace is set by
 * the Data API alone. Equal bytes are uploaded once, equal names kept apart, folders made once. An item that fails stops no
 * other, but for an error that all would meet.
 */
export async function uploadBatch(parts: BatchDependencies, batch: Batch, call: CallContext): Promise<void> {
  const { preparation, optimizer, folders, uploader, reuseKnown, budget, ledger, worksAtOnce } = parts;
  const { siteId, items, results, known, dryRun } = batch;
  const working = pLimit(worksAtOnce() + READ_AHEAD);
  const reading = pLimit(READ_AT_ONCE);
  const sending = pLimit(worksAtOnce());
  const firstOfBytes = new Map<string, Promise<Outcome>>();
  const places = createBatchPlaces(folders, siteId, call);
  /** The progress of a batch is told by files, not by the steps of each; that it waits is told all the same. */
  const quiet: CallContext = {
    ...call,
    progress: (message, done) => {
      if (done === undefined) call.progress(message);
    },
  };
  let fatal: unknown;
  let done = 0;

  function followLimit(): void {
    sending.concurrency = worksAtOnce();
    working.concurrency = worksAtOnce() + READ_AHEAD;
  }

  async function recall(sourceMd5: string, item: BatchItem): Promise<Outcome | undefined> {
    // Texts are set on an asset only after a look at it, which the upload does.
    if (dryRun || item.altText !== undefined || item.displayName !== undefined) return undefined;
    const [key] = ledgerKeysOf(sourceMd5, item.optimize ? await optimizer.recipe() : undefined);
    const existing = key === undefined ? undefined : await known.find(key, call);
    if (!existing) return undefined;
    const tree = await folders.tree(siteId, call);
    const folder = existing.folderId === undefined ? undefined : tree.byId(existing.folderId);
    const elsewhere = isAsked(folder, item)
      ? []
      : [`It lies in ${folder === undefined ? "the root" : `"${folder.path}"`}.`];
    return { status: "reused", id: existing.id, ...urlOf(existing.hostedUrl), notes: elsewhere };
  }

  async function send(target: UploadTarget, file: PreparedFile): Promise<UploadedAsset> {
    if (fatal !== undefined) throw fatal;
    try {
      const asset = await uploader.upload(target, file, quiet);
      // Awaited, so that a process that is killed has forgotten no more than what was under way.
      await ledger.record(siteId, file.ledgerKeys, { id: asset.id, size: file.bytes.length });
      return asset;
    } catch (error) {
      if (isAssetError(error, ...FATAL)) fatal ??= error;
      throw error;
    } finally {
      followLimit();
    }
  }

  /** What can be said without sending anything, or the file that is to be sent. */
  async function prepare(
    read: ReadFile,
    item: BatchItem,
    loan: Loan,
  ): Promise<{ outcome: Outcome } | { file: PreparedFile }> {
    const recalled = await recall(read.sourceMd5, item);
    if (recalled) return { outcome: recalled };
    const file = await read.prepare(quiet);
    if (dryRun) {
      await places.check(item);
      return { outcome: { status: "planned", notes: [...file.notes] } };
    }
    loan.keepOnly(file.bytes.length);
    return { file };
  }

  async function place(file: PreparedFile, item: BatchItem): Promise<Outcome> {
    const known = item.folder === undefined ? undefined : await reuseKnown(siteId, item.folder, file, quiet);
    if (known) return { ...outcomeOf(known), notes: [...file.notes, ...known.notes] };
    const fileName = places.ownName(file.fileName, item);
    const target = { siteId, folder: await places.folderOf(item) };
    followLimit();
    const asset = await sending(() => send(target, { ...file, fileName }));
    const renamed =
      fileName === file.fileName ? [] : [`Uploaded as "${fileName}", because another file has its name.`];
    return {
      ...outcomeOf(asset),
      notes: [...file.notes, ...renamed, ...notesWorthTelling(asset, item)],
    };
  }

  // The source is not held while the file waits for its turn: of a photo, it is most of the memory.
  function uploadFirst(read: ReadFile, item: BatchItem, loan: Loan): Promise<Outcome> {
    return prepare(read, item, loan).then((prepared) =>
      "file" in prepared ? place(prepared.file, item) : prepared.outcome,
    );
  }

  /** Items with the bytes of one that is on its way wait for it, instead of asking Webflow for the same. */
  async function uploadOnce(read: ReadFile, item: BatchItem, loan: Loan): Promise<Outcome> {
    const key = item.optimize ? optimizedKey(read.sourceMd5) : read.sourceMd5;
    const first = firstOfBytes.get(key);
    const outcome = first && (await first.catch(() => undefined));
    if (outcome) {
      const status = dryRun ? "planned" : "reused";
      return { ...outcome, status, notes: ["It has the same bytes as another file of this batch."] };
    }
    const own = uploadFirst(read, item, loan);
    firstOfBytes.set(key, own);
    return own;
  }

  async function read(item: BatchItem, loan: Loan): Promise<ReadFile> {
    if (item.held) return item.held;
    const source = await reading(() => preparation.read(item, quiet, { admit: loan.take }));
    return { sourceMd5: source.md5, prepare: () => preparation.check(source, item, quiet) };
  }

  async function process(item: BatchItem, result: ItemResult): Promise<void> {
    if (call.signal.aborted) return;
    if (fatal !== undefined) return fail(result, fatal);
    try {
      const outcome = await budget.lend(call, async (loan) => uploadOnce(await read(item, loan), item, loan));
      Object.assign(result, outcome, { notes: undefined });
      if (outcome.notes && outcome.notes.length > 0) result.notes = outcome.notes;
      else delete result.notes;
    } catch (error) {
      if (isCancelled(call) && isAssetError(error, "CANCELLED")) return;
      if (isAssetError(error, ...FATAL)) fatal ??= error;
      fail(result, error);
    }
    done += 1;
    call.progress(`${done} of ${items.length} files done`, done, items.length);
  }

  // Read while the first files are, not after them.
  if (items.some(({ folder, folderId }) => folder !== undefined || folderId !== undefined))
    folders.tree(siteId, call).catch(() => {});
  await Promise.all(
    items.map((item, index) => {
      const result = results[index];
      return result && working(() => process(item, result).finally(() => item.held?.release()));
    }),
  );
  await ledger.flush();
}

function outcomeOf({ status, id, url }: UploadedAsset): Outcome {
  return { status, id, url };
}

function urlOf(url: string | undefined): { url?: string } {
  return url === undefined ? {} : { url };
}

/** That an asset was reused is its status already; where it lies is told when it is not where it was asked for. */
function notesWorthTelling({ status, notes, folder }: UploadedAsset, item: BatchItem): readonly string[] {
  return status === "reused" && isAsked(folder, item) ? notes.slice(1) : notes;
}
