import type { EnsureFolder } from "../folders/ensure-folder.js";
import type { ListFolders } from "../folders/list-folders.js";
import type { DeleteAssets } from "../library/delete-assets.js";
import type { GetAsset } from "../library/get-asset.js";
import type { ListAssets } from "../library/list-assets.js";
import type { ListSites } from "../library/list-sites.js";
import type { GalleryPictures } from "../library/thumbnails.js";
import type { UpdateAssets } from "../library/update-assets.js";
import type { ViewAsset } from "../library/view-asset.js";
import type { SyncFolder } from "../sync/sync-folder.js";
import type { BatchUploads } from "../uploads/batch/upload-assets.js";
import type { UploadAsset } from "../uploads/upload-asset.js";
import type { AuditAssets } from "../uses/audit-assets.js";
import type { FindUses } from "../uses/find-uses.js";

/** The interface that every tool calls: everything that can be done with the assets of a site. */
export interface AssetService extends BatchUploads, GalleryPictures {
  readonly listSites: ListSites;
  readonly listAssets: ListAssets;
  readonly getAsset: GetAsset;
  readonly viewAsset: ViewAsset;
  readonly updateAssets: UpdateAssets;
  readonly deleteAssets: DeleteAssets;
  readonly findUses: FindUses;
  readonly auditAssets: AuditAssets;
  readonly listFolders: ListFolders;
  readonly ensureFolder: EnsureFolder;
  readonly uploadAsset: UploadAsset;
  readonly syncFolder: SyncFolder;
  /** The result with one URL for each file, whatever Webflow called it: the CDN's if it is known. */
  withPublicUrls<Result>(result: Result): Result;
  /** What the user should know about the settings; each sentence is returned once. */
  takeNotes(): readonly string[];
  /** Loads what the first call of each method would load: until then, an update of the package could take it away. */
  warmUp(): Promise<void>;
  /** Ends background jobs, removes what they left unfinished (within 5 seconds) and closes connections. */
  close(): Promise<void>;
}
