import pLimit from "p-limit";
import type { ItemResult } from "../../contract/job-report.js";
import { type CallContext, isCancelled } from "../../core/call-context.js";
import { isAssetError } from "../../core/errors.js";
import type { ByteBudget, Loan } from "../../core/memory/byte-budget.js";
import type { UploadedAsset, UploadTarget } from "../file/file-to-upload.js";
import type { FilePreparation, PreparedFile } from "../file/prepare-file.js";
import type { Ledger } from "../known/ledger.js";
import type { Uploader } from "../upload-file.js";
import { fail } from "./job.js";
import {
  type BatchItem,
  type BatchScope,
  createUploadItem,
  type ReadFile,
  type UploadItemDependencies,
} from "./upload-item.js";

export interface BatchDependencies extends UploadItemDependencies {
  readonly preparation: FilePreparation;
  readonly uploader: Uploader;
  readonly budget: ByteBudget;
  /** Of pictures that are to be optimized. */
  readonly pictureBudget: ByteBudget;
  readonly ledger: Ledger;
  /** How many files it makes sense to send at once, which changes as the rate limit becomes known. */
  worksAtOnce(): number;
}

export interface Batch extends BatchScope {
  readonly items: readonly BatchItem[];
  /** One for each item, in the same order; set as they come in. */
  readonly results: readonly ItemResult[];
}

/** How many files are read, and optimized, ahead of those being sent: as many as a window of the rate limit may take. */
const READ_AHEAD = 60;
/** More at once from one origin would look like an attack on it. */
const READ_AT_ONCE = 48;
/** Errors that every other item would meet as well. */
const FATAL = ["UNAUTHORIZED", "MISSING_SCOPE", "SITE_NOT_FOUND"] as const;

/**
 * Uploads a batch: files are read, checked and sent concurrently, within limits on their number and bytes; the Data
 * API alone sets the pace. An item that fails does not stop the others, unless all of them would meet the same error.
 */
export async function uploadBatch(parts: BatchDependencies, batch: Batch, call: CallContext): Promise<void> {
  const { preparation, folders, uploader, ledger, worksAtOnce } = parts;
  const { siteId, items, results } = batch;
  const working = pLimit(worksAtOnce() + READ_AHEAD);
  const reading = pLimit(READ_AT_ONCE);
  const sending = pLimit(worksAtOnce());
  const quiet = withoutSteps(call);
  const upload = createUploadItem(parts, batch, sendInTurn, quiet);
  let fatal: unknown;
  let done = 0;

  function followLimit(): void {
    sending.concurrency = worksAtOnce();
    working.concurrency = worksAtOnce() + READ_AHEAD;
  }

  function sendInTurn(target: UploadTarget, file: PreparedFile): Promise<UploadedAsset> {
    followLimit();
    return sending(() => send(target, file));
  }

  async function send(target: UploadTarget, file: PreparedFile): Promise<UploadedAsset> {
    if (fatal !== undefined) throw fatal;
    try {
      const asset = await uploader.upload(target, file, quiet);
      // Awaited, so that a process that is killed has forgotten only what was under way.
      await ledger.record(siteId, file.ledgerKeys, { id: asset.id, size: file.bytes.length });
      return asset;
    } catch (error) {
      if (isAssetError(error, ...FATAL)) fatal ??= error;
      throw error;
    } finally {
      followLimit();
    }
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
      const budget = item.optimize ? parts.pictureBudget : parts.budget;
      const outcome = await budget.lend(call, async (loan) => upload(await read(item, loan), item, loan));
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

  // Read while the first files are being read, not after them.
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

/** The progress of a batch is reported by files, not by the steps of each one; pauses are reported all the same. */
function withoutSteps(call: CallContext): CallContext {
  return {
    ...call,
    progress: (message, done) => {
      if (done === undefined) call.progress(message);
    },
  };
}
