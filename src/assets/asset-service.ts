import type { Call } from "../call.js";
import type { BatchUploads } from "./batch/upload-assets.js";
import type { ListFolders } from "./folder-listing.js";
import type { GalleryPictures } from "./gallery-pictures.js";
import type { Library } from "./library.js";
import type { SyncFolder } from "./sync/sync-folder.js";
import type { UploadAsset } from "./upload-asset.js";

/** The face that every tool calls: all that can be done with the assets of a site. */
export interface AssetService extends Library, BatchUploads, GalleryPictures {
  readonly listFolders: ListFolders;
  ensureFolder(request: EnsureFolderRequest, call: Call): Promise<EnsureFolderResult>;
  readonly uploadAsset: UploadAsset;
  readonly syncFolder: SyncFolder;
  /** Ends background jobs, removes what they left unfinished (within 5 seconds) and closes connections. */
  close(): Promise<void>;
}

export interface EnsureFolderRequest {
  readonly siteId?: string | undefined;
  readonly path: string;
}

export interface EnsureFolderResult {
  readonly siteId: string;
  readonly folder: { readonly id: string; readonly path: string };
  /** Paths of the levels that were made, outermost first. */
  readonly created: string[];
}
