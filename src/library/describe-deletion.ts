import { isAssetError } from "../core/errors.js";
import { present } from "../core/present.js";
import { oneLine, quotedLine } from "../core/text.js";
import { summaryOf } from "./asset-summary.js";
import { describeUnread, describeUses, type UsesBeforeDeletion } from "./asset-uses.js";
import type { ListedAsset } from "./listing/listing-entries.js";

/** An asset about to be deleted, and the path of its folder: empty for the root, undefined if unknown. */
export interface AssetToDelete {
  readonly asset: ListedAsset;
  readonly folder: string | undefined;
}

/** This many lines leave the buttons of a dialog on the screen. */
const MOST_NAMED = 8;
const MOST_FOLDERS = 4;
const LONGEST_NAME = 80;
const LONGEST_USES = 200;
const LONGEST_REMARK = 600;

/** What a person has to know to agree to a deletion. */
export interface DeletionInWords {
  /** How many: `this asset`, `these 3 assets`. */
  readonly count: string;
  readonly consequence: string;
  /**
   * One for each of the first 8 assets, those in use first; of the others only how many are in which folder; how many
   * are not deleted in any case; and what was not looked at.
   */
  readonly lines: readonly string[];
}

/** `kept`: why others that were asked for are not deleted. */
export function describeDeletion(
  all: readonly AssetToDelete[],
  uses: UsesBeforeDeletion | undefined,
  kept: readonly unknown[] = [],
): DeletionInWords {
  const count = all.length === 1 ? "this asset" : `these ${all.length} assets`;
  const isFound = ({ asset }: AssetToDelete): boolean => uses?.byAsset.has(asset.id.toLowerCase()) ?? false;
  const assets = [...all.filter(isFound), ...all.filter((one) => !isFound(one))];
  const named = assets.length <= MOST_NAMED + 1 ? assets : assets.slice(0, MOST_NAMED);
  const others = assets.slice(named.length);
  const lines = named.map(
    ({ asset, folder }) =>
      `- ${quotedLine(summaryOf(asset).name, LONGEST_NAME)}${placeOf(folder)}${usesOf(asset, uses)}`,
  );
  if (others.length > 0) lines.push(`- and ${others.length} more${totalsByFolder(others)}`);
  if (kept.length > 0) lines.push(describeKept(kept));
  const unread = uses && describeUnread(uses);
  if (unread !== undefined) lines.push(oneLine(unread, LONGEST_REMARK));
  return { count, consequence: `Pages that use ${all.length === 1 ? "it" : "them"} break.`, lines };
}

/** Who asked for them must not believe that they are part of the question. */
function describeKept(errors: readonly unknown[]): string {
  const inUse = errors.filter((error) => isAssetError(error, "IN_USE")).length;
  const others = errors.length - inUse;
  const parts = present(inUse > 0 && `${inUse} in use`, others > 0 && `${others} for another reason`);
  return `Of those asked for, ${errors.length} ${errors.length === 1 ? "stays" : "stay"}: ${parts.join(", ")}`;
}

/** Silence must not be mistaken for safety: where nothing was found, it says where it looked. */
function usesOf({ id }: ListedAsset, uses: UsesBeforeDeletion | undefined): string {
  if (!uses?.wasRead) return "";
  const found = uses.byAsset.get(id.toLowerCase());
  if (!found) return ": no reference found in what was read";
  const places = oneLine(describeUses(found), LONGEST_USES);
  return found.isUsed ? `: used on ${places}` : `: only weak references, ${places}`;
}

function totalsByFolder(assets: readonly AssetToDelete[]): string {
  const totals = new Map<string, number>();
  for (const { folder } of assets) {
    if (folder !== undefined) totals.set(folder, (totals.get(folder) ?? 0) + 1);
  }
  const largest = [...totals].sort(([, a], [, b]) => b - a).slice(0, MOST_FOLDERS);
  const parts = largest.map(([folder, total]) => `${total}${placeOf(folder)}`);
  const rest = assets.length - largest.reduce((sum, [, total]) => sum + total, 0);
  if (rest > 0 && parts.length > 0) parts.push(`${rest} elsewhere`);
  return parts.length > 0 ? `: ${parts.join(", ")}` : "";
}

function placeOf(folder: string | undefined): string {
  if (folder === undefined) return "";
  return folder === "" ? " in the root" : ` in ${quotedLine(folder, LONGEST_NAME)}`;
}
