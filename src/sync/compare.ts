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

/** The assets that a directory is compared with, by what a file can have in common with them. */
export interface ComparableAssets {
  readonly all: readonly PlacedAsset[];
  byId(id: string): PlacedAsset | undefined;
  bySize(bytes: number): readonly PlacedAsset[];
  /** The first asset in a folder under a name. */
  byName(folderPath: string, name: string): PlacedAsset | undefined;
}

/** Built once a plan, which compares thousands of files with thousands of assets. */
export function indexAssets(all: readonly PlacedAsset[]): ComparableAssets {
  const byId = new Map(all.map((asset) => [asset.id, asset]));
  const bySize = new Map<number | undefined, PlacedAsset[]>();
  const byName = new Map<string, PlacedAsset>();
  for (const asset of all) {
    const ofSameSize = bySize.get(asset.size);
    if (ofSameSize) ofSameSize.push(asset);
    else bySize.set(asset.size, [asset]);
    for (const key of nameKeysOf(asset)) if (!byName.has(key)) byName.set(key, asset);
  }
  return {
    all,
    byId: (id) => byId.get(id),
    bySize: (bytes) => bySize.get(bytes) ?? [],
    byName: (folderPath, name) => byName.get(nameKey(folderPath, name)),
  };
}

/**
 * Compares a file with the assets of its folder by bytes: it is the same as one with the same bytes, whatever its name,
 * there or in a folder below (assets cannot be moved); changed, if only the name is the same; or else new.
 */
export async function compareFile<Compared extends FileToCompare>(
  file: Compared,
  assets: ComparableAssets,
  sameBytes: SameBytes,
): Promise<ComparedFile<Compared>> {
  for (const asset of inOrderOfLikelihood(file, candidatesFor(file, assets))) {
    if (await sameBytes(file, asset)) return { file, status: "same", asset };
  }
  const namesake = assets.byName(file.folder, file.fileName);
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
  const byName = new Map(compared.map((one) => [nameKey(one.file.folder, one.file.fileName), one]));
  return assets
    .filter(({ id }) => !matched.has(id))
    .map((asset) => {
      const supersededBy = nameKeysOf(asset)
        .map((key) => byName.get(key))
        .find((one) => one !== undefined);
      return supersededBy ? { asset, supersededBy } : { asset };
    });
}

function candidatesFor({ size, rememberedId }: FileToCompare, assets: ComparableAssets): PlacedAsset[] {
  const remembered = rememberedId === undefined ? undefined : assets.byId(rememberedId);
  const ofSameSize = assets.bySize(size);
  return remembered && !ofSameSize.includes(remembered) ? [remembered, ...ofSameSize] : [...ofSameSize];
}

/** Assets in the same place with the same name first, then those in the same folder. */
function inOrderOfLikelihood(file: FileToCompare, assets: readonly PlacedAsset[]): PlacedAsset[] {
  const wanted = nameKey(file.folder, file.fileName);
  const rank = (asset: PlacedAsset): number =>
    asset.folderPath !== file.folder ? 2 : nameKeysOf(asset).includes(wanted) ? 0 : 1;
  return [...assets].sort((a, b) => rank(a) - rank(b));
}

/** The keys of the names that an asset goes by; Webflow itself used to put the id before display names. */
function nameKeysOf({ folderPath, originalFileName, displayName }: PlacedAsset): string[] {
  return [originalFileName, displayName].flatMap((name) =>
    name === undefined ? [] : nameKey(folderPath, name.replace(/^[0-9a-f]{24}_/, "")),
  );
}

function nameKey(folderPath: string, name: string): string {
  return `${folderPath}\n${name.normalize("NFC")}`;
}
