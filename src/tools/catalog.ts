import { ensureFolder } from "./ensure-folder.js";
import { listFolders } from "./list-folders.js";
import type { Tool } from "./tool.js";
import { uploadAsset } from "./upload-asset.js";

/** Every tool of the server, in the order in which clients list them. */
export const TOOLS: readonly Tool[] = [listFolders, ensureFolder, uploadAsset];
