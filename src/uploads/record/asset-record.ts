import { type CallContext, CLEAN_UP_MS, cleanUpCall, isCancelled } from "../../core/call-context.js";
import { AssetError, isAssetError, reasonOf } from "../../core/errors.js";
import { createKeyedQueue } from "../../core/keyed-queue.js";
import type { WebflowClient } from "../../webflow/data-api/client.js";
import { isTimeOut } from "../../webflow/data-api/error-mapping.js";
import type { Asset, CreatedAsset } from "../../webflow/data-api/responses.js";
import { timeOfWebflowId } from "../../webflow/ids.js";
import { lookUntil } from "../../webflow/look-until.js";
import { type PresignedForm, readPresignedForm, signingTime } from "../../webflow/storage/presigned-form.js";
import type { FileToUpload, UploadTarget } from "../file/file-to-upload.js";
import { type Claim, UNSHARED } from "../known/claims.js";
import { isLikeName } from "./like-name.js";
import {
  createStrayRecords,
  SAME_MOMENT_MS,
  type StrayRecords,
  type UploadInProgress,
} from "./stray-records.js";
import { foundOrNot } from "./wait-for-asset.js";

/** The record of an asset, as stage 1 returned it. */
export interface AssetRecord {
  readonly id: string;
  readonly fileName: string;
  readonly contentType: string;
  /** Where its file is served, with the storage's own URL last. */
  readonly urls: readonly string[];
  /** How to send the bytes; undefined if Webflow gave no form, as it may for bytes that it knows. */
  readonly form: PresignedForm | undefined;
  /** Whether this upload created the record. No other one is ever cleaned up. */
  readonly isOwn: boolean;
  /** How old the record was when Webflow answered, in milliseconds. */
  readonly ageMs: number;
  /** Whether another process of this machine is at work on the same bytes, and so perhaps on this record. */
  readonly isShared: () => Promise<boolean>;
}

/** Stage 1 of an upload, and the removal of what it created. */
export interface AssetRecords {
  /** Begins an upload, of which nothing has been sent yet. */
  begin(target: UploadTarget, file: FileToUpload, claim?: Claim): UploadInProgress;
  /** Creates the record, or gets the one that Webflow has for the same MD5. Counts attempts without an answer. */
  make(ongoing: UploadInProgress, call: CallContext): Promise<AssetRecord>;
  /**
   * Removes a record that this upload created, including its content if `holdsWrongFile`. Resolves to undefined once
   * it is gone, or to the asset if somebody has given it a file; throws UPLOAD_INCOMPLETE, which names the record, if
   * it could not be removed, or if another process of this computer may be sending a file to it.
   */
  remove(record: AssetRecord, removal: Removal, call: CallContext): Promise<Asset | undefined>;
  /** What attempts without an answer may have left. */
  readonly strays: StrayRecords;
}

export interface Removal {
  /** Why the record is not needed. */
  readonly cause: unknown;
  /** Whether the storage holds other bytes for it than it was sent. */
  readonly holdsWrongFile?: boolean;
}

/** `lagMs` is how long Webflow may take to find what it has just created, in milliseconds. */
export function createAssetRecords(webflow: WebflowClient, lagMs: number): AssetRecords {
  /** Ids that stage 1 returned to this process: the same bytes may be uploaded twice within a second. */
  const namedIds = new Set<string>();
  const queue = createKeyedQueue();
  const strays = createStrayRecords({ webflow, isNamed: (id) => namedIds.has(id), lagMs });
  /** Webflow's clock minus this machine's, as of the last form. */
  let clockOffsetMs = 0;

  async function create(ongoing: UploadInProgress, call: CallContext): Promise<AssetRecord> {
    const { target, file } = ongoing;
    const startedAt = Date.now();
    let wasUnanswered = false;
    const created = await webflow.createAsset(
      target.siteId,
      { fileName: file.fileName, fileHash: file.md5, parentFolder: target.folder?.id },
      call,
      (failure) => {
        wasUnanswered = true;
        ongoing.unanswered += 1;
        if (isTimeOut(failure)) ongoing.timedOut += 1;
      },
    );
    const signedAt = signingTime(created);
    if (signedAt !== undefined) clockOffsetMs = signedAt - Date.now();
    const ageMs = (signedAt ?? Date.now() + clockOffsetMs) - madeAt(created);
    const slackMs = SAME_MOMENT_MS + (wasUnanswered ? Date.now() - startedAt : 0);
    const isOwn =
      !namedIds.has(created.id) &&
      ageMs <= slackMs &&
      created.uploadDetails !== undefined &&
      isLikeName(created.originalFileName ?? file.fileName, file.fileName) &&
      (created.parentFolder ?? target.folder?.id) === target.folder?.id;
    namedIds.add(created.id);
    return { ...describe(created, file), isOwn, ageMs, isShared: ongoing.claim.isShared };
  }

  /** Equal names one at a time, so that no upload mistakes the record of another one for a stray of its own. */
  function inTurn<Result>(
    { target, file }: UploadInProgress,
    call: CallContext,
    work: () => Promise<Result>,
  ) {
    return queue(`${target.siteId}/${file.fileName}`, call, work);
  }

  async function removeUnlessFilled(record: AssetRecord, isLookedAt: boolean, call: CallContext) {
    // A record that Webflow does not find yet has to be deleted nevertheless.
    const asset = isLookedAt ? await foundOrNot(webflow.getAsset(record.id, call)) : "not found";
    if (asset !== "not found" && (asset.size ?? 0) > 0) return asset;
    const remove = () => foundOrNot(webflow.deleteAsset(record.id, call));
    await lookUntil(remove, (outcome) => outcome !== "not found", lagMs, call);
    call.log.info(`removed the unfinished record ${record.id}`);
    return undefined;
  }

  return {
    begin: (target, file, claim = UNSHARED) => {
      const since = Date.now() + clockOffsetMs;
      return { target, file, claim, unanswered: 0, timedOut: 0, since };
    },

    make: (ongoing, call) => inTurn(ongoing, call, () => create(ongoing, call)),

    async remove(record, { cause, holdsWrongFile = false }, call) {
      try {
        if (await record.isShared()) throw leftToOthers(record, cause);
        // After a cancelled call there is time for few calls, and there may be many records.
        const isLookedAt = !holdsWrongFile && !isCancelled(call);
        return await removeUnlessFilled(record, isLookedAt, cleanUpCall(call));
      } catch (error) {
        const isLeft = isAssetError(error, "UPLOAD_INCOMPLETE");
        const incomplete = isLeft ? error : notRemoved(record, { cause, holdsWrongFile }, error);
        call.log.error(incomplete.message);
        throw incomplete;
      }
    },

    strays: {
      notesOn: (ongoing, keptId, call) => {
        const notes = () => strays.notesOn(ongoing, keptId, call);
        // A call that leaves the queue because it was aborted has its asset all the same, and says what may be left.
        return inTurn(ongoing, call, notes).catch(notes);
      },
      errorWith: (ongoing, cause, call) => strays.errorWith(ongoing, cause, call),
    },
  };
}

/** The error of an upload that failed although its record holds a file. */
export function filledByOthers({ id }: AssetRecord, cause: unknown): AssetError {
  return new AssetError(
    "UPLOAD_INCOMPLETE",
    `${reasonOf(cause)} The asset ${id} holds a file anyway, perhaps from another upload, so it was not removed`,
    `check it with getAsset ${id}, or call again with the same file`,
    { cause },
  );
}

function notRemoved(
  { id }: AssetRecord,
  { cause, holdsWrongFile = false }: Removal,
  error: unknown,
): AssetError {
  return new AssetError(
    "UPLOAD_INCOMPLETE",
    `${reasonOf(cause)} The asset record ${id} was made but holds ${holdsWrongFile ? "other bytes than the file" : "no file"}, ` +
      `and removing it failed within ${CLEAN_UP_MS / 1000} s (${reasonOf(error)})`,
    holdsWrongFile
      ? `call deleteAssets with ${id}, then upload the file again`
      : `upload the same file again, which completes it, or call deleteAssets with ${id}`,
    { cause },
  );
}

function leftToOthers({ id }: AssetRecord, cause: unknown): AssetError {
  return new AssetError(
    "UPLOAD_INCOMPLETE",
    `${reasonOf(cause)} The asset record ${id} was left, because another process of this computer is uploading the same file, ` +
      "perhaps to this record",
    `look at it with getAsset ${id} when that has ended; uploading the same file again completes a record that holds no file`,
    { cause },
  );
}

/** By Webflow's clock, in milliseconds since the epoch: exact if Webflow reports it, or else by the id. */
function madeAt({ id, createdOn }: CreatedAsset): number {
  const reported = Date.parse(createdOn ?? "");
  return Number.isNaN(reported) ? timeOfWebflowId(id) : reported;
}

function describe(created: CreatedAsset, file: FileToUpload) {
  const form = readPresignedForm(created);
  return {
    id: created.id,
    fileName: created.originalFileName ?? file.fileName,
    contentType: created.contentType ?? form?.contentType ?? file.contentType,
    urls: [created.hostedUrl, created.assetUrl].filter((url) => url !== undefined),
    form,
  };
}
