import type { CallContext } from "../../core/call-context.js";
import type { PlacedFolder } from "../../folders/folder-tree.js";
import type { ListedAsset } from "../../library/listing/listing-entries.js";

/** A file that was read and checked, and what its asset should be like. */
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
  /** What a listing of the site shows of an asset, where a batch has read one; else the asset itself is looked at. */
  readonly listed?: ((assetId: string, call: CallContext) => Promise<ListedAsset | undefined>) | undefined;
}

/** The asset as it now is on the site. */
export interface UploadedAsset {
  readonly status: "uploaded" | "reused";
  readonly id: string;
  readonly fileName: string;
  readonly contentType: string;
  readonly url: string;
  /** Where it really is, which for a reused asset may be elsewhere; undefined for the root. */
  readonly folder: PlacedFolder | undefined;
  /** Undefined if it has none, or if a reused asset was not looked at. */
  readonly altText: string | undefined;
  readonly notes: readonly string[];
}

/** The steps of an upload, in their order. */
const STEPS = { read: 1, checked: 2, folder: 3, registered: 4, sent: 5, verified: 6 } as const;

/** Reports that a step was reached, and perhaps which share of the next one was done. */
export function reportStep(call: CallContext, step: keyof typeof STEPS, message: string, ofNext = 0): void {
  call.progress(message, STEPS[step] + ofNext, STEPS.verified);
}
