import { type CallContext, millisecondsLeft, partOfCall, throwIfInterrupted } from "../core/call-context.js";
import type { AssetUses, LookForUses } from "../library/asset-uses.js";
import type { ListingCache } from "../library/listing/listing-cache.js";
import type { ListedAsset } from "../library/listing/listing-entries.js";
import type { ContentClient } from "../webflow/data-api/content-client.js";
import { NEVER_PUBLISHED, NO_DESIGN, reasonOf } from "./record/gaps.js";
import { verdictOf } from "./record/verdict.js";
import { describeUse, notReadOf } from "./report.js";
import type { SiteReading } from "./site-reading.js";
import type { UsageMaps } from "./usage-maps.js";

export interface LookForUsesDependencies {
  readonly maps: UsageMaps;
  readonly listings: ListingCache;
  readonly webflow: ContentClient;
}

/** How long reading may take before the user is asked: milliseconds, and a share of the call's time left. */
const MOST_MS = 15_000;
const MOST_OF_CALL = 0.4;
/** A library of up to this many assets is listed completely: the map then serves later calls as well. */
const LISTED_WHOLE = 1_000;
/** Calls of the Data API reserved for the deletion itself. */
const KEPT_BACK = 3;
const MOST_GAPS = 4;

/** Uses a map of what is published now, at most 10 minutes old, or else reads what it can, the published site first. */
export function createLookForUses({ maps, listings, webflow }: LookForUsesDependencies): LookForUses {
  async function open(siteId: string, assets: readonly ListedAsset[], call: CallContext) {
    const needed = assets.map(({ id }) => id);
    const known = maps.known(siteId, needed);
    const isOutdated = known !== undefined && (await wasPublishedSince(known, siteId, call));
    if (known && !isOutdated) return known;
    const listing = listings.open(siteId);
    await listing.readUpTo(1, call);
    if (!listing.isComplete && listing.total > LISTED_WHOLE) return maps.ofFew(siteId, assets);
    const { reading } = await maps.open(siteId, call, { needed, ...(isOutdated && { refresh: true }) });
    const isUsable = reading !== known && needed.every((id) => reading.seeks(id));
    return isUsable ? reading : maps.ofFew(siteId, assets);
  }

  /** What was put on a page in the minutes since the site was read is not to be deleted. */
  async function wasPublishedSince(
    reading: SiteReading,
    siteId: string,
    call: CallContext,
  ): Promise<boolean> {
    try {
      return reading.isOutdatedBy(await webflow.getSite(siteId, call));
    } catch {
      throwIfInterrupted(call);
      return false;
    }
  }

  return async (siteId, assets, call) => {
    const { call: part, stop } = partOfCall(
      call,
      Date.now() + Math.min(MOST_MS, millisecondsLeft(call) * MOST_OF_CALL),
    );
    try {
      const reading = await open(siteId, assets, part);
      await reading.readOn(part, () => webflow.callsLeft() > assets.length + KEPT_BACK);
      return reportOf(reading, assets);
    } catch (error) {
      throwIfInterrupted(call);
      return { byAsset: new Map(), wasRead: false, notRead: [`the site: ${reasonOf(error)}`] };
    } finally {
      stop();
    }
  };
}

function reportOf(reading: SiteReading, assets: readonly ListedAsset[]) {
  const { pages = 0, cmsItems = 0, draftPages = 0, components = 0 } = reading.counts;
  const gaps = notReadOf(reading)
    .slice(0, -1)
    .filter(({ why }) => why !== NEVER_PUBLISHED && why !== NO_DESIGN);
  const shown = gaps.slice(0, MOST_GAPS).map(({ what, why }) => `${what}: ${why}`);
  const left = gaps.length - shown.length;
  return {
    byAsset: new Map(assets.flatMap(({ id }) => usesOf(reading, id))),
    wasRead: reading.isEnough || pages + cmsItems + draftPages + components > 0,
    notRead: left > 0 ? [...shown, `and ${left} more`] : shown,
  };
}

function usesOf(reading: SiteReading, assetId: string): [string, AssetUses][] {
  const { uses, more } = reading.usesOf(assetId);
  if (uses.length === 0) return [];
  const shown = uses.map((use) => describeUse(use, reading.mainHost));
  const described = shown.map(({ in: where, place, detail }) => {
    return `${where} (${[place, detail].filter((one) => one !== undefined).join(", ")})`;
  });
  const found = { isUsed: verdictOf(uses, true) === "used", uses: described, more };
  return [[assetId.toLowerCase(), found]];
}
