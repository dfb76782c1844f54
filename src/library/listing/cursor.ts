import { createHash } from "node:crypto";
import * as z from "zod";
import { AssetError } from "../../core/errors.js";
import { parseJson } from "../../core/parse-json.js";

/** Where a walk through a listing stands. */
export interface ListingPosition {
  /** Which reading of the listing the walk goes through. */
  readonly listingId: string;
  /** How many entries of that reading the walk has passed, matching or not. */
  readonly index: number;
  /** The last of them: where to continue if that reading is no longer kept. */
  readonly lastAssetId: string;
}

const positionSchema = z.tuple([z.string(), z.int().positive(), z.string()]);
const DIGEST_LENGTH = 8;

/** The position as opaque text. `question` is the query; the cursor continues no other one. */
export function writeListingCursor(position: ListingPosition, question: unknown): string {
  return seal(JSON.stringify([position.listingId, position.index, position.lastAssetId]), question);
}

/** Reads what {@link writeListingCursor} wrote. Throws INVALID_INPUT for any other text, and for another query. */
export function readListingCursor(cursor: string, question: unknown): ListingPosition {
  const text = Buffer.from(cursor, "base64url").toString().slice(DIGEST_LENGTH);
  const parsed = positionSchema.safeParse(parseJson(text));
  if (!parsed.success || cursor !== seal(text, question)) {
    throw new AssetError(
      "INVALID_INPUT",
      "This tool did not issue the cursor for these arguments",
      "repeat the arguments of the previous page, or leave cursor out to start again",
    );
  }
  const [listingId, index, lastAssetId] = parsed.data;
  return { listingId, index, lastAssetId };
}

function seal(text: string, question: unknown): string {
  const digest = createHash("sha256")
    .update(JSON.stringify([text, question]))
    .digest("base64url");
  return Buffer.from(digest.slice(0, DIGEST_LENGTH) + text).toString("base64url");
}
