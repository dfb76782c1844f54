import type { CallContext } from "../core/call-context.js";
import type { ListedAsset } from "./listing/listing-entries.js";

/** What is known about the places that refer to an asset. */
export interface AssetUses {
  /** Whether something shows it; a style sheet, a comment or a copy alone is no proof of use. */
  readonly isUsed: boolean;
  /** In words, the most telling first: `/about (image)`. */
  readonly uses: readonly string[];
  /** How many more there are. */
  readonly more: number;
}

/** What a look at the site found before assets are deleted from it. */
export interface UsesBeforeDeletion {
  /** By the id of the asset; assets for which nothing was found are left out. */
  readonly byAsset: ReadonlyMap<string, AssetUses>;
  /** Whether anything could be read at all. */
  readonly wasRead: boolean;
  /** What was not read, each with its reason. */
  readonly notRead: readonly string[];
}

/** Looks for references to the assets, as far as the call leaves time. Fails only if the call is cancelled. */
export type LookForUses = (
  siteId: string,
  assets: readonly ListedAsset[],
  call: CallContext,
) => Promise<UsesBeforeDeletion>;

const MOST_NAMED = 3;

/** The uses on one line, as many as a person reads. */
export function describeUses({ uses, more }: AssetUses): string {
  const left = uses.length + more - MOST_NAMED;
  return uses.slice(0, MOST_NAMED).join(", ") + (left > 0 ? ` and ${left} more` : "");
}

/** What was not looked at, as a sentence; undefined if everything was that can be. */
export function describeUnread({ wasRead, notRead }: UsesBeforeDeletion): string | undefined {
  if (!wasRead) return `Uses were not checked: ${notRead.join("; ")}.`;
  return notRead.length > 0 ? `Uses were searched for, except in: ${notRead.join("; ")}.` : undefined;
}
