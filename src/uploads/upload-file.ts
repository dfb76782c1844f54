import type { CallContext } from "../core/call-context.js";
import { createKeyedQueue } from "../core/keyed-queue.js";
import type { FolderStore } from "../folders/folder-store.js";
import type { ListingCache } from "../library/listing/listing-cache.js";
import type { WebflowClient } from "../webflow/data-api/client.js";
import { createAssetTexts, hasTexts, type KeptTexts, notSet } from "./asset-texts.js";
import {
  type FileToUpload,
  reportStep,
  type UploadedAsset,
  type UploadTarget,
} from "./file/file-to-upload.js";
import { type Claims, NO_CLAIMS } from "./known/claims.js";
import type { AssetRecord, AssetRecords } from "./record/asset-record.js";
import { listNewest } from "./record/list-newest.js";
import { createMakeRecord } from "./record/make-record.js";
import type { UploadInProgress } from "./record/stray-records.js";
import { waitForAsset } from "./record/wait-for-asset.js";
import { createReuseAsset, type ReusedAsset, vanished } from "./reuse-asset.js";
import { createFileStore, type FileStoreDependencies } from "./store-file.js";

/** Takes one file to a finished asset. */
export interface Uploader {
  /**
   * Throws an `AssetError`; then either no record without its bytes is left, or the error names it. The notes name
   * what may be left besides the asset.
   */
  upload(target: UploadTarget, file: FileToUpload, call: CallContext): Promise<UploadedAsset>;
}

export interface UploaderDependencies extends FileStoreDependencies {
  readonly webflow: WebflowClient;
  readonly records: AssetRecords;
  readonly folders: FolderStore;
  readonly listings: Pick<ListingCache, "noteAdded">;
  readonly claims?: Claims | undefined;
}

/** How often a vanished record is created again. */
const ATTEMPTS = 3;

/** Keeps the order of the steps: the record, its file, its texts. */
export function createUploader(parts: UploaderDependencies): Uploader {
  const { webflow, records, folders, listings, claims = NO_CLAIMS, lagMs } = parts;
  const files = createFileStore(parts);
  const texts = createAssetTexts(webflow, lagMs);
  const reuse = createReuseAsset({ ...parts, files, texts });
  const make = createMakeRecord(records, folders, lagMs);
  const inTurn = createKeyedQueue();

  /** `missing` is the record of the previous attempt, which holds the file but is not found. */
  async function upload(
    ongoing: UploadInProgress,
    call: CallContext,
    attempt = 1,
    missing?: AssetRecord,
  ): Promise<UploadedAsset> {
    const { target, file } = ongoing;
    const record = await make(ongoing, call);
    reportStep(call, "registered", "Registered with Webflow");
    if (record.id === missing?.id)
      return finish(webflow, record, uploadedTo(target, notYetFound(file)), call);
    if (!record.isOwn) {
      const reused = await reuse(target, record, file, call);
      if (reused === "vanished" && attempt >= ATTEMPTS) throw vanished(record);
      if (reused === "vanished") return upload(ongoing, call, attempt + 1, record);
      if (reused !== "abandoned") return finish(webflow, record, reused, call);
    }
    if (!record.form && attempt < ATTEMPTS) {
      // Nothing can be sent to it, whoever created it.
      await records.remove(record, { cause: undefined }, call);
      return upload(ongoing, call, attempt + 1);
    }
    const stored = await files.storeOwn(record, ongoing, call);
    if (target.folder) folders.notePlaced(stored.record.id, target.folder);
    const described = await describe(stored.record, ongoing, call);
    if (described !== "vanished") {
      const lost = missing
        ? [`A first record, ${missing.id}, could no longer be found once it held the file.`]
        : [];
      const notes = [...stored.notes, ...lost, ...described.notes];
      return finish(webflow, stored.record, uploadedTo(target, { ...described, notes }), call);
    }
    if (attempt >= ATTEMPTS) throw vanished(stored.record);
    return upload(ongoing, call, attempt + 1, stored.record);
  }

  /** Sets the texts or, if anything was uncertain, makes sure that the asset exists. */
  async function describe(
    record: AssetRecord,
    { target, file, unanswered }: UploadInProgress,
    call: CallContext,
  ): Promise<KeptTexts | "vanished"> {
    const isUncertain = unanswered > 0 || (await record.isShared());
    const outcome = await setTextsOrFind(record, file, isUncertain, call);
    if (outcome !== "not found")
      return { altText: outcome.length === 0 ? file.altText : undefined, notes: outcome };
    const listed = await listNewest(webflow, target, call).catch(() => undefined);
    const stands = listed === undefined || listed.some(({ id }) => id === record.id);
    return stands ? notYetFound(file) : "vanished";
  }

  async function setTextsOrFind(
    record: AssetRecord,
    file: FileToUpload,
    isUncertain: boolean,
    call: CallContext,
  ): Promise<readonly string[] | "not found"> {
    if (hasTexts(file)) return texts.set(record, file, call);
    if (!isUncertain) return [];
    const found = await waitForAsset(webflow, record.id, lagMs, call).catch(() => undefined);
    return found === "not found" ? found : [];
  }

  async function uploadClaimed(ongoing: UploadInProgress, call: CallContext): Promise<UploadedAsset> {
    let asset: UploadedAsset;
    try {
      asset = await upload(ongoing, call);
    } catch (error) {
      throw await records.strays.errorWith(ongoing, error, call);
    }
    const left = await records.strays.notesOn(ongoing, asset.id, call);
    return left.length > 0 ? { ...asset, notes: [...asset.notes, ...left] } : asset;
  }

  return {
    upload: (target, file, call) =>
      // Equal bytes one at a time: the second upload finds the asset of the first instead of racing it.
      inTurn(`${target.siteId}/${file.md5}`, call, async () => {
        const claim = await claims.take(target.siteId, file.md5);
        return uploadClaimed(records.begin(target, file, claim), call).finally(claim.release);
      }).finally(() => listings.noteAdded(target.siteId)),
  };
}

async function finish(
  webflow: WebflowClient,
  { id, fileName, contentType, urls: [known] }: AssetRecord,
  { status, folder, altText, notes }: ReusedAsset,
  call: CallContext,
): Promise<UploadedAsset> {
  // The upload stands, whether or not its URL can be read.
  const url = known ?? (await webflow.getAsset(id, call).catch(() => undefined))?.hostedUrl ?? "";
  const allNotes = url === "" ? [...notes, "Its URL could not be read yet; getAsset returns it."] : notes;
  return { status, id, fileName, contentType, url, folder, altText: altText || undefined, notes: allNotes };
}

function uploadedTo({ folder }: UploadTarget, { altText, notes }: KeptTexts): ReusedAsset {
  return { status: "uploaded", folder, altText, notes };
}

function notYetFound(file: FileToUpload): KeptTexts {
  const note = hasTexts(file)
    ? notSet(file)
    : "The file is uploaded, but Webflow does not find its asset yet.";
  return { altText: undefined, notes: [note] };
}
