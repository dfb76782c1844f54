/** An asset as `listAssets` gives it, for tests of what is made of listings. */
export interface ListedAsset {
  id: string;
  name: string;
  contentType: string;
  size: number;
  url?: string;
  folder?: string;
  altText?: string;
}

const NAMES = [
  "hero",
  "team-meeting",
  "harbour-at-dawn",
  "product-shot",
  "spring-banner",
  "portrait-of-ines",
];
const FOLDERS = [undefined, "Campaigns/Spring", "Campaigns/Summer", "Blog", "Brand/Logos"];
const FILES = [
  ["pdf", "application/pdf"],
  ["json", "application/json"],
  ["mp4", "video/mp4"],
] as const;

/** Asset number `index` of a library whose pictures lie below `picturesUrl`; every tenth is no picture. */
export function listedAsset(
  index: number,
  picturesUrl: string,
  changes: Partial<ListedAsset> = {},
): ListedAsset {
  const folder = FOLDERS[index % FOLDERS.length];
  const name = `${NAMES[index % NAMES.length]}-${index + 1}`;
  const [extension, contentType] = index % 10 === 9 ? (FILES[index % 3] ?? FILES[0]) : ["jpg", "image/jpeg"];
  return {
    id: (1_700_000_000 + index * 3_600).toString(16) + index.toString(16).padStart(16, "0"),
    name: `${name}.${extension}`,
    contentType,
    size: 1_000 + ((index * 73_939) % 3_900_000),
    url: `${picturesUrl}/${name}.svg`,
    ...(folder && { folder }),
    ...(index % 3 !== 0 && { altText: `A picture of ${name.replaceAll("-", " ")}` }),
    ...changes,
  };
}

/** The first page of a listing of `total` assets. */
export function listing(
  assets: readonly ListedAsset[],
  total = assets.length,
): { siteId: string; assets: readonly ListedAsset[]; total: number; nextCursor?: string } {
  return {
    siteId: "65f0aa000000000000000001",
    assets,
    total,
    ...(total > assets.length && { nextCursor: "more" }),
  };
}
