import { type CallContext, interruptionError } from "../../core/call-context.js";
import { AssetError } from "../../core/errors.js";
import type { FolderStore } from "../../folders/folder-store.js";
import { isNotFound } from "../../webflow/data-api/error-mapping.js";
import { lookUntil } from "../../webflow/look-until.js";
import type { UploadTarget } from "../file/file-to-upload.js";
import { type AssetRecord, type AssetRecords, filledByOthers } from "./asset-record.js";
import type { UploadInProgress } from "./stray-records.js";
import { foundOrNot } from "./wait-for-asset.js";

/**
 * Stage 1 as an upload needs it: waits for a new folder to be found, removes the record again if the call was aborted
 * meanwhile, and on a 404 finds out whether the folder is gone. Throws as `AssetRecords.make` does.
 */
export type MakeRecord = (ongoing: UploadInProgress, call: CallContext) => Promise<AssetRecord>;

export function createMakeRecord(records: AssetRecords, folders: FolderStore, lagMs: number): MakeRecord {
  /** Webflow may not know yet about a folder that was created a moment ago. */
  async function makeInFolder(ongoing: UploadInProgress, call: CallContext): Promise<AssetRecord> {
    const { folder } = ongoing.target;
    if (!folder || !folders.isNew(folder.id)) return records.make(ongoing, call);
    const made = await lookUntil(
      () => foundOrNot(records.make(ongoing, call)),
      (record) => record !== "not found",
      lagMs,
      call,
    );
    return made === "not found" ? records.make(ongoing, call) : made;
  }

  /** A 404 for a new asset means the site or the folder; Webflow's message does not always say which. */
  async function explainMissing({ siteId, folder }: UploadTarget, error: unknown, call: CallContext) {
    if (!folder) return error;
    const tree = await folders.tree(siteId, call, 0);
    if (tree.byId(folder.id)) return error;
    return new AssetError(
      "FOLDER_NOT_FOUND",
      `The folder "${folder.path}" (${folder.id}) is no longer on the site`,
      "call again with folder instead of folderId, which creates it again",
    );
  }

  return async (ongoing, call) => {
    let record: AssetRecord;
    try {
      record = await makeInFolder(ongoing, call);
    } catch (error) {
      throw isNotFound(error) ? await explainMissing(ongoing.target, error, call) : error;
    }
    if (call.signal.aborted && record.isOwn) {
      const cause = interruptionError(call);
      const filled = await records.remove(record, { cause }, call);
      throw filled ? filledByOthers(record, cause) : cause;
    }
    return record;
  };
}
