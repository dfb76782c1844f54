import { type CallContext, interruptionError } from "../core/call-context.js";
import { AssetError } from "../core/errors.js";
import { createKeyedQueue } from "../core/keyed-queue.js";
import type { FolderStore } from "../folders/folder-store.js";
import type { WebflowClient } from "../webflow/client.js";
import { isNotFound } from "../webflow/error-mapping.js";
import type { AssetRecord, AssetRecords } from "./asset-record.js";
import { createAssetTexts } from "./asset-texts.js";
import { type FileToUpload, UPLOAD_STEPS, type UploadedAsset, type UploadTarget } from "./file-to-upload.js";
import { createReuseAsset, type ReusedAsset, vanished } from "./reuse-asset.js";
import { createFileStore, type FileStoreDependencies } from "./store-file.js";

/** Brings one file to a finished asset. */
export interface Uploader {
  /** Throws an `AssetError`; whatever it throws, no record without its bytes is left (else UPLOAD_INCOMPLETE names it). */
  upload(target: UploadTarget, file: FileToUpload, call: CallContext): Promise<UploadedAsset>;
}

export interface UploaderDependencies extends FileStoreDependencies {
  readonly webflow: WebflowClient;
  readonly records: AssetRecords;
  readonly folders: FolderStore;
}

/** How often a record is made anew when it vanished. */
const ATTEMPTS = 3;

/** The order of the steps: the record, its file, its texts. */
export function createUploader(parts: UploaderDependencies): Uploader {
  const { webflow, records, folders } = parts;
  const files = createFileStore(parts);
  const texts = createAssetTexts(webflow);
  const reuse = createReuseAsset({ ...parts, files, texts });
  const inTurn = createKeyedQueue();

  async function upload(
    target: UploadTarget,
    file: FileToUpload,
    call: CallContext,
    attempt = 1,
  ): Promise<UploadedAsset> {
    const record = await makeRecord(target, file, call);
    call.progress("Registered with Webflow", UPLOAD_STEPS.registered, UPLOAD_STEPS.verified);
    if (!record.isOwn) return finished(record, await reuse(target, record, file, call), call);
    if (!record.form && attempt < ATTEMPTS) {
      // Made by an attempt whose answer was lost, and not told again how to send its bytes.
      await records.remove(record, undefined, call);
      return upload(target, file, call, attempt + 1);
    }
    const stored = await files.storeOwn(target, record, file, call);
    if (target.folder) folders.notePlaced(stored.id, target.folder);
    const notes = await texts.set(stored, file, call);
    if (notes !== "gone") {
      const { altText } = file;
      return finished(stored, { status: "uploaded", folder: target.folder, altText, notes }, call);
    }
    if (attempt >= ATTEMPTS) throw vanished(stored);
    return upload(target, file, call, attempt + 1);
  }

  async function makeRecord(
    target: UploadTarget,
    file: FileToUpload,
    call: CallContext,
  ): Promise<AssetRecord> {
    let record: AssetRecord;
    try {
      record = await records.make(target, file, call);
    } catch (error) {
      throw target.folder && isNotFound(error) ? await explainMissing(target, error, call) : error;
    }
    if (call.signal.aborted && record.isOwn) {
      const reason = interruptionError(call);
      await records.remove(record, reason, call);
      throw reason;
    }
    return record;
  }

  /** A 404 for a new asset means the site or the folder; Webflow's message need not say which. */
  async function explainMissing(
    { siteId, folder }: UploadTarget,
    error: unknown,
    call: CallContext,
  ): Promise<unknown> {
    const tree = await folders.tree(siteId, call, 0);
    if (!folder || tree.byId(folder.id)) return error;
    return new AssetError(
      "FOLDER_NOT_FOUND",
      `The folder "${folder.path}" (${folder.id}) is no longer on the site`,
      "call again with folder instead of folderId, which makes it anew",
    );
  }

  async function finished(
    { id, fileName, contentType, url }: AssetRecord,
    { status, folder, altText, notes }: ReusedAsset,
    call: CallContext,
  ): Promise<UploadedAsset> {
    const hostedUrl = url ?? (await webflow.getAsset(id, call)).hostedUrl ?? "";
    return {
      status,
      id,
      fileName,
      contentType,
      url: hostedUrl,
      folder,
      altText: altText || undefined,
      notes,
    };
  }

  return {
    upload: (target, file, call) =>
      // Equal bytes one at a time: the second upload finds the asset of the first instead of racing it.
      inTurn(`${target.siteId}/${file.md5}`, call, async () => {
        const asset = await upload(target, file, call);
        const left = await records.tidyUp(target, file, call);
        return left.length > 0 ? { ...asset, notes: [...asset.notes, ...left] } : asset;
      }),
  };
}
