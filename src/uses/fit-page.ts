import type { FindUsesResult } from "../contract/find-uses.js";

type FoundAsset = FindUsesResult["assets"][number];

/** How much of a page's tokens its assets may take: 3,000 in all for a first page of 50. */
const MOST_TOKENS = 2_600;
/** Uses of each asset that are told, from many to few. */
const USES_TOLD = [10, 6, 4, 3, 2, 1];

/**
 * A page that a model can read: of each asset as many uses as there is room for, the rest counted; where one of each is
 * too much, fewer assets.
 */
export function fitPage(assets: readonly FoundAsset[]): FoundAsset[] {
  for (const count of USES_TOLD) {
    const page = assets.map((asset) => withUses(asset, count));
    if (tokensOf(page) <= MOST_TOKENS) return page;
  }
  const page: FoundAsset[] = [];
  let tokens = 0;
  for (const asset of assets) {
    const shortened = withUses(asset, 1);
    tokens += tokensOf([shortened]);
    if (tokens > MOST_TOKENS && page.length > 0) break;
    page.push(shortened);
  }
  return page;
}

function withUses(asset: FoundAsset, count: number): FoundAsset {
  const more = (asset.moreUses ?? 0) + Math.max(0, asset.uses.length - count);
  return { ...asset, uses: asset.uses.slice(0, count), ...(more > 0 && { moreUses: more }) };
}

/** o200k tokens, roughly and rather too many: ids take more of them than words do, and other scripts more still. */
function tokensOf(assets: readonly FoundAsset[]): number {
  return assets.reduce((sum, { name, uses }) => {
    const texts = [name, ...uses.flatMap((use) => [use.in, use.detail ?? ""])];
    return sum + 32 + uses.length * 9 + texts.reduce((all, text) => all + textTokens(text), 0);
  }, 0);
}

function textTokens(text: string): number {
  return Buffer.byteLength(text) / 3;
}
