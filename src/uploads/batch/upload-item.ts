import type { ItemResult } from "../../contract/job-report.js";
import type { UploadAssetsRequest } from "../../contract/upload-assets.js";
import type { CallContext } from "../../core/call-context.js";
import type { Loan } from "../../core/memory/byte-budget.js";
import type { FolderStore } from "../../folders/folder-store.js";
import type { PictureOptimizer } from "../../pictures/optimizer.js";
import type { UploadedAsset, UploadTarget } from "../file/file-to-upload.js";
import type { PreparedFile } from "../file/prepare-file.js";
import { ledgerKeysOf, optimizedKey } from "../known/ledger.js";
import type { UploadRecall } from "../known/recall-uploads.js";
import type { ReuseKnown } from "../reuse-known.js";
import { createBatchPlaces, isAsked } from "./batch-places.js";
import type { HeldFile } from "./file-hold.js";

/** One file of a batch and the folder that it goes to; the root if it names none. */
export type BatchItem = UploadAssetsRequest["items"][number] & {
  /** The folder by its id, instead of `folder`. */
  readonly folderId?: string | undefined;
  /** What was already read of it. */
  readonly held?: HeldFile | undefined;
};

/** The outcome for an item; `id` and `url` are absent in a plan. */
export type ItemOutcome = Pick<ItemResult, "status" | "id" | "url" | "notes">;

export type ReadFile = Pick<HeldFile, "sourceMd5" | "prepare">;

/** Takes one file of a batch, once it has been read, to its outcome. Throws what its upload throws. */
export type UploadItem = (read: ReadFile, item: BatchItem, loan: Loan) => Promise<ItemOutcome>;

export interface UploadItemDependencies {
  readonly optimizer: PictureOptimizer;
  readonly folders: FolderStore;
  readonly reuseKnown: ReuseKnown;
}

/** What all items of a batch share. */
export interface BatchScope {
  readonly siteId: string;
  readonly known: UploadRecall;
  readonly dryRun: boolean;
}

/** Sends a file when its turn has come. */
export type SendFile = (target: UploadTarget, file: PreparedFile) => Promise<UploadedAsset>;

/** Within one batch, equal bytes are uploaded once, equal names are kept apart, and folders are created once. */
export function createUploadItem(
  { optimizer, folders, reuseKnown }: UploadItemDependencies,
  { siteId, known, dryRun }: BatchScope,
  send: SendFile,
  call: CallContext,
): UploadItem {
  const firstOfBytes = new Map<string, Promise<ItemOutcome>>();
  const places = createBatchPlaces(folders, siteId, call);

  async function recall(sourceMd5: string, item: BatchItem): Promise<ItemOutcome | undefined> {
    // Texts are set only after a look at the asset, which is up to the upload.
    if (dryRun || item.altText !== undefined || item.displayName !== undefined) return undefined;
    const [key] = ledgerKeysOf(sourceMd5, item.optimize ? await optimizer.recipe() : undefined);
    const existing = key === undefined ? undefined : await known.find(key, call);
    if (!existing) return undefined;
    const folder = (await folders.tree(siteId, call)).folderOf(existing);
    const elsewhere = isAsked(folder, item)
      ? []
      : [`It lies in ${folder === undefined ? "the root" : `"${folder.path}"`}.`];
    return { status: "reused", id: existing.id, url: existing.hostedUrl, notes: elsewhere };
  }

  /** What can be said without sending anything, or else the file to send. */
  async function prepare(
    read: ReadFile,
    item: BatchItem,
    loan: Loan,
  ): Promise<{ outcome: ItemOutcome } | { file: PreparedFile }> {
    const recalled = await recall(read.sourceMd5, item);
    if (recalled) return { outcome: recalled };
    const file = await read.prepare(call);
    if (dryRun) {
      await places.check(item);
      return { outcome: { status: "planned", notes: [...file.notes, ...places.notesOn(item)] } };
    }
    if (item.optimize) loan.keepWaiting(file.bytes.length);
    else loan.keepOnly(file.bytes.length);
    return { file };
  }

  async function place(file: PreparedFile, item: BatchItem): Promise<ItemOutcome> {
    const reused = item.folder === undefined ? undefined : await reuseKnown(siteId, item.folder, file, call);
    if (reused) return { ...outcomeOf(reused), notes: [...file.notes, ...reused.notes] };
    const fileName = places.ownName(file.fileName, item);
    const target = { siteId, folder: await places.folderOf(item), listed: known.listed };
    const asset = await send(target, { ...file, fileName });
    const renamed =
      fileName === file.fileName ? [] : [`Uploaded as "${fileName}", because another file has its name.`];
    return {
      ...outcomeOf(asset),
      notes: [...file.notes, ...places.notesOn(item), ...renamed, ...notesWorthTelling(asset, item)],
    };
  }

  // The source is not held while the file waits for its turn: for a photo, it is most of the memory.
  function uploadFirst(read: ReadFile, item: BatchItem, loan: Loan): Promise<ItemOutcome> {
    return prepare(read, item, loan).then((prepared) =>
      "file" in prepared ? place(prepared.file, item) : prepared.outcome,
    );
  }

  /** An item with the same bytes as one in progress waits for that one, instead of asking Webflow twice. */
  return async (read, item, loan) => {
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
  };
}

function outcomeOf({ status, id, url }: UploadedAsset): ItemOutcome {
  return { status, id, url };
}

/** The status already says that an asset was reused; its place is noted if it is not the requested one. */
function notesWorthTelling({ status, notes, folder }: UploadedAsset, item: BatchItem): readonly string[] {
  return status === "reused" && isAsked(folder, item) ? notes.slice(1) : notes;
}
