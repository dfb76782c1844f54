import type { CheckedFile } from "../../src/sync/check-files.js";
import type { PlacedAsset } from "../../src/sync/compare.js";

/** A file of a synced directory that Webflow accepts, in the folder `Photos`. */
export function checkedFile(path: string, changes: Partial<CheckedFile> = {}): CheckedFile {
  const name = path.slice(path.lastIndexOf("/") + 1);
  return {
    path,
    folder: "Photos",
    fileName: name,
    md5: `bytes of ${path}`,
    size: 100,
    local: { folders: [], name, path, source: `/directory/${path}` },
    place: { folder: "Photos" },
    notes: [],
    ...changes,
  };
}

/** An asset in the folder `Photos`. */
export function placedAsset(id: string, name: string, changes: Partial<PlacedAsset> = {}): PlacedAsset {
  return {
    id,
    originalFileName: name,
    displayName: name,
    contentType: "image/png",
    size: 100,
    hostedUrl: `https://cdn.example/${id}_${name}`,
    altText: undefined,
    folderId: undefined,
    folderPath: "Photos",
    ...changes,
  };
}
