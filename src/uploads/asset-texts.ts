import type { CallContext } from "../core/call-context.js";
import { isAssetError } from "../core/errors.js";
import { present } from "../core/present.js";
import { cutText } from "../core/text.js";
import type { ListedAsset } from "../library/listing/listing-entries.js";
import { setTexts } from "../library/updates/set-texts.js";
import type { WebflowClient } from "../webflow/data-api/client.js";
import { isNotFound } from "../webflow/data-api/error-mapping.js";
import { lookUntil } from "../webflow/look-until.js";
import type { FileToUpload } from "./file/file-to-upload.js";
import type { AssetRecord } from "./record/asset-record.js";

/** Alt text and display name of an uploaded asset. */
export interface AssetTexts {
  /** Sets the texts, waiting for a new asset to be found. Resolves with notes on what failed, or to `not found`. */
  set(record: NamedRecord, texts: Texts, call: CallContext): Promise<string[] | "not found">;
  /** Sets the requested texts where the reused `asset` has none; it keeps those that it has. */
  setWhereMissing(
    asset: ListedAsset,
    record: NamedRecord,
    file: Texts,
    call: CallContext,
  ): Promise<KeptTexts>;
}

type Texts = Pick<FileToUpload, "displayName" | "altText">;
type NamedRecord = Pick<AssetRecord, "id" | "fileName">;

/** Whether any text is to be set. */
export function hasTexts({ displayName, altText }: Texts): boolean {
  return displayName !== undefined || altText !== undefined;
}

export interface KeptTexts {
  /** The alt text that the asset now has. */
  readonly altText: string | undefined;
  readonly notes: readonly string[];
}

/** `lagMs` is how long Webflow may take to find what it has just created, in milliseconds. */
export function createAssetTexts(webflow: WebflowClient, lagMs: number): AssetTexts {
  async function setOnce(record: NamedRecord, { displayName, altText }: Texts, call: CallContext) {
    try {
      await setTexts(webflow, record.id, { displayName, altText }, call, { lagMs });
      return [];
    } catch (error) {
      if (isNotFound(error)) return "not found";
      return [notSet({ displayName, altText }, isAssetError(error) ? error.message : "an unexpected error")];
    }
  }

  async function set(record: NamedRecord, texts: Texts, call: CallContext): Promise<string[] | "not found"> {
    if (!hasTexts(texts)) return [];
    return lookUntil(
      () => setOnce(record, texts, call),
      (outcome) => outcome !== "not found",
      lagMs,
      call,
    );
  }

  return {
    set,

    async setWhereMissing(asset, record, file, call) {
      const hasAltText = (asset.altText ?? "") !== "";
      const hasDisplayName = !isDefaultName(asset.displayName, asset.originalFileName ?? record.fileName);
      const missing = {
        altText: hasAltText ? undefined : file.altText,
        displayName: hasDisplayName ? undefined : file.displayName,
      };
      const outcome = await set(record, missing, call);
      const failed = outcome === "not found" ? [notSet(missing)] : outcome;
      return {
        altText: failed.length === 0 ? (missing.altText ?? asset.altText) : asset.altText,
        notes: [
          ...keeping("alt text", file.altText, hasAltText ? asset.altText : undefined),
          ...keeping("display name", file.displayName, hasDisplayName ? asset.displayName : undefined),
          ...failed,
        ],
      };
    },
  };
}

const NOT_FOUND_YET = "Webflow does not find the asset yet";
/** How many characters of an existing text a note repeats. */
const MOST_REPEATED = 200;

/** The note for texts that could not be set although the asset exists. */
export function notSet({ displayName, altText }: Texts, why = NOT_FOUND_YET): string {
  const what = present(altText !== undefined && "alt text", displayName !== undefined && "display name");
  return `The file is uploaded, but its ${what.join(" and ")} could not be set (${why}); updateAssets can set it.`;
}

function keeping(what: string, wanted: string | undefined, existing: string | undefined): string[] {
  if (wanted === undefined || !existing || wanted === existing) return [];
  return [`It keeps its current ${what}, "${cutText(existing, MOST_REPEATED)}"; updateAssets changes it.`];
}

/** Whether Webflow chose the display name by itself: the file name, perhaps with an id in front. */
function isDefaultName(displayName: string | undefined, fileName: string): boolean {
  return displayName === undefined || displayName.replace(/^[0-9a-f]{24}_/, "") === fileName;
}
