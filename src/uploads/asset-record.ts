import { type CallContext, CLEAN_UP_MS, cleanUpCall } from "../core/call-context.js";
import { AssetError, isAssetError } from "../core/errors.js";
import { createKeyedQueue } from "../core/keyed-queue.js";
import type { WebflowClient } from "../webflow/client.js";
import { isNotFound } from "../webflow/error-mapping.js";
import { timeOfWebflowId } from "../webflow/ids.js";
import { type PresignedForm, readPresignedForm } from "../webflow/presigned-form.js";
import type { Asset, CreatedAsset } from "../webflow/responses.js";
import type { FileToUpload, UploadTarget } from "./file-to-upload.js";

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

/** Webflow stamps the id and the form of a new record in the same moment; more than this apart, it is an older one. */
const SAME_MOMENT_MS = 1_000;
const PAGE_SIZE = 100;

export function createAssetRecords(webflow: WebflowClient): AssetRecords {
  /** Ids that this process got from stage 1: a second upload of the same bytes may come within the same second. */
  const seenIds = new Set<string>();
  const inTurn = createKeyedQueue();
  /** By turn: strays that may be left. */
  const owed = new Map<string, (call: CallContext) => Promise<void>>();
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

  /** An attempt whose answer was lost may have made a record of its own: find it by name and time, and remove it. */
  async function removeStrays(
    target: UploadTarget,
    file: FileToUpload,
    since: number,
    keptId: string | undefined,
    call: CallContext,
  ): Promise<void> {
    for await (const asset of allAssets(target, call)) {
      const isStray =
        asset.id !== keptId &&
        !seenIds.has(asset.id) &&
        (asset.size ?? 0) === 0 &&
        asset.originalFileName === file.fileName &&
        timeOfWebflowId(asset.id) >= since + clockOffsetMs - SAME_MOMENT_MS;
      if (isStray) await removeStray(asset.id, call);
    }
  }

  async function removeStray(id: string, call: CallContext): Promise<void> {
    await webflow.deleteAsset(id, call).catch((error: unknown) => {
      if (isNotFound(error)) return;
      throw new AssetError(
        "UPLOAD_INCOMPLETE",
        `${id} could not be removed`,
        `call deleteAssets with ${id}`,
        {
          cause: error,
        },
      );
    });
  }

  async function* allAssets({ siteId, folder }: UploadTarget, call: CallContext): AsyncGenerator<Asset> {
    const found = new Map<string, Asset>();
    for (let offset = 0; ; ) {
      const page = await webflow.listAssets(siteId, { offset, limit: PAGE_SIZE, folderId: folder?.id }, call);
      for (const asset of page.assets) found.set(asset.id, asset);
      offset += page.assets.length;
      if (page.assets.length === 0 || offset >= page.pagination.total) break;
    }
    yield* found.values();
  }

  async function makeAlone(
    target: UploadTarget,
    file: FileToUpload,
    call: CallContext,
  ): Promise<AssetRecord> {
    const since = Date.now();
    const attempts: Attempts = { uncertain: 0 };
    let record: AssetRecord;
    try {
      record = await create(target, file, call, attempts);
    } catch (error) {
      if (attempts.uncertain > 0) await removeStraysAfter(error, target, file, since, call);
      throw error;
    }
    if (attempts.uncertain > 0) {
      const removal = (later: CallContext): Promise<void> =>
        removeStrays(target, file, since, record.id, later);
      await removal(call).catch(() => owed.set(turnOf(target, file), removal));
    }
    return record;
  }

  async function removeStraysAfter(
    cause: unknown,
    target: UploadTarget,
    file: FileToUpload,
    since: number,
    call: CallContext,
  ): Promise<void> {
    try {
      await removeStrays(target, file, since, undefined, cleanUpCall(call));
    } catch (error) {
      const incomplete = new AssetError(
        "UPLOAD_INCOMPLETE",
        `${reasonOf(cause)} Webflow may have made a record named "${file.fileName}" that holds no file, ` +
          `and it could not be looked for (${reasonOf(error)})`,
        "call again with the same file, which completes such a record",
        { cause },
      );
      call.log.error(incomplete.message);
      throw incomplete;
    }
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
    make: (target, file, call) =>
      // Equal names one at a time, so that a stray record cannot be mistaken for one that is being made.
      inTurn(turnOf(target, file), call, () => makeAlone(target, file, call)),

    tidyUp: (target, file, call) =>
      inTurn(turnOf(target, file), call, async () => {
        const removal = owed.get(turnOf(target, file));
        owed.delete(turnOf(target, file));
        try {
          await removal?.(call);
          return [];
        } catch (error) {
          const left = `A second record named "${file.fileName}" that holds no file may be left on the site`;
          call.log.error(`${left}: ${reasonOf(error)}`);
          return [`${left} (${reasonOf(error)}); listAssets finds it with size 0, deleteAssets removes it.`];
        }
      }),

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

function turnOf({ siteId }: UploadTarget, { fileName }: FileToUpload): string {
  return `${siteId}/${fileName}`;
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

function reasonOf(error: unknown): string {
  if (error === undefined) return "";
  return isAssetError(error) ? `${error.message.replace(/\.?$/, ".")}` : "An unforeseen error came up.";
}
