import { createHash } from "node:crypto";
import { newObjectId } from "./object-id.js";

export interface EmulatedSite {
  readonly id: string;
  readonly displayName: string;
  readonly shortName: string;
  readonly createdOn: string;
}

export interface EmulatedToken {
  readonly value: string;
  readonly scopes: readonly string[];
  readonly siteIds: readonly string[];
  /** Site tokens do not reach the endpoints of `/token`. */
  readonly kind: "site" | "oauth";
}

export interface EmulatedFolder {
  readonly id: string;
  readonly siteId: string;
  readonly displayName: string;
  readonly parentFolder: string | null;
  readonly createdOn: string;
}

export interface EmulatedAsset {
  readonly id: string;
  readonly siteId: string;
  readonly originalFileName: string;
  readonly fileHash: string;
  readonly contentType: string;
  readonly key: string;
  readonly parentFolder: string | null;
  readonly createdOn: string;
  displayName: string;
  altText: string | null;
  lastUpdated: string;
}

/** What S3 holds under a key. */
export interface StoredObject {
  readonly bytes: Buffer;
  /** MD5 of the bytes. */
  readonly etag: string;
  readonly contentType: string;
  readonly cacheControl: string | undefined;
}

/** Everything that the emulated Webflow and its bucket hold. */
export interface Library {
  readonly sites: Map<string, EmulatedSite>;
  readonly tokens: Map<string, EmulatedToken>;
  readonly folderRecords: Map<string, EmulatedFolder>;
  readonly assetRecords: Map<string, EmulatedAsset>;
  readonly objects: Map<string, StoredObject | (() => StoredObject)>;
  /** The emulator's clock, in milliseconds since the epoch. */
  now(): number;
  folders(siteId: string): EmulatedFolder[];
  /** With what S3 holds for each; `md5` is that of the stored bytes. */
  assets(siteId: string): (EmulatedAsset & { hasBytes: boolean; size: number; md5: string | undefined })[];
  object(key: string): StoredObject | undefined;
  /** Whether a key holds bytes, without making them when they are made on demand. */
  hasObject(key: string): boolean;
  addSite(displayName: string): EmulatedSite;
  addToken(token?: Partial<EmulatedToken>): EmulatedToken;
  addFolder(folder: { siteId: string; displayName: string; parentFolder?: string | null }): EmulatedFolder;
  addAsset(asset: NewEmulatedAsset): EmulatedAsset;
  putObject(key: string, bytes: Buffer, contentType: string, cacheControl?: string): StoredObject;
}

export interface NewEmulatedAsset {
  readonly siteId: string;
  readonly fileName: string;
  readonly contentType: string;
  readonly fileHash?: string;
  readonly parentFolder?: string | null;
  readonly altText?: string | null;
  readonly displayName?: string;
  /** Left out for a record whose upload never finished; a function makes them when they are asked for. */
  readonly bytes?: Buffer | (() => Buffer);
  /** Needed besides a function for the bytes. */
  readonly size?: number;
}

export const ALL_SCOPES = ["assets:read", "assets:write", "sites:read", "authorized_user:read"];

export function createLibrary(clockOffset: () => number): Library {
  const sizes = new Map<string, number>();
  const library: Library = {
    sites: new Map(),
    tokens: new Map(),
    folderRecords: new Map(),
    assetRecords: new Map(),
    objects: new Map(),
    now: () => Date.now() + clockOffset(),

    folders: (siteId) => [...library.folderRecords.values()].filter((folder) => folder.siteId === siteId),

    assets: (siteId) =>
      [...library.assetRecords.values()]
        .filter((asset) => asset.siteId === siteId)
        .map((asset) => {
          const stored = library.objects.get(asset.key);
          const size = typeof stored === "function" ? sizes.get(asset.key) : stored?.bytes.length;
          const md5 = typeof stored === "function" ? asset.fileHash : stored?.etag;
          return { ...asset, hasBytes: stored !== undefined, size: size ?? 0, md5 };
        }),

    object(key) {
      const stored = library.objects.get(key);
      return typeof stored === "function" ? stored() : stored;
    },

    hasObject: (key) => library.objects.has(key),

    addSite(displayName) {
      const id = newObjectId(library.now());
      const shortName = displayName.toLowerCase().replace(/[^a-z0-9]+/g, "-");
      const site = { id, displayName, shortName, createdOn: timestamp(library) };
      library.sites.set(id, site);
      return site;
    },

    addToken(token = {}) {
      const added: EmulatedToken = {
        value: token.value ?? `emulated-${newObjectId(library.now())}`,
        scopes: token.scopes ?? ALL_SCOPES,
        siteIds: token.siteIds ?? [...library.sites.keys()],
        kind: token.kind ?? "oauth",
      };
      library.tokens.set(added.value, added);
      return added;
    },

    addFolder({ siteId, displayName, parentFolder = null }) {
      const id = newObjectId(library.now());
      const folder = { id, siteId, displayName, parentFolder, createdOn: timestamp(library) };
      library.folderRecords.set(id, folder);
      return folder;
    },

    addAsset({ siteId, fileName, contentType, parentFolder = null, altText = null, bytes, size, ...rest }) {
      const id = newObjectId(library.now());
      const key = `${siteId}/${id}_${fileName}`;
      const fileHash =
        rest.fileHash ?? (Buffer.isBuffer(bytes) ? md5(bytes) : newObjectId(0).padEnd(32, "0"));
      const createdOn = timestamp(library);
      const asset: EmulatedAsset = {
        id,
        siteId,
        originalFileName: fileName,
        fileHash,
        contentType,
        key,
        parentFolder,
        createdOn,
        displayName: rest.displayName ?? fileName,
        altText,
        lastUpdated: createdOn,
      };
      library.assetRecords.set(id, asset);
      if (Buffer.isBuffer(bytes)) library.putObject(key, bytes, contentType);
      if (typeof bytes === "function") {
        sizes.set(key, size ?? 0);
        library.objects.set(key, () => storedObject(bytes(), contentType));
      }
      return asset;
    },

    putObject(key, bytes, contentType, cacheControl) {
      const stored = storedObject(bytes, contentType, cacheControl);
      library.objects.set(key, stored);
      return stored;
    },
  };
  return library;
}

export function timestamp(library: Pick<Library, "now">): string {
  return new Date(library.now()).toISOString();
}

function storedObject(bytes: Buffer, contentType: string, cacheControl?: string): StoredObject {
  return { bytes, etag: md5(bytes), contentType, cacheControl: cacheControl ?? "max-age=31536000" };
}

function md5(bytes: Buffer): string {
  return createHash("md5").update(bytes).digest("hex");
}
