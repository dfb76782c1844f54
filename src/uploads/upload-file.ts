import type { AllowedHost } from "../core/allowed-hosts.js";
import { abortable, type CallContext, interruptionError, isCancelled } from "../core/call-context.js";
import { AssetError, isAssetError } from "../core/errors.js";
import { createKeyedQueue } from "../core/keyed-queue.js";
import type { FolderStore } from "../folders/folder-store.js";
import type { PlacedFolder } from "../folders/folder-tree.js";
import type { WebflowClient } from "../webflow/client.js";
import { isNotFound } from "../webflow/error-mapping.js";
import { FormExpired, type FormPoster } from "../webflow/post-form.js";
import { assertUploadHost } from "../webflow/presigned-form.js";
import type { AssetRecord, AssetRecords } from "./asset-record.js";
import { type FileToUpload, UPLOAD_STEPS, type UploadedAsset, type UploadTarget } from "./file-to-upload.js";
import type { HostedFileComparison, HostedState } from "./hosted-file.js";

/** Brings one file to a finished asset. */
export interface Uploader {
  /** Throws an `AssetError`; whatever it throws, no record without its bytes is left (else UPLOAD_INCOMPLETE names it). */
  upload(target: UploadTarget, file: FileToUpload, call: CallContext): Promise<UploadedAsset>;
}

export interface UploaderDependencies {
  readonly webflow: WebflowClient;
  readonly storage: FormPoster;
  readonly records: AssetRecords;
  readonly folders: FolderStore;
  readonly hostedFiles: HostedFileComparison;
  readonly uploadHosts: readonly AllowedHost[];
}

const STEPS = UPLOAD_STEPS.verified;
/** How often the bytes are sent anew when S3 holds other ones, and a record anew when it vanished. */
const ATTEMPTS = 3;

export function createUploader(parts: UploaderDependencies): Uploader {
  const { webflow, storage, records, folders, hostedFiles, uploadHosts } = parts;
  const inTurn = createKeyedQueue();

  async function upload(
    target: UploadTarget,
    file: FileToUpload,
    call: CallContext,
    attempt = 1,
  ): Promise<UploadedAsset> {
    const record = await makeRecord(target, file, call);
    call.progress("Registered with Webflow", UPLOAD_STEPS.registered, STEPS);
    if (!record.isOwn) return reuse(target, record, file, call);
    if (!record.form && attempt < ATTEMPTS) {
      // Made by an attempt whose answer was lost, and not told again how to send its bytes.
      await records.remove(record, undefined, call);
      return upload(target, file, call, attempt + 1);
    }
    const stored = await storeOrRemove(target, record, file, call);
    if (target.folder) folders.notePlaced(stored.id, target.folder);
    const described = await describe(stored, file, call);
    if (described !== "gone")
      return finished("uploaded", stored, target.folder, file.altText, described, call);
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

  async function storeOrRemove(
    target: UploadTarget,
    made: AssetRecord,
    file: FileToUpload,
    call: CallContext,
  ): Promise<AssetRecord> {
    let record = made;
    try {
      try {
        await store(record, file, call);
      } catch (error) {
        if (!(error instanceof FormExpired)) throw error;
        record = await records.renew(record, target, file, call);
        await store(record, file, call);
      }
      return record;
    } catch (error) {
      if (!record.isOwn) throw error;
      // The last answer may have been lost after the bytes had arrived.
      if (!isCancelled(call) && (await compareHosted(record, file, call)) === "same") return record;
      await records.remove(record, error, call);
      throw error;
    }
  }

  /** Stage 2: sends the bytes until S3, or a look at the hosted file, confirms that they are what was read. */
  async function store(record: AssetRecord, file: FileToUpload, call: CallContext): Promise<void> {
    const { form } = record;
    if (!form) throw noForm(record);
    assertUploadHost(form, uploadHosts);
    const size = file.bytes.length;
    const tell = (sent: number): void =>
      call.progress(`Sent ${sent} of ${size} bytes`, UPLOAD_STEPS.registered + sent / size, STEPS);
    let state: HostedState = "unknown";
    for (let attempt = 1; attempt <= ATTEMPTS; attempt += 1) {
      const { etag, key } = await storage.post(form, file.bytes, file.fileName, call, tell);
      const isConfirmed =
        etag === file.md5 && (key === undefined || form.key === undefined || key === form.key);
      state = isConfirmed ? "same" : await compareHosted(record, file, call);
      if (state === "same") {
        call.progress("Verified", UPLOAD_STEPS.verified, STEPS);
        return;
      }
    }
    throw new AssetError(
      "STORAGE_REJECTED",
      state === "unknown"
        ? "The storage took the file but did not confirm its MD5, and the hosted file could not be looked at"
        : `The storage holds ${state === "missing" ? "no file" : "other bytes"} after ${ATTEMPTS} uploads`,
      "try again in a minute",
    );
  }

  function compareHosted(record: AssetRecord, file: FileToUpload, call: CallContext): Promise<HostedState> {
    return hostedFiles.compare(record.url, { md5: file.md5, size: file.bytes.length }, call);
  }

  /** What an older record really holds: by its hosted file, or where that tells nothing, by the size that Webflow knows. */
  async function lookAt(record: AssetRecord, file: FileToUpload, call: CallContext): Promise<HostedState> {
    const state = await compareHosted(record, file, call);
    if (state !== "unknown") return state;
    try {
      const asset = await webflow.getAsset(record.id, call);
      if ((asset.size ?? 0) === 0) return "missing";
      return asset.size === file.bytes.length ? "same" : "different";
    } catch {
      return "unknown";
    }
  }

  async function reuse(
    target: UploadTarget,
    record: AssetRecord,
    file: FileToUpload,
    call: CallContext,
  ): Promise<UploadedAsset> {
    const state = await abortable(call, lookAt(record, file, call));
    if (state === "missing") return complete(target, record, file, call);
    if (state === "different") throw otherBytes(record, file);
    const folder = await folders.folderOfAsset(target.siteId, record.id, record.ageMs, call);
    const { altText, notes } = await describeReused(record, file, call);
    return finished(
      "reused",
      record,
      folder,
      altText,
      [
        `The site already had these bytes: "${record.fileName}" (${record.id}).`,
        ...(state === "unknown" ? ["Whether its file is really there could not be checked."] : []),
        ...(folder?.id === target.folder?.id ? [] : [liesElsewhere(folder)]),
        ...notes,
      ],
      call,
    );
  }

  /** A record whose upload never finished, somebody's or an earlier one of ours: it gets its bytes now. */
  async function complete(
    target: UploadTarget,
    record: AssetRecord,
    file: FileToUpload,
    call: CallContext,
  ): Promise<UploadedAsset> {
    await store(record, file, call);
    const folder = await folders.folderOfAsset(target.siteId, record.id, record.ageMs, call);
    const described = await describe(record, file, call);
    if (described === "gone") throw vanished(record);
    return finished(
      "uploaded",
      record,
      folder,
      file.altText,
      [
        `An earlier upload of this file had not finished; its record ${record.id} was completed.`,
        ...(folder?.id === target.folder?.id ? [] : [liesElsewhere(folder)]),
        ...described,
      ],
      call,
    );
  }

  /** Sets what was asked for on an asset of our own. Resolves with notes on what could not be set. */
  async function describe(
    record: AssetRecord,
    file: FileToUpload,
    call: CallContext,
  ): Promise<string[] | "gone"> {
    const { displayName, altText } = file;
    if (displayName === undefined && altText === undefined) return [];
    try {
      await webflow.updateAsset(record.id, { displayName, altText }, call);
      return [];
    } catch (error) {
      if (isNotFound(error)) return "gone";
      const what = [altText !== undefined && "alt text", displayName !== undefined && "display name"];
      const names = what.filter((name) => name !== false).join(" and ");
      const why = isAssetError(error) ? error.message : "an unforeseen error";
      return [`The file is uploaded, but its ${names} could not be set (${why}); updateAssets can set it.`];
    }
  }

  /** A reused asset keeps the texts that it has; only what it lacks is set. */
  async function describeReused(
    record: AssetRecord,
    file: FileToUpload,
    call: CallContext,
  ): Promise<{ altText: string | undefined; notes: string[] }> {
    if (file.displayName === undefined && file.altText === undefined)
      return { altText: undefined, notes: [] };
    const asset = await webflow.getAsset(record.id, call);
    const hasAltText = (asset.altText ?? "") !== "";
    const hasDisplayName = !isDefaultName(asset.displayName, asset.originalFileName ?? record.fileName);
    const altText = hasAltText ? undefined : file.altText;
    const displayName = hasDisplayName ? undefined : file.displayName;
    const kept = [
      ...(file.altText !== undefined && hasAltText && asset.altText !== file.altText ? ["alt text"] : []),
      ...(file.displayName !== undefined && hasDisplayName && asset.displayName !== file.displayName
        ? ["display name"]
        : []),
    ];
    const notes = kept.map((what) => `It keeps the ${what} that it has; updateAssets changes it.`);
    if (altText === undefined && displayName === undefined) return { altText: asset.altText, notes };
    const failed = await describe(record, { ...file, altText, displayName }, call);
    if (failed === "gone") throw vanished(record);
    return {
      altText: failed.length === 0 ? (altText ?? asset.altText) : asset.altText,
      notes: [...notes, ...failed],
    };
  }

  async function finished(
    status: UploadedAsset["status"],
    record: AssetRecord,
    folder: PlacedFolder | undefined,
    altText: string | undefined,
    notes: readonly string[],
    call: CallContext,
  ): Promise<UploadedAsset> {
    const { id, fileName, contentType } = record;
    const url = record.url ?? (await webflow.getAsset(id, call)).hostedUrl ?? "";
    return { status, id, fileName, contentType, url, folder, altText: altText || undefined, notes };
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

/** Whether the display name is the one that Webflow gave by itself: the file name, perhaps behind an id. */
function isDefaultName(displayName: string | undefined, fileName: string): boolean {
  return displayName === undefined || displayName.replace(/^[0-9a-f]{24}_/, "") === fileName;
}

function liesElsewhere(folder: PlacedFolder | undefined): string {
  const where = folder ? `the folder "${folder.path}"` : "the root";
  return `It lies in ${where}; Webflow's API cannot move assets, the Designer can.`;
}

function noForm(record: AssetRecord): AssetError {
  return new AssetError(
    "UPLOAD_INCOMPLETE",
    `Webflow has the record ${record.id} for this file, which holds no file, and gave no form to send it with`,
    `call deleteAssets with ${record.id}, then upload the file again`,
  );
}

function otherBytes(record: AssetRecord, file: FileToUpload): AssetError {
  return new AssetError(
    "WEBFLOW_REJECTED",
    `Webflow takes this file for its asset ${record.id} (same MD5 ${file.md5}), but that asset's hosted file is ` +
      "another one: it was compressed since, or uploaded with a wrong hash",
    `use the asset as it is (getAsset ${record.id}), or delete it with deleteAssets and upload again`,
  );
}

function vanished(record: AssetRecord): AssetError {
  return new AssetError(
    "UPLOAD_INCOMPLETE",
    `The asset record ${record.id} vanished from the site while its file was being uploaded`,
    "call again; if it happens again, somebody or something deletes new assets of the site",
  );
}
