import type { AllowedHost } from "../core/allowed-hosts.js";
import { type CallContext, isCancelled } from "../core/call-context.js";
import { AssetError } from "../core/errors.js";
import { FormExpired, type FormPoster } from "../webflow/post-form.js";
import { assertUploadHost } from "../webflow/presigned-form.js";
import type { AssetRecord, AssetRecords } from "./asset-record.js";
import { type FileToUpload, UPLOAD_STEPS, type UploadTarget } from "./file-to-upload.js";
import type { HostedFileComparison, HostedState } from "./hosted-file.js";

/** Stage 2 of an upload: the bytes go to the storage, and what the storage holds is compared with them. */
export interface FileStore {
  /** Sends the bytes until S3, or a look at the hosted file, confirms that they are what was read. */
  store(record: AssetRecord, file: FileToUpload, call: CallContext): Promise<void>;
  /**
   * As `store`, for a record that this call made: with a fresh form where the first expires, and removing the record
   * where it fails for good. Resolves to the record that holds the file.
   */
  storeOwn(
    target: UploadTarget,
    record: AssetRecord,
    file: FileToUpload,
    call: CallContext,
  ): Promise<AssetRecord>;
}

export interface FileStoreDependencies {
  readonly storage: FormPoster;
  readonly records: AssetRecords;
  readonly hostedFiles: HostedFileComparison;
  readonly uploadHosts: readonly AllowedHost[];
}

/** How often the bytes are sent anew when S3 holds other ones. */
const ATTEMPTS = 3;

export function createFileStore(parts: FileStoreDependencies): FileStore {
  const { storage, records, hostedFiles, uploadHosts } = parts;

  async function store(record: AssetRecord, file: FileToUpload, call: CallContext): Promise<void> {
    const { form } = record;
    if (!form) throw noForm(record);
    assertUploadHost(form, uploadHosts);
    const size = file.bytes.length;
    const report = (sent: number): void =>
      call.progress(
        `Sent ${sent} of ${size} bytes`,
        UPLOAD_STEPS.registered + sent / size,
        UPLOAD_STEPS.verified,
      );
    let state: HostedState = "unknown";
    for (let attempt = 1; attempt <= ATTEMPTS; attempt += 1) {
      const { etag, key } = await storage.post(form, file.bytes, file.fileName, call, report);
      const isConfirmed =
        etag === file.md5 && (key === undefined || form.key === undefined || key === form.key);
      state = isConfirmed ? "same" : await hostedFiles.compare(record.url, factsOf(file), call);
      if (state === "same") {
        call.progress("Verified", UPLOAD_STEPS.verified, UPLOAD_STEPS.verified);
        return;
      }
    }
    throw notConfirmed(state);
  }

  async function storeOwn(
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
      const isStored =
        !isCancelled(call) && (await hostedFiles.compare(record.url, factsOf(file), call)) === "same";
      if (isStored) return record;
      await records.remove(record, error, call);
      throw error;
    }
  }

  return { store, storeOwn };
}

function factsOf({ md5, bytes }: FileToUpload) {
  return { md5, size: bytes.length };
}

function notConfirmed(state: HostedState): AssetError {
  return new AssetError(
    "STORAGE_REJECTED",
    state === "unknown"
      ? "The storage took the file but did not confirm its MD5, and the hosted file could not be looked at"
      : `The storage holds ${state === "missing" ? "no file" : "other bytes"} after ${ATTEMPTS} uploads`,
    "try again in a minute",
  );
}

function noForm(record: AssetRecord): AssetError {
  return new AssetError(
    "UPLOAD_INCOMPLETE",
    `Webflow has the record ${record.id} for this file, which holds no file, and gave no form to send it with`,
    `call deleteAssets with ${record.id}, then upload the file again`,
  );
}
