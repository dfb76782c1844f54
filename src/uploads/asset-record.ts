import { type CallContext, CLEAN_UP_MS, cleanUpCall } from "../core/call-context.js";
import { AssetError } from "../core/errors.js";
import { createKeyedQueue } from "../core/keyed-queue.js";
import type { WebflowClient } from "../webflow/client.js";
import { isNotFound } from "../webflow/error-mapping.js";
import { timeOfWebflowId } from "../webflow/ids.js";
import { type PresignedForm, readPresignedForm } from "../webflow/presigned-form.js";
import type { CreatedAsset } from "../webflow/responses.js";
import type { FileToUpload, UploadTarget } from "./file-to-upload.js";
import { reasonOf } from "./reason.js";
import { createStrayRecords, SAME_MOMENT_MS, turnOf } from "./stray-records.js";

/** The record of an asset, as stage 1 gave it. */
export interface AssetRecord {
  readonly id: string;
  readonly fileName: string;
  readonly contentType: string;
  readonly url: string | undefined;
  /** How to send the bytes; undefined when Webflow gave no form, as it may for bytes that it knows. */
  readonly form: PresignedForm | undefined;
  /** Whether this call made the record. Any other one is never cleaned up. */
  readonly isOwn: boolean;
  /** How old the record is, in milliseconds. */
  readonly ageMs: number;
}

/** Stage 1 of an upload, and the removal of what it made. */
export interface AssetRecords {
  /** Makes the record, or gets the one that Webflow has for the same MD5. Leaves no stray record behind. */
  make(target: UploadTarget, file: FileToUpload, call: CallContext): Promise<AssetRecord>;
  /** A fresh form for a record of this call whose form has expired. */
  renew(
    record: AssetRecord,
    target: UploadTarget,
    file: FileToUpload,
    call: CallContext,
  ): Promise<AssetRecord>;
  /**
   * Looks once more for strays of `make` that could not be removed then. Resolves to what the caller has to be told when
   * they still could not.
   */
  tidyUp(target: UploadTarget, file: FileToUpload, call: CallContext): Promise<string[]>;
  /**
   * Removes a record that this call made. Resolves when it is gone; throws UPLOAD_INCOMPLETE, which names it,
   * when it could not be removed.
   */
  remove(record: AssetRecord, cause: unknown, call: CallContext): Promise<void>;
}

export function createAssetRecords(webflow: WebflowClient): AssetRecords {
  const strays = createStrayRecords(webflow);
  /** Ids that this process got from stage 1: a second upload of the same bytes may come within the same second. */
  const seenIds = new Set<string>();
  const inTurn = createKeyedQueue();
  /** Webflow's clock less this machine's, as the last form told it. */
  let clockOffsetMs = 0;

  async function create(
    target: UploadTarget,
    file: FileToUpload,
    call: CallContext,
    attempts: Attempts,
  ): Promise<AssetRecord> {
    const startedAt = Date.now();
    const created = await webflow.createAsset(
      target.siteId,
      { fileName: file.fileName, fileHash: file.md5, parentFolder: target.folder?.id },
      call,
      () => {
        attempts.uncertain += 1;
      },
    );
    const form = readPresignedForm(created);
    if (form?.signedAt !== undefined) clockOffsetMs = form.signedAt - Date.now();
    const ageMs = (form?.signedAt ?? Date.now() + clockOffsetMs) - madeAt(created);
    const slackMs = SAME_MOMENT_MS + (attempts.uncertain > 0 ? Date.now() - startedAt : 0);
    const isNew =
      !seenIds.has(created.id) &&
      ageMs <= slackMs &&
      (created.originalFileName ?? file.fileName) === file.fileName &&
      (created.parentFolder ?? target.folder?.id) === target.folder?.id &&
      (form !== undefined || attempts.uncertain > 0);
    seenIds.add(created.id);
    return describe(created, file, form, isNew, ageMs);
  }

  async function makeAlone(
    target: UploadTarget,
    file: FileToUpload,
    call: CallContext,
  ): Promise<AssetRecord> {
    const since = Date.now() + clockOffsetMs;
    const attempts: Attempts = { uncertain: 0 };
    const lost = { target, file, since, isKnown: (id: string) => seenIds.has(id) };
    let record: AssetRecord;
    try {
      record = await create(target, file, call, attempts);
    } catch (error) {
      if (attempts.uncertain > 0) await strays.removeAfterFailure(lost, error, call);
      throw error;
    }
    if (attempts.uncertain > 0) await strays.removeOrOwe(lost, call);
    return record;
  }

  async function remove(record: AssetRecord, cause: unknown, call: CallContext): Promise<void> {
    try {
      await webflow.deleteAsset(record.id, cleanUpCall(call));
      call.log.info(`removed the unfinished record ${record.id}`);
    } catch (error) {
      if (isNotFound(error)) return;
      const incomplete = new AssetError(
        "UPLOAD_INCOMPLETE",
        `${reasonOf(cause)} The asset record ${record.id} was made but holds no file, and removing it failed ` +
          `within ${CLEAN_UP_MS / 1000} s (${reasonOf(error)})`,
        `call deleteAssets with ${record.id}, or upload the same file again, which completes it`,
        { cause },
      );
      call.log.error(incomplete.message);
      throw incomplete;
    }
  }

  return {
    make: (target, file, call) => inTurn(turnOf(target, file), call, () => makeAlone(target, file, call)),

    tidyUp: (target, file, call) =>
      inTurn(turnOf(target, file), call, () => strays.settle(target, file, call)),

    async renew(record, target, file, call) {
      const renewed = await makeAlone(target, file, call);
      const { id, isOwn } = renewed;
      if (id === record.id) return { ...renewed, isOwn: record.isOwn };
      if (record.isOwn) await remove(record, undefined, call);
      return { ...renewed, isOwn };
    },

    remove,
  };
}

/** By Webflow's clock, in milliseconds since the epoch: to the millisecond where it is told, else by the id. */
function madeAt({ id, createdOn }: CreatedAsset): number {
  const told = Date.parse(createdOn ?? "");
  return Number.isNaN(told) ? timeOfWebflowId(id) : told;
}

interface Attempts {
  /** How many may have made a record although no answer came. */
  uncertain: number;
}

function describe(
  created: CreatedAsset,
  file: FileToUpload,
  form: PresignedForm | undefined,
  isOwn: boolean,
  ageMs: number,
): AssetRecord {
  return {
    id: created.id,
    fileName: created.originalFileName ?? file.fileName,
    contentType: created.contentType ?? form?.contentType ?? file.contentType,
    url: created.hostedUrl ?? created.assetUrl,
    form,
    isOwn,
    ageMs,
  };
}
