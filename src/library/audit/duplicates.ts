import pLimit from "p-limit";
import type { CallContext } from "../../core/call-context.js";
import type { Downloader } from "../../sources/web/download.js";
import type { ListedAsset } from "../listing/listing-entries.js";

/** Assets that hold the same bytes. */
export interface DuplicateGroup {
  readonly assets: readonly ListedAsset[];
  /** Bytes of all but one of them. */
  readonly wasted: number;
}

export interface Duplicates {
  /** Most wasteful first. */
  readonly groups: readonly DuplicateGroup[];
  /** Assets that have the size of another one, but whose bytes could not be compared. */
  readonly notCompared: number;
}

/** How many hosted files one call may look at; the rest is reported. */
const MOST_LOOKS = 400;
const AT_ONCE = 8;

/** Finds assets of the same size and ETag at the CDN, by headers alone and without a call of the Data API. */
export async function findDuplicates(
  assets: readonly ListedAsset[],
  downloader: Downloader,
  call: CallContext,
): Promise<Duplicates> {
  const candidates = sameSize(assets);
  const looked = candidates.slice(0, MOST_LOOKS);
  const etags = await pLimit(AT_ONCE).map(looked, (asset) => etagOf(asset, downloader, call));
  const byBytes = new Map<string, ListedAsset[]>();
  looked.forEach((asset, index) => {
    const etag = etags[index];
    if (etag === undefined) return;
    const key = `${asset.size} ${etag}`;
    byBytes.set(key, [...(byBytes.get(key) ?? []), asset]);
  });
  const groups = [...byBytes.values()]
    .filter((group) => group.length > 1)
    .map((group) => ({ assets: group, wasted: (group.length - 1) * (group[0]?.size ?? 0) }))
    .sort((a, b) => b.wasted - a.wasted);
  const unknown = etags.filter((etag) => etag === undefined).length;
  return { groups, notCompared: unknown + candidates.length - looked.length };
}

/** Assets that share their size with another, the largest first. */
function sameSize(assets: readonly ListedAsset[]): ListedAsset[] {
  const bySize = new Map<number, ListedAsset[]>();
  for (const asset of assets) {
    if (asset.size) bySize.set(asset.size, [...(bySize.get(asset.size) ?? []), asset]);
  }
  return [...bySize.values()]
    .filter((group) => group.length > 1)
    .flat()
    .sort((a, b) => (b.size ?? 0) - (a.size ?? 0));
}

async function etagOf({ hostedUrl }: ListedAsset, downloader: Downloader, call: CallContext) {
  if (hostedUrl === undefined || call.signal.aborted) return undefined;
  try {
    const { status, etag } = await downloader.probe(hostedUrl, call);
    return status === 200 ? etag?.toLowerCase() : undefined;
  } catch {
    return undefined;
  }
}
