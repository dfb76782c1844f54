import {
  heavyPicture,
  icon,
  landscapePicture,
  logo,
  type PotShape,
  portrait,
  potPicture,
} from "./demo-pictures.js";

/** A file of the demo's site. */
export interface DemoFile {
  /** By the names from the root; empty for the root. */
  readonly folder: string;
  readonly name: string;
  readonly contentType: string;
  readonly altText?: string;
  /** In the site's second locale. */
  readonly germanAltText?: string;
  bytes(): Buffer;
}

const PNG = { contentType: "image/png" } as const;
const SVG = { contentType: "image/svg+xml" } as const;
const PDF = { contentType: "application/pdf" } as const;

const PRODUCTS: readonly (readonly [PotShape, string, number, string?, string?])[] = [
  ["vase", "tall", 18, "Tall terracotta vase on a grey table", "Hohe Terrakottavase auf einem grauen Tisch"],
  ["vase", "sea", 195, "Sea-blue vase with fine rings", "Meerblaue Vase mit feinen Rillen"],
  ["vase", "moss", 95, "Moss-green vase before a pale wall"],
  ["vase", "plum", 320],
  ["bowl", "sand", 38, "Sand-coloured bowl, seen from the side"],
  ["bowl", "ink", 225, "Ink-blue serving bowl"],
  ["bowl", "rust", 12],
  ["jug", "cream", 48, "Cream water jug"],
  ["jug", "slate", 205],
  ["plate", "olive", 75, "Olive-green dinner plate"],
  ["plate", "clay", 20],
  ["cup", "honey", 42, "Honey-glazed cup without a handle", "Honigfarbener Becher ohne Henkel"],
  ["cup", "smoke", 240],
  ["cup", "rose", 345, "Rose cup"],
];

const TEAM = ["ada", "ben", "chiara", "deniz"] as const;

const ICONS: readonly (readonly [string, string])[] = [
  ["cart", "M3 4h3l2 11h10l2-8H7M9 20h.1M17 20h.1"],
  ["clock", "M12 3a9 9 0 1 0 .1 0M12 7v5l3 2"],
  ["flame", "M12 3c4 5 6 7 6 11a6 6 0 0 1-12 0c0-3 2-4 3-7 1 2 2 3 3 3V3"],
  ["leaf", "M5 19C4 9 10 4 20 4c0 10-5 16-15 15zM5 19l8-8"],
  ["wheel", "M12 3a9 9 0 1 0 .1 0M12 8a4 4 0 1 0 .1 0M12 12h.1"],
];

/** A studio's site after some years: most files named and described, some not, two that are one, one too heavy. */
export const DEMO_FILES: readonly DemoFile[] = [
  ...PRODUCTS.map(
    ([shape, name, hue, altText, germanAltText]): DemoFile => ({
      folder: `Products/${shape[0]?.toUpperCase()}${shape.slice(1)}s`,
      name: `${shape}-${name}.png`,
      ...PNG,
      ...(altText !== undefined && { altText }),
      ...(germanAltText !== undefined && { germanAltText }),
      bytes: () => potPicture(shape, hue, (hue + 180) % 360),
    }),
  ),
  ...TEAM.map(
    (name, index): DemoFile => ({
      folder: "Team",
      name: `${name}.svg`,
      ...SVG,
      ...(index < 2 && { altText: `Portrait of ${name[0]?.toUpperCase()}${name.slice(1)}` }),
      bytes: () => portrait(index * 80),
    }),
  ),
  ...ICONS.map(
    ([name, path]): DemoFile => ({
      folder: "Brand/Icons",
      name: `${name}.svg`,
      ...SVG,
      bytes: () => icon(path),
    }),
  ),
  {
    folder: "Brand",
    name: "logo.svg",
    ...SVG,
    altText: "Pottery Lane",
    bytes: () => logo("Pottery Lane", "#7a4a2b"),
  },
  { folder: "Brand", name: "logo-white.svg", ...SVG, bytes: () => logo("Pottery Lane", "#ffffff") },
  { folder: "Brand", name: "logo-2019.svg", ...SVG, bytes: () => logo("pottery lane", "#3b5b7a") },
  ...["open-studio", "glaze-tests", "wood-firing", "market-day"].map(
    (name, index): DemoFile => ({
      folder: "Blog",
      name: `${name}.png`,
      ...PNG,
      ...(index % 2 === 0 && { altText: `Hills near the studio, for the story ${name.replace("-", " ")}` }),
      bytes: () => landscapePicture(index, 60 + index * 25),
    }),
  ),
  ...["spring-hero", "spring-teaser"].map(
    (name, index): DemoFile => ({
      folder: "Campaigns/Spring 2026",
      name: `${name}.png`,
      ...PNG,
      bytes: () => landscapePicture(10 + index, 110),
    }),
  ),
  {
    folder: "Campaigns/Winter 2024",
    name: "winter-hero.png",
    ...PNG,
    bytes: () => landscapePicture(20, 205),
  },
  {
    folder: "Blog",
    name: "kiln-panorama.png",
    ...PNG,
    altText: "Glow of the kiln at night",
    bytes: () => heavyPicture(1_250, 850),
  },
  // The same bytes as vase-tall.png.
  { folder: "", name: "vase-tall-copy.png", ...PNG, bytes: () => potPicture("vase", 18, 198) },
  { folder: "", name: "IMG_2041.png", ...PNG, bytes: () => landscapePicture(30, 150) },
  {
    folder: "",
    name: "Screenshot 2026-03-02 at 09.41.10.png",
    ...PNG,
    bytes: () => landscapePicture(31, 15),
  },
  { folder: "", name: "image-1.png", ...PNG, bytes: () => potPicture("jug", 280, 40) },
  {
    folder: "Downloads",
    name: "price-list-2026.pdf",
    ...PDF,
    bytes: () => Buffer.from("%PDF-1.4\n% prices of 2026\n%%EOF\n"),
  },
  {
    folder: "Downloads",
    name: "care-of-glazes.pdf",
    ...PDF,
    bytes: () => Buffer.from("%PDF-1.4\n% care of glazes\n%%EOF\n"),
  },
];
