import { abortable, type CallContext } from "../core/call-context.js";
import { AssetError } from "../core/errors.js";
import type { FolderStore } from "../folders/folder-store.js";
import type { PlacedFolder } from "../folders/folder-tree.js";
import type { WebflowClient } from "../webflow/client.js";
import type { AssetRecord } from "./asset-record.js";
import type { AssetTexts } from "./asset-texts.js";
import type { FileToUpload, UploadTarget } from "./file-to-upload.js";
import type { HostedFileComparison, HostedState } from "./hosted-file.js";
import type { FileStore } from "./store-file.js";

/** What became of an upload whose bytes Webflow knew. */
export interface ReusedAsset {
  /** `uploaded` where the record held no file and was completed. */
  readonly status: "uploaded" | "reused";
  /** Where it really lies. */
  readonly folder: PlacedFolder | undefined;
  readonly altText: string | undefined;
  readonly notes: readonly string[];
}

/**
 * Takes the record that Webflow had for the same MD5: as it is when its file is there, completed when an upload of it
 * never finished. Throws when it holds other bytes.
 */
export type ReuseAsset = (
  target: UploadTarget,
  record: AssetRecord,
  file: FileToUpload,
  call: CallContext,
) => Promise<ReusedAsset>;

export interface ReuseAssetDependencies {
  readonly webflow: WebflowClient;
  readonly folders: FolderStore;
  readonly hostedFiles: HostedFileComparison;
  readonly files: FileStore;
  readonly texts: AssetTexts;
}

export function createReuseAsset(parts: ReuseAssetDependencies): ReuseAsset {
  const { webflow, folders, hostedFiles, files, texts } = parts;

  /** What an older record really holds: by its hosted file, or where that tells nothing, by the size that Webflow knows. */
  async function lookAt(record: AssetRecord, file: FileToUpload, call: CallContext): Promise<HostedState> {
    const { md5, bytes } = file;
    const state = await hostedFiles.compare(record.url, { md5, size: bytes.length }, call);
    if (state !== "unknown") return state;
    try {
      const asset = await webflow.getAsset(record.id, call);
      if ((asset.size ?? 0) === 0) return "missing";
      return asset.size === bytes.length ? "same" : "different";
    } catch {
      return "unknown";
    }
  }

  /** A record whose upload never finished, somebody's or an earlier one of ours: it gets its bytes now. */
  async function complete(
    target: UploadTarget,
    record: AssetRecord,
    file: FileToUpload,
    call: CallContext,
  ): Promise<ReusedAsset> {
    await files.store(record, file, call);
    const folder = await folders.folderOfAsset(target.siteId, record.id, record.ageMs, call);
    const described = await texts.set(record, file, call);
    if (described === "gone") throw vanished(record);
    return {
      status: "uploaded",
      folder,
      altText: file.altText,
      notes: [
        `An earlier upload of this file had not finished; its record ${record.id} was completed.`,
        ...(folder?.id === target.folder?.id ? [] : [liesElsewhere(folder)]),
        ...described,
      ],
    };
  }

  return async (target, record, file, call) => {
    const state = await abortable(call, lookAt(record, file, call));
    if (state === "missing") return complete(target, record, file, call);
    if (state === "different") throw otherBytes(record, file);
    const folder = await folders.folderOfAsset(target.siteId, record.id, record.ageMs, call);
    const described = await texts.setWhereMissing(record, file, call);
    if (described === "gone") throw vanished(record);
    return {
      status: "reused",
      folder,
      altText: described.altText,
      notes: [
        `The site already had these bytes: "${record.fileName}" (${record.id}).`,
        ...(state === "unknown" ? ["Whether its file is really there could not be checked."] : []),
        ...(folder?.id === target.folder?.id ? [] : [liesElsewhere(folder)]),
        ...described.notes,
      ],
    };
  };
}

function liesElsewhere(folder: PlacedFolder | undefined): string {
  const where = folder ? `the folder "${folder.path}"` : "the root";
  return `It lies in ${where}; Webflow's API cannot move assets, the Designer can.`;
}

function otherBytes(record: AssetRecord, file: FileToUpload): AssetError {
  return new AssetError(
    "WEBFLOW_REJECTED",
    `Webflow takes this file for its asset ${record.id} (same MD5 ${file.md5}), but that asset's hosted file is ` +
      "another one: it was compressed since, or uploaded with a wrong hash",
    `use the asset as it is (getAsset ${record.id}), or delete it with deleteAssets and upload again`,
  );
}

export function vanished(record: AssetRecord): AssetError {
  return new AssetError(
    "UPLOAD_INCOMPLETE",
    `The asset record ${record.id} vanished from the site while its file was being uploaded`,
    "call again; if it happens again, somebody or something deletes new assets of the site",
  );
}
