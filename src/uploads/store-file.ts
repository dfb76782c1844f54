import type { AllowedHost } from "../core/allowed-hosts.js";
import {
  type CallContext,
  cleanUpCall,
  isCancelled,
  isCancelledAlone,
  partOfCall,
} from "../core/call-context.js";
import { AssetError, reasonOf } from "../core/errors.js";
import { lookUntil } from "../webflow/look-until.js";
import { FormExpired, type FormPoster, type StoredObject } from "../webflow/storage/post-form.js";
import { assertUploadHost, type PresignedForm } from "../webflow/storage/presigned-form.js";
import { type FileToUpload, reportStep } from "./file/file-to-upload.js";
import { compareAnyUrl, type HostedFileComparison, type HostedState } from "./hosted-file.js";
import { type AssetRecord, type AssetRecords, filledByOthers } from "./record/asset-record.js";
import type { UploadInProgress } from "./record/stray-records.js";

/** Stage 2 of an upload: the bytes go to the storage, and what the storage holds is compared with them. */
export interface FileStore {
  /** Sends the bytes until S3, or a look at the hosted file, confirms that they arrived unchanged. */
  store(record: AssetRecord, file: FileToUpload, call: CallContext): Promise<StoredFile>;
  /** Like `store`, for this upload's own record: renews an expired form, and removes the record if it fails. */
  storeOwn(record: AssetRecord, ongoing: UploadInProgress, call: CallContext): Promise<StoredFile>;
}

export interface StoredFile {
  /** The record that holds the file: another one if a fresh form came with it. */
  readonly record: AssetRecord;
  readonly notes: readonly string[];
}

export interface FileStoreDependencies {
  readonly storage: FormPoster;
  readonly records: AssetRecords;
  readonly hostedFiles: HostedFileComparison;
  readonly uploadHosts: readonly AllowedHost[];
  /** How long the CDN may take to serve what the storage has accepted, in milliseconds. */
  readonly lagMs: number;
}

/** How long a cancelled upload waits for one look at its record's file, perhaps of somebody else's upload. */
const LAST_LOOK_MS = 1_000;
/** How long it goes on looking: another computer that uploads the same bytes at this moment needs a little longer. */
const SETTLE_MS = 1_500;
/** How often the bytes are sent again if S3 holds other ones. */
const ATTEMPTS = 3;

/** The storage holds other bytes than it was sent, and sending them again did not help. */
class WrongFileStored extends AssetError {
  constructor(cause?: unknown) {
    const what = cause
      ? `The storage held other bytes than it was sent, and sending them again failed: ${reasonOf(cause)}`
      : `The storage holds other bytes after ${ATTEMPTS} uploads`;
    super("STORAGE_REJECTED", what, "try again in a minute", { cause });
  }
}

/** Something accepted the file and kept nothing of it. */
function notKept(): AssetError {
  return new AssetError(
    "STORAGE_UNAVAILABLE",
    `The upload was answered as a success ${ATTEMPTS} times, but the storage holds no file`,
    "try again in a minute; if it happens again, check whether a proxy or filter stands between this server and the storage",
  );
}

export function createFileStore(parts: FileStoreDependencies): FileStore {
  const { storage, records, hostedFiles, uploadHosts, lagMs } = parts;

  async function store(record: AssetRecord, file: FileToUpload, call: CallContext): Promise<StoredFile> {
    const form = record.form ?? refuseWithoutForm(record);
    assertUploadHost(form, uploadHosts);
    let holdsOtherBytes = false;
    for (let attempt = 1; attempt <= ATTEMPTS; attempt += 1) {
      const stored = await storage
        .post(form, file.bytes, file.fileName, call, sentReport(file, call))
        .catch((error: unknown) => {
          throw holdsOtherBytes && !(error instanceof FormExpired) ? new WrongFileStored(error) : error;
        });
      const state = confirms(stored, form, file) ? "same" : await lookAtHosted(record, file, call);
      holdsOtherBytes ||= state === "different";
      if (state === "different" || (state === "absent" && isUnproven(stored, form))) continue;
      reportStep(call, "verified", "Verified");
      return { record, notes: state === "same" ? [] : [NOT_COMPARED] };
    }
    throw holdsOtherBytes ? new WrongFileStored() : notKept();
  }

  /** If the storage did not confirm the MD5: S3 has accepted the file, but the CDN may not have it yet. */
  function lookAtHosted(record: AssetRecord, file: FileToUpload, call: CallContext): Promise<HostedState> {
    return lookUntil(
      () => compareAnyUrl(hostedFiles, record.urls, file, call),
      (state) => state === "same" || state === "different",
      lagMs,
      call,
    );
  }

  async function storeWithFreshForm(
    { form, ...record }: AssetRecord,
    ongoing: UploadInProgress,
    call: CallContext,
  ): Promise<StoredFile> {
    const renewed = await records.make(ongoing, call);
    if (renewed.id === record.id) return { record: { ...renewed, isOwn: record.isOwn }, notes: [] };
    // Whatever becomes of the first record, the second one has to get its file.
    const left = await records
      .remove({ form, ...record }, { cause: undefined }, call)
      .then((filled) => (filled ? [`The asset ${record.id} holds this file, too.`] : []))
      .catch((error) => [reasonOf(error)]);
    return { record: renewed, notes: left };
  }

  /** The last answer may have been lost after the bytes arrived. */
  async function isStored(record: AssetRecord, file: FileToUpload, call: CallContext): Promise<boolean> {
    if (!isCancelled(call)) return (await compareAnyUrl(hostedFiles, record.urls, file, call)) === "same";
    // A job may have many records to tidy up, and the end of the process waits for nothing.
    const isAlone = isCancelledAlone(call) && call.deadline !== Number.POSITIVE_INFINITY;
    const settleMs = isAlone ? Math.min(SETTLE_MS, lagMs) : 0;
    const look = partOfCall(cleanUpCall(call), Date.now() + settleMs + LAST_LOOK_MS);
    const state = await lookUntil(
      () => compareAnyUrl(hostedFiles, record.urls, file, look.call),
      (seen) => seen === "same" || settleMs === 0,
      settleMs,
      look.call,
    );
    look.stop();
    return state === "same";
  }

  return {
    store,

    async storeOwn(made, ongoing, call) {
      const { file } = ongoing;
      let record = made;
      try {
        try {
          return await store(record, file, call);
        } catch (error) {
          if (!(error instanceof FormExpired)) throw error;
          const renewed = await storeWithFreshForm(record, ongoing, call);
          record = renewed.record;
          const { notes } = await store(record, file, call);
          return { record, notes: [...renewed.notes, ...notes] };
        }
      } catch (error) {
        if (!record.isOwn) throw error;
        if (await isStored(record, file, call)) {
          // Who cancelled a call gets no answer any more; a job tells it as uploaded.
          if (isCancelled(call)) call.log.error(filledByOthers(record, error).message);
          return { record, notes: [] };
        }
        const holdsWrongFile = error instanceof WrongFileStored;
        const filled = await records.remove(record, { cause: error, holdsWrongFile }, call);
        if (filled?.size === file.bytes.length) return { record, notes: [NOT_COMPARED] };
        throw filled ? filledByOthers(record, error) : error;
      }
    },
  };
}

const NOT_COMPARED =
  "The storage took the file without reporting its MD5, and the hosted file could not be compared with it yet.";

function sentReport(file: FileToUpload, call: CallContext): (sent: number) => void {
  const size = file.bytes.length;
  return (sent) => reportStep(call, "registered", `Sent ${sent} of ${size} bytes`, sent / size);
}

/** S3's ETag of a form upload is the MD5, unless the bucket is encrypted with KMS. */
function confirms({ etag, key }: StoredObject, form: PresignedForm, file: FileToUpload): boolean {
  return etag === file.md5 && (key === undefined || form.key === undefined || key === form.key);
}

/** S3 names what it has stored, by ETag or key: an answer without both, or with another key, proves nothing. */
function isUnproven({ etag, key }: StoredObject, form: PresignedForm): boolean {
  return key === undefined ? etag === undefined : form.key !== undefined && key !== form.key;
}

function refuseWithoutForm({ id, isOwn }: AssetRecord): never {
  throw new AssetError(
    "UPLOAD_INCOMPLETE",
    `Webflow's record ${id} for this file shows no file, and Webflow gave no form to send it with`,
    isOwn
      ? "try again in a minute"
      : `call again in a few minutes, which creates a new record unless getAsset ${id} shows a file by then`,
  );
}
