import type { Call } from "../call.js";
import type { PlacedFolder } from "./folder-tree.js";

/** A file that was read and judged, and what its asset is to be like. */
export interface FileToUpload {
  readonly bytes: Buffer;
  /** MD5 of `bytes`, 32 lower-case hex digits. */
  readonly md5: string;
  readonly fileName: string;
  readonly contentType: string;
  readonly displayName?: string | undefined;
  readonly altText?: string | undefined;
}

export interface UploadTarget {
  readonly siteId: string;
  /** Undefined for the root. */
  readonly folder: PlacedFolder | undefined;
}

/** The asset as it is on the site now. */
export interface UploadedAsset {
  readonly status: "uploaded" | "reused";
  readonly id: string;
  readonly fileName: string;
  readonly contentType: string;
  readonly url: string;
  /** Where it really lies, which for a reused asset may be elsewhere; undefined for the root. */
  readonly folder: PlacedFolder | undefined;
  /** Undefined when it has none, or for a reused asset, when it was not looked at. */
  readonly altText: string | undefined;
  readonly notes: readonly string[];
}

/** Brings one file to a finished asset. */
export interface Uploader {
  /** Throws an `AssetError`; whatever it throws, no record without its bytes is left (else UPLOAD_INCOMPLETE names it). */
  upload(target: UploadTarget, file: FileToUpload, call: Call): Promise<UploadedAsset>;
}
