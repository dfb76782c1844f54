import type { Asset } from "../webflow/responses.js";

/** What every answer about an asset tells. */
export interface AssetSummary {
  readonly id: string;
  /** The display name. */
  readonly name: string;
  readonly contentType: string;
  /** Bytes; 0 for a record whose file was never uploaded. */
  readonly size: number;
  readonly url?: string;
  /** Absent when it has none. */
  readonly altText?: string;
}

/** The facts of an asset as answers spell them; what Webflow left out gets a value that claims nothing. */
export function summaryOf(
  asset: Pick<
    Asset,
    "id" | "displayName" | "originalFileName" | "contentType" | "size" | "hostedUrl" | "altText"
  >,
): AssetSummary {
  const { id, displayName, originalFileName, contentType, size, hostedUrl, altText } = asset;
  return {
    id,
    name: displayName || originalFileName || id,
    contentType: contentType ?? "application/octet-stream",
    size: size ?? 0,
    ...(hostedUrl !== undefined && { url: hostedUrl }),
    ...(altText && { altText }),
  };
}
