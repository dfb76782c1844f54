import { createHash } from "node:crypto";
import { newObjectId } from "./object-id.js";
import type {
  AssetWithObject,
  EmulatedAsset,
  EmulatedFolder,
  NewEmulatedAsset,
  NewEmulatedFolder,
  StoredObject,
} from "./records.js";

/** Folders, assets, and what S3 holds for them. */
export interface AssetStore {
  readonly folderRecords: Map<string, EmulatedFolder>;
  readonly assetRecords: Map<string, EmulatedAsset>;
  readonly objects: Map<string, StoredObject>;
  /** Assets that requests deleted, oldest first, and what S3 held for them. */
  readonly deletedAssets: EmulatedAsset[];
  readonly deletedObjects: Map<string, StoredObject>;
  folders(siteId: string): EmulatedFolder[];
  assets(siteId: string): AssetWithObject[];
  object(key: string): StoredObject | undefined;
  hasObject(key: string): boolean;
  addFolder(folder: NewEmulatedFolder): EmulatedFolder;
  addAsset(asset: NewEmulatedAsset): EmulatedAsset;
  /** Removes an asset and its bytes. */
  deleteAsset(id: string): void;
  putObject(
    key: string,
    bytes: Buffer | (() => Buffer),
    contentType: string,
    cacheControl?: string,
  ): StoredObject;
}

const CACHE_CONTROL = "max-age=31536000";

/** `now` is the emulator's clock, in milliseconds since the epoch. */
export function createAssetStore(now: () => number): AssetStore {
  const folderRecords = new Map<string, EmulatedFolder>();
  const assetRecords = new Map<string, EmulatedAsset>();
  const objects = new Map<string, StoredObject>();
  const deletedAssets: EmulatedAsset[] = [];
  const deletedObjects = new Map<string, StoredObject>();

  function putObject(
    key: string,
    source: Buffer | (() => Buffer),
    contentType: string,
    cacheControl = CACHE_CONTROL,
  ): StoredObject {
    const stored = newObject(source, contentType, cacheControl, now());
    objects.set(key, stored);
    return stored;
  }

  return {
    folderRecords,
    assetRecords,
    objects,
    deletedAssets,
    deletedObjects,
    putObject,
    object: (key) => objects.get(key),
    hasObject: (key) => objects.has(key),
    folders: (siteId) => [...folderRecords.values()].filter((folder) => folder.siteId === siteId),

    assets: (siteId) =>
      [...assetRecords.values()]
        .filter((asset) => asset.siteId === siteId)
        .map((asset) => {
          const stored = objects.get(asset.key);
          return { ...asset, hasBytes: stored !== undefined, size: stored?.size ?? 0, md5: stored?.etag };
        }),

    addFolder({ siteId, displayName, parentFolder = null, createdAtMs = now() }) {
      const id = newObjectId(createdAtMs);
      const createdOn = new Date(createdAtMs).toISOString();
      const folder = { id, siteId, displayName, parentFolder, createdOn };
      folderRecords.set(id, folder);
      return folder;
    },

    addAsset({ bytes, createdAtMs = now(), ...given }) {
      const id = newObjectId(createdAtMs);
      const key = `${given.siteId}/${id}_${given.fileName}`;
      const stored = bytes && putObject(key, bytes, given.contentType);
      const fileHash = given.fileHash ?? stored?.etag ?? md5(Buffer.from(key));
      const asset = newAsset({ ...given, id, key, fileHash, createdOn: new Date(createdAtMs).toISOString() });
      assetRecords.set(id, asset);
      return asset;
    },

    deleteAsset(id) {
      const asset = assetRecords.get(id);
      if (!asset) return;
      const stored = objects.get(asset.key);
      assetRecords.delete(id);
      objects.delete(asset.key);
      deletedAssets.push(asset);
      if (stored) deletedObjects.set(asset.key, stored);
    },
  };
}

type KnownAsset = Pick<EmulatedAsset, "id" | "key" | "fileHash" | "createdOn">;

function newAsset({ fileName, ...given }: Omit<NewEmulatedAsset, "bytes"> & KnownAsset): EmulatedAsset {
  return {
    parentFolder: null,
    madeBy: "somebody else",
    displayName: fileName,
    altText: null,
    ...given,
    originalFileName: fileName,
    localizedAltTexts: new Map(),
    lastUpdated: given.createdOn,
  };
}

function newObject(
  source: Buffer | (() => Buffer),
  contentType: string,
  cacheControl: string,
  storedAtMs: number,
): StoredObject {
  const load = typeof source === "function" ? source : () => source;
  const bytes = load();
  return {
    size: bytes.length,
    etag: md5(bytes),
    contentType,
    cacheControl,
    storedAtMs,
    get bytes() {
      return load();
    },
  };
}

function md5(bytes: Buffer): string {
  return createHash("md5").update(bytes).digest("hex");
}
