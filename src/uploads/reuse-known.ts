import type { CallContext } from "../core/call-context.js";
import { isAssetError } from "../core/errors.js";
import { readFolderPath } from "../folders/folder-path.js";
import type { FolderStore } from "../folders/folder-store.js";
import type { WebflowClient } from "../webflow/data-api/client.js";
import { createAssetTexts } from "./asset-texts.js";
import type { UploadedAsset } from "./file/file-to-upload.js";
import type { PreparedFile } from "./file/prepare-file.js";
import type { HostedFileComparison } from "./hosted-file.js";
import type { Ledger, LedgerEntry } from "./known/ledger.js";

/**
 * The asset that already has a file's bytes, if the folder for the file does not exist yet. Webflow would return that
 * asset anyway, and the folder, which the API can never delete, would have been created for nothing. Undefined if the
 * folder exists, or if it is not certain that the asset is there with these bytes.
 */
export type ReuseKnown = (
  siteId: string,
  folder: string,
  file: PreparedFile,
  call: CallContext,
) => Promise<UploadedAsset | undefined>;

export interface ReuseKnownDependencies {
  readonly webflow: WebflowClient;
  readonly folders: FolderStore;
  readonly ledger: Ledger;
  readonly hostedFiles: HostedFileComparison;
  /** How long Webflow may take to show texts that it has just accepted, in milliseconds. */
  readonly lagMs: number;
}

export function createReuseKnown(parts: ReuseKnownDependencies): ReuseKnown {
  const { webflow, folders, ledger, hostedFiles, lagMs } = parts;
  const texts = createAssetTexts(webflow, lagMs);

  /** The asset that the ledger has for the file, if it is still there with these bytes. */
  async function confirmed(siteId: string, entry: LedgerEntry, file: PreparedFile, call: CallContext) {
    if (entry.size !== file.bytes.length) return undefined;
    try {
      const asset = await webflow.getAsset(entry.id, call);
      const isOfSite = asset.siteId === undefined || asset.siteId === siteId;
      if (!isOfSite || asset.size !== entry.size) return undefined;
      const state = await hostedFiles.compare(asset.hostedUrl, { md5: file.md5, size: entry.size }, call);
      return state === "same" ? asset : undefined;
    } catch (error) {
      if (isAssetError(error, "ASSET_NOT_FOUND")) return undefined;
      throw error;
    }
  }

  return async (siteId, folder, file, call) => {
    const [key = ""] = file.ledgerKeys;
    const entry = await ledger.find(siteId, key);
    if (!entry) return undefined;
    const tree = await folders.tree(siteId, call);
    if (tree.at(readFolderPath(folder)).length > 0) return undefined;
    const asset = await confirmed(siteId, entry, file, call);
    if (!asset) return undefined;
    const place = await folders.folderOfAsset(siteId, asset.id, call);
    const { fileName, contentType } = file;
    const described = await texts.setWhereMissing(asset, { id: asset.id, fileName }, file, call);
    return {
      status: "reused",
      id: asset.id,
      fileName: asset.originalFileName ?? fileName,
      contentType: asset.contentType ?? contentType,
      url: asset.hostedUrl ?? "",
      folder: place,
      altText: described.altText || undefined,
      notes: [
        `The site already has these bytes, in ${place ? `the folder "${place.path}"` : "the root"}; Webflow's API cannot move assets, ` +
          `the Designer can. The folder "${folder}" was not created.`,
        ...described.notes,
      ],
    };
  };
}
