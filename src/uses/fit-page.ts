import type { AssetWithUses } from "../contract/find-uses.js";
import { countFitting, estimateTokens } from "../core/answer-size.js";

/** What an answer may cost: a first page of 50 assets 3,000 tokens, the largest page 6,200. */
const LEAST_TOKENS = 3_000;
const MOST_TOKENS = 6_200;
const TOKENS_AN_ASSET = 60;
/** Estimates are made for natural language; ids, paths and field names cost this much less. */
const OVERESTIMATE = 1.28;
/** How many uses of each asset to show, from many to few. */
const USES_SHOWN = [10, 6, 4, 3, 2, 1];

/**
 * A page that a model can read: for each asset as many uses as there is room for, with the rest counted; if even one
 * of each is too much, fewer assets. `rest` is the rest of the answer.
 */
export function fitPage(assets: readonly AssetWithUses[], rest: object): AssetWithUses[] {
  const whole = Math.min(MOST_TOKENS, Math.max(LEAST_TOKENS, assets.length * TOKENS_AN_ASSET));
  const room = whole * OVERESTIMATE - estimateTokens(JSON.stringify(rest));
  for (const count of USES_SHOWN) {
    const page = assets.map((asset) => withUses(asset, count));
    if (estimateTokens(JSON.stringify(page)) <= room) return page;
  }
  const shortest = assets.map((asset) => withUses(asset, 1));
  return shortest.slice(0, countFitting(shortest, room));
}

function withUses(asset: AssetWithUses, count: number): AssetWithUses {
  const more = (asset.moreUses ?? 0) + Math.max(0, asset.uses.length - count);
  return { ...asset, uses: asset.uses.slice(0, count), ...(more > 0 && { moreUses: more }) };
}
