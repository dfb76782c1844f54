import { isAssetError } from "../core/errors.js";

/** What an error tells, as a sentence within another message; empty for none. */
export function reasonOf(error: unknown): string {
  if (error === undefined) return "";
  return isAssetError(error) ? error.message.replace(/\.?$/, ".") : "An unexpected error occurred.";
}
