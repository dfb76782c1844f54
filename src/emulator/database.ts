import { createHash, randomBytes } from "node:crypto";
import { newObjectId } from "./object-id.js";

export interface EmulatedSite {
  readonly id: string;
  readonly displayName: string;
  readonly shortName: string;
  readonly createdOn: string;
}

export interface EmulatedToken {
  readonly id: string;
  readonly value: string;
  readonly createdOn: string;
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
  /** `api`: by a request of stage 1; `somebody else`: by the database's own functions. */
  readonly madeBy: "api" | "somebody else";
  displayName: string;
  altText: string | null;
  lastUpdated: string;
}

/** What S3 holds under a key. */
export interface StoredObject {
  /** Bytes. */
  readonly size: number;
  /** MD5 of the bytes, in hex. */
  readonly etag: string;
  readonly contentType: string;
  readonly cacheControl: string;
  /** Milliseconds since the epoch. */
  readonly storedAtMs: number;
  /** Made on demand where the object was added with a function. */
  readonly bytes: Buffer;
}

/** An asset, and what S3 holds for it. */
export interface AssetWithObject extends EmulatedAsset {
  readonly hasBytes: boolean;
  /** Bytes that S3 holds; 0 before the upload. */
  readonly size: number;
  /** MD5 of the bytes that S3 holds, whatever fileHash says. */
  readonly md5: string | undefined;
}

/** Everything that the emulated Webflow and its bucket hold. */
export interface Database {
  readonly sites: Map<string, EmulatedSite>;
  readonly tokens: Map<string, EmulatedToken>;
  readonly folderRecords: Map<string, EmulatedFolder>;
  readonly assetRecords: Map<string, EmulatedAsset>;
  readonly objects: Map<string, StoredObject>;
  /** Assets that requests deleted, oldest first. */
  readonly deletedAssets: EmulatedAsset[];
  /** The emulator's clock, in milliseconds since the epoch. */
  now(): number;
  folders(siteId: string): EmulatedFolder[];
  assets(siteId: string): AssetWithObject[];
  object(key: string): StoredObject | undefined;
  hasObject(key: string): boolean;
  /** Removes an asset and its bytes. */
  deleteAsset(id: string): void;
  addSite(displayName: string): EmulatedSite;
  addToken(token?: Partial<EmulatedToken>): EmulatedToken;
  addFolder(folder: NewEmulatedFolder): EmulatedFolder;
  addAsset(asset: NewEmulatedAsset): EmulatedAsset;
  putObject(key: string, bytes: Buffer, contentType: string, cacheControl?: string): StoredObject;
}

export interface NewEmulatedFolder {
  readonly siteId: string;
  readonly displayName: string;
  readonly parentFolder?: string | null;
  /** Milliseconds since the epoch; now when left out. */
  readonly createdAtMs?: number;
}

export interface NewEmulatedAsset {
  readonly siteId: string;
  readonly fileName: string;
  readonly contentType: string;
  readonly fileHash?: string;
  readonly parentFolder?: string | null;
  readonly altText?: string | null;
  readonly displayName?: string;
  readonly madeBy?: EmulatedAsset["madeBy"];
  /** Left out for a record whose upload never finished; a function makes the same ones each time they are asked for. */
  readonly bytes?: Buffer | (() => Buffer);
  /** Milliseconds since the epoch; now when left out. */
  readonly createdAtMs?: number;
}

const ALL_SCOPES = ["assets:read", "assets:write", "sites:read", "authorized_user:read"];
const CACHE_CONTROL = "max-age=31536000";

/** A database without any site. `clockOffset` is how far its clock is ahead of this machine's, in milliseconds. */
export function createDatabase(clockOffset: () => number): Database {
  const database: Database = {
    sites: new Map(),
    tokens: new Map(),
    folderRecords: new Map(),
    assetRecords: new Map(),
    objects: new Map(),
    deletedAssets: [],
    now: () => Date.now() + clockOffset(),

    folders: (siteId) => [...database.folderRecords.values()].filter((folder) => folder.siteId === siteId),

    assets: (siteId) =>
      [...database.assetRecords.values()]
        .filter((asset) => asset.siteId === siteId)
        .map((asset) => {
          const stored = database.objects.get(asset.key);
          return { ...asset, hasBytes: stored !== undefined, size: stored?.size ?? 0, md5: stored?.etag };
        }),

    object: (key) => database.objects.get(key),
    hasObject: (key) => database.objects.has(key),

    deleteAsset(id) {
      const asset = database.assetRecords.get(id);
      if (!asset) return;
      database.assetRecords.delete(id);
      database.objects.delete(asset.key);
      database.deletedAssets.push(asset);
    },

    addSite(displayName) {
      const id = newObjectId(database.now());
      const shortName = displayName.toLowerCase().replace(/[^a-z0-9]+/g, "-");
      const site = { id, displayName, shortName, createdOn: timestamp(database) };
      database.sites.set(id, site);
      return site;
    },

    addToken(token = {}) {
      const id = newObjectId(database.now());
      const added: EmulatedToken = {
        id,
        value: `emulated-${randomBytes(24).toString("hex")}`,
        createdOn: timestamp(database),
        scopes: ALL_SCOPES,
        siteIds: [...database.sites.keys()],
        kind: "oauth",
        ...token,
      };
      database.tokens.set(added.value, added);
      return added;
    },

    addFolder({ siteId, displayName, parentFolder = null, createdAtMs = database.now() }) {
      const id = newObjectId(createdAtMs);
      const createdOn = new Date(createdAtMs).toISOString();
      const folder = { id, siteId, displayName, parentFolder, createdOn };
      database.folderRecords.set(id, folder);
      return folder;
    },

    addAsset({ siteId, fileName, contentType, bytes, createdAtMs = database.now(), ...rest }) {
      const id = newObjectId(createdAtMs);
      const key = `${siteId}/${id}_${fileName}`;
      const createdOn = new Date(createdAtMs).toISOString();
      const stored = bytes && putObject(key, bytes, contentType);
      const asset: EmulatedAsset = {
        id,
        siteId,
        originalFileName: fileName,
        fileHash: rest.fileHash ?? stored?.etag ?? md5(Buffer.from(key)),
        contentType,
        key,
        parentFolder: rest.parentFolder ?? null,
        createdOn,
        madeBy: rest.madeBy ?? "somebody else",
        displayName: rest.displayName ?? fileName,
        altText: rest.altText ?? null,
        lastUpdated: createdOn,
      };
      database.assetRecords.set(id, asset);
      return asset;
    },

    putObject,
  };

  function putObject(
    key: string,
    source: Buffer | (() => Buffer),
    contentType: string,
    cacheControl = CACHE_CONTROL,
  ): StoredObject {
    const load = typeof source === "function" ? source : () => source;
    const bytes = load();
    const stored: StoredObject = {
      size: bytes.length,
      etag: md5(bytes),
      contentType,
      cacheControl,
      storedAtMs: database.now(),
      get bytes() {
        return load();
      },
    };
    database.objects.set(key, stored);
    return stored;
  }

  return database;
}

/** The database's time as the API writes it: ISO 8601 with milliseconds, `Z`. */
export function timestamp(database: Pick<Database, "now">): string {
  return new Date(database.now()).toISOString();
}

function md5(bytes: Buffer): string {
  return createHash("md5").update(bytes).digest("hex");
}
