import { auditAssets } from "./audit-assets.js";
import type { Tool } from "./definition/tool.js";
import { deleteAssets } from "./delete-assets.js";
import { ensureFolder } from "./ensure-folder.js";
import { findUses } from "./find-uses.js";
import { getAsset } from "./get-asset.js";
import { listAssets } from "./list-assets.js";
import { listFolders } from "./list-folders.js";
import { listSites } from "./list-sites.js";
import { showGallery } from "./show-gallery.js";
import { syncFolder } from "./sync-folder.js";
import { updateAssets } from "./update-assets.js";
import { uploadAsset } from "./upload-asset.js";
import { uploadAssets } from "./upload-assets.js";
import { uploadStatus } from "./upload-status.js";
import { viewAsset } from "./view-asset.js";

/** Every tool of the server, in the order in which clients list them. */
export const TOOLS: readonly Tool[] = [
  listSites,
  listFolders,
  ensureFolder,
  uploadAsset,
  uploadAssets,
  uploadStatus,
  syncFolder,
  listAssets,
  showGallery,
  getAsset,
  viewAsset,
  findUses,
  auditAssets,
  updateAssets,
  deleteAssets,
];
