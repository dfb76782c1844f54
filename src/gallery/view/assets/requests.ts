import type { Asset } from "../data/asset.js";
import { cut } from "../elements/dom.js";

/*
 * What the view says in the user's name. Names and alt texts of assets were written by others: they stand quoted,
 * cut, and after the request.
 */

export function useRequest(assets: readonly Asset[]): string {
  const lines = assets.map(
    ({ id, name, url }) => `- ${id}, ${JSON.stringify(cut(name, 120))}${url ? `, ${url}` : ""}`,
  );
  return `Use ${assets.length === 1 ? "this Webflow asset" : `these ${assets.length} Webflow assets`}:\n${lines.join("\n")}`;
}

export function describeRequest({ id, name }: Asset): string {
  return (
    `Look at the Webflow asset ${id} (viewAsset), suggest an alt text for it, ` +
    `and set it (updateAssets) once I agree. Its name: ${JSON.stringify(cut(name, 120))}`
  );
}
