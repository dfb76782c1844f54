import type { CallContext } from "../core/call-context.js";
import { isAssetError } from "../core/errors.js";
import type { WebflowClient } from "../webflow/client.js";
import { isNotFound } from "../webflow/error-mapping.js";
import type { AssetRecord } from "./asset-record.js";
import type { FileToUpload } from "./file-to-upload.js";

/** Alt text and display name of an uploaded asset. */
export interface AssetTexts {
  /** Sets what was asked for on an asset of our own. Resolves with notes on what could not be set. */
  set(record: AssetRecord, file: FileToUpload, call: CallContext): Promise<string[] | "gone">;
  /** Sets what was asked for where a reused asset has nothing; the texts that it has, it keeps. */
  setWhereMissing(record: AssetRecord, file: FileToUpload, call: CallContext): Promise<KeptTexts | "gone">;
}

export interface KeptTexts {
  /** The alt text that the asset has now; undefined when it was not looked at. */
  readonly altText: string | undefined;
  readonly notes: readonly string[];
}

export function createAssetTexts(webflow: WebflowClient): AssetTexts {
  async function set(
    record: AssetRecord,
    { displayName, altText }: Pick<FileToUpload, "displayName" | "altText">,
    call: CallContext,
  ): Promise<string[] | "gone"> {
    if (displayName === undefined && altText === undefined) return [];
    try {
      await webflow.updateAsset(record.id, { displayName, altText }, call);
      return [];
    } catch (error) {
      if (isNotFound(error)) return "gone";
      const what = [altText !== undefined && "alt text", displayName !== undefined && "display name"];
      const names = what.filter((name) => name !== false).join(" and ");
      const why = isAssetError(error) ? error.message : "an unforeseen error";
      return [`The file is uploaded, but its ${names} could not be set (${why}); updateAssets can set it.`];
    }
  }

  return {
    set,

    async setWhereMissing(record, file, call) {
      if (file.displayName === undefined && file.altText === undefined)
        return { altText: undefined, notes: [] };
      const asset = await webflow.getAsset(record.id, call);
      const hasAltText = (asset.altText ?? "") !== "";
      const hasDisplayName = !isDefaultName(asset.displayName, asset.originalFileName ?? record.fileName);
      const altText = hasAltText ? undefined : file.altText;
      const displayName = hasDisplayName ? undefined : file.displayName;
      const notes = [
        ...keeping("alt text", file.altText, hasAltText ? asset.altText : undefined),
        ...keeping("display name", file.displayName, hasDisplayName ? asset.displayName : undefined),
      ];
      const failed = await set(record, { altText, displayName }, call);
      if (failed === "gone") return "gone";
      return {
        altText: failed.length === 0 ? (altText ?? asset.altText) : asset.altText,
        notes: [...notes, ...failed],
      };
    },
  };
}

/** Characters of a text of others that a note repeats. */
const MOST_REPEATED = 200;

function keeping(what: string, wanted: string | undefined, existing: string | undefined): string[] {
  if (wanted === undefined || !existing || wanted === existing) return [];
  const shown = existing.length > MOST_REPEATED ? `${existing.slice(0, MOST_REPEATED)}…` : existing;
  return [`It keeps the ${what} that it has, "${shown}"; updateAssets changes it.`];
}

/** Whether the display name is the one that Webflow gave by itself: the file name, perhaps behind an id. */
function isDefaultName(displayName: string | undefined, fileName: string): boolean {
  return displayName === undefined || displayName.replace(/^[0-9a-f]{24}_/, "") === fileName;
}
