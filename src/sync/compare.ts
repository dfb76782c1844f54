import type { ListedAsset } from "../library/listing/listing-entries.js";

/** What the plan needs to know about a local file. */
export interface FileToCompare {
  readonly path: string;
  /** Path of its folder, from the root of the site. */
  readonly folder: string;
  /** The name that it is uploaded under. */
  readonly fileName: string;
  readonly md5: string;
  readonly size: number;
  /** The asset that this file became according to the ledger, perhaps as other bytes. */
  readonly rememberedId?: string | undefined;
}

/** An asset and the path of its folder. */
export interface PlacedAsset extends ListedAsset {
  readonly folderPath: string;
}

/** How the bytes of a file and an asset compare, found out by whoever can look. */
export type SameBytes = (file: FileToCompare, asset: PlacedAsset) => Promise<boolean>;

export interface ComparedFile<Compared extends FileToCompare = FileToCompare> {
  readonly file: Compared;
  readonly status: "new" | "same" | "changed";
  /** The asset that holds the same bytes, or the one with the same name that holds others. */
  readonly asset?: PlacedAsset;
}

/**
 * Compares a file with the assets of the folder that it is synced to, by bytes: it is the same as an asset in its
 * folder with the same bytes, whatever its name, or as one in a folder below (assets cannot be moved); changed, if
 * only the name is the same; otherwise new.
 */
export async function compareFile<Compared extends FileToCompare>(
  file: Compared,
  assets: readonly PlacedAsset[],
  sameBytes: SameBytes,
): Promise<ComparedFile<Compared>> {
  const candidates = assets.filter(({ id, size }) => size === file.size || id === file.rememberedId);
  const same = await firstOf(inOrderOfLikelihood(file, candidates), (asset) => sameBytes(file, asset));
  if (same) return { file, status: "same", asset: same };
  const namesake = assets.find((asset) => asset.folderPath === file.folder && hasName(asset, file.fileName));
  return namesake ? { file, status: "changed", asset: namesake } : { file, status: "new" };
}

/** Assets without a local file, and the outdated asset of the same name where a file has newer bytes. */
export function findOnlyOnSite(
  compared: readonly ComparedFile[],
  assets: readonly PlacedAsset[],
): { asset: PlacedAsset; supersededBy?: ComparedFile }[] {
  const matched = new Set(
    compared.flatMap(({ status, asset }) => (status === "same" && asset ? asset.id : [])),
  );
  return assets
    .filter(({ id }) => !matched.has(id))
    .map((asset) => {
      const supersededBy = compared.find(
        ({ file }) => file.folder === asset.folderPath && hasName(asset, file.fileName),
      );
      return supersededBy ? { asset, supersededBy } : { asset };
    });
}

/** Assets in the same place with the same name first, then those in the same folder. */
function inOrderOfLikelihood(file: FileToCompare, assets: readonly PlacedAsset[]): PlacedAsset[] {
  const rank = (asset: PlacedAsset): number =>
    asset.folderPath !== file.folder ? 2 : hasName(asset, file.fileName) ? 0 : 1;
  return [...assets].sort((a, b) => rank(a) - rank(b));
}

/** Webflow itself used to put the id before display names. */
function hasName(asset: ListedAsset, name: string): boolean {
  const wanted = name.normalize("NFC");
  return [asset.originalFileName, asset.displayName].some(
    (own) => own?.replace(/^[0-9a-f]{24}_/, "").normalize("NFC") === wanted,
  );
}

async function firstOf<Item>(
  items: readonly Item[],
  isWanted: (item: Item) => Promise<boolean>,
): Promise<Item | undefined> {
  for (const item of items) if (await isWanted(item)) return item;
  return undefined;
}
