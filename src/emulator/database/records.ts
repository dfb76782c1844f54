/** A language that a site is published in. */
export interface EmulatedLocale {
  /** `localeId` of assets, pages and components. */
  readonly id: string;
  /** `cmsLocaleId` of CMS items. */
  readonly cmsLocaleId: string;
  /** If not, it is published nowhere. */
  readonly enabled: boolean;
  readonly displayName: string;
  /** The asset with its flag. */
  readonly displayImageId: string | null;
  readonly redirect: boolean;
  /** The first part of its paths, without slashes; empty for none. */
  readonly subdirectory: string;
  /** Such as `de-DE`. */
  readonly tag: string;
}

/** A host that a site is published to. */
export interface EmulatedDomain {
  readonly id: string;
  /** `www.example.com`, with a port where it needs one, without a scheme. */
  readonly url: string;
  readonly lastPublished: string | null;
}

export interface EmulatedSite {
  readonly id: string;
  readonly displayName: string;
  readonly shortName: string;
  readonly createdOn: string;
  /** The id in the URLs of CMS files: not the site's, and in no answer. */
  readonly cmsBucketId: string;
  readonly locales: { readonly primary: EmulatedLocale; readonly secondary: EmulatedLocale[] };
  customDomains: readonly EmulatedDomain[];
  lastPublished: string | null;
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
  /** Alt texts of secondary locales, by the locale's id; a missing one was never set. */
  readonly localizedAltTexts: Map<string, string | null>;
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
  /** Made on demand if the object was added with a function. */
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
  /** Absent if the upload never finished; a function has to return the same bytes each time. */
  readonly bytes?: Buffer | (() => Buffer);
  /** Milliseconds since the epoch; now when left out. */
  readonly createdAtMs?: number;
}

export type NewEmulatedLocale = Pick<EmulatedLocale, "tag"> & Partial<EmulatedLocale>;
