import { type Asset, type AssetDetails, createdAt, typeLabel } from "../data/asset.js";
import { ancestry } from "../data/folders.js";
import { element, foreignText } from "../elements/dom.js";
import { formatDate, formatSize } from "../elements/format.js";

/** What is known of an asset, as a list of terms. `pixels`: width × height. */
export function assetFacts(
  asset: Asset | AssetDetails,
  pixels: string | undefined,
  showFolder: (path: string) => void,
): HTMLElement {
  const details: Partial<AssetDetails> = asset;
  const facts: [string, string | Node | undefined][] = [
    ["Type", asset.contentType || typeLabel(asset)],
    ["Size", formatSize(asset.size)],
    ["Pixels", pixels],
    ["Folder", asset.folder ? folderLink(asset.folder, showFolder) : "None (root)"],
    ["File name", details.fileName && foreignText(details.fileName)],
    ["Created", createdOn(asset)],
    ["Updated", details.lastUpdated && formatDate(details.lastUpdated)],
    ["Id", element("code", {}, asset.id)],
  ];
  const list = element("dl", { class: "facts" });
  for (const [term, fact] of facts) {
    if (fact) list.append(element("dt", {}, term), element("dd", {}, fact));
  }
  return list;
}

function createdOn(asset: Asset | AssetDetails): string | undefined {
  const { createdOn: told }: Partial<AssetDetails> = asset;
  if (told) return formatDate(told);
  const seconds = createdAt(asset);
  return seconds > 0 ? formatDate(new Date(seconds * 1000).toISOString()) : undefined;
}

function folderLink(path: string, showFolder: (path: string) => void): HTMLElement {
  const names = ancestry(path).map(({ name }) => name);
  return element(
    "button",
    { type: "button", class: "link", onclick: () => showFolder(path) },
    foreignText(names.join(" / ")),
  );
}
