import { seededRandom } from "../behaviour/seeded-random.js";
import type { ContentUrls, PageElement } from "../database/content-records.js";
import type { Database } from "../database/database.js";
import {
  background,
  backgroundRule,
  backgroundVideo,
  codeIsland,
  comment,
  embed,
  encodedTemplate,
  fileLink,
  filler,
  lightbox,
  lottie,
  openGraphImage,
  richTextFigure,
} from "./markup.js";

/** What a generated site has besides assets: by default nothing, and nothing is published without pages. */
export interface GeneratedContent {
  /** Static pages, the home page among them. */
  readonly pages?: number;
  /** Size of each page's HTML, at least. */
  readonly pageBytes?: number;
  readonly styleSheets?: number;
  readonly components?: number;
  /** CMS items, 500 at most in a collection. */
  readonly items?: number;
  /** Whether each item has a page of its own; if not, only the API shows it. True by default. */
  readonly itemPages?: boolean;
  /** Share of the assets that something refers to, 0 to 1; by default two thirds. */
  readonly usedShare?: number;
}

/** The ids of a generated site's assets by what refers to them. Every asset is in one of the lists. */
export interface GeneratedUses {
  readonly used: readonly string[];
  readonly usedByStyleOnly: readonly string[];
  /** Only a comment or a copy in the CMS names them. */
  readonly weaklyUsed: readonly string[];
  readonly unused: readonly string[];
}

type Strength = "used" | "usedByStyleOnly" | "weaklyUsed";

/** A part of the site that can refer to an asset. */
interface Place {
  readonly strength: Strength;
  refer(assetId: string): void;
}

const MARKUP = [background, backgroundVideo, lottie, lightbox, fileLink, embed, encodedTemplate, codeIsland];
const MOST_ITEMS = 500;

/** Adds pages, style sheets, components and items that refer to a site's assets, and publishes them. */
export function generateContent(database: Database, siteId: string, given: GeneratedContent): GeneratedUses {
  const { content } = database;
  const sheets = newSheets(database, siteId, given.styleSheets ?? 0);
  const components = newComponents(database, siteId, given.components ?? 0);
  const pages = newPages(database, siteId, given, sheets.names, components.ids);
  const items = newItems(database, siteId, given);
  const places = [...pages, ...sheets.places, ...components.places, ...items];
  const uses = assign(database, siteId, places, given.usedShare ?? 2 / 3);
  if ((given.pages ?? 0) > 0) content.publishSite(siteId);
  return uses;
}

function assign(database: Database, siteId: string, places: readonly Place[], usedShare: number) {
  const uses = { used: [], usedByStyleOnly: [], weaklyUsed: [], unused: [] } as Record<
    Strength | "unused",
    string[]
  >;
  const random = seededRandom(places.length);
  for (const { id } of database.assets(siteId)) {
    const place = random() < usedShare ? places[Math.floor(random() * places.length)] : undefined;
    place?.refer(id);
    uses[place?.strength ?? "unused"].push(id);
  }
  return uses;
}

function newSheets(database: Database, siteId: string, count: number) {
  const names = numbered(count, (index) => `sheet-${index + 1}`);
  const places = names.map((name): Place => {
    const ids: string[] = [];
    const css = (urls: ContentUrls): string =>
      ids.map((id, index) => backgroundRule(`${name}-${index}`, urls.asset(id))).join("\n");
    database.content.addStyleSheet({ siteId, name, css });
    return { strength: "usedByStyleOnly", refer: (id) => ids.push(id) };
  });
  return { names, places };
}

function newComponents(database: Database, siteId: string, count: number) {
  const ids: string[] = [];
  const places = numbered(count, (index): Place => {
    const elements: PageElement[] = [];
    ids.push(database.content.addComponent({ siteId, name: `Component ${index + 1}`, elements }).id);
    return { strength: "used", refer: (assetId) => elements.push({ kind: "image", assetId }) };
  });
  return { ids, places };
}

/** Every page links one style sheet and shows one component, in turn, so that all of them are published. */
function newPages(
  database: Database,
  siteId: string,
  { pages = 0, pageBytes = 2_000 }: GeneratedContent,
  sheetNames: readonly string[],
  componentIds: readonly string[],
): Place[] {
  return numbered(pages, (index) => {
    const path = index === 0 ? "/" : `/page-${index}`;
    const elements: PageElement[] = [{ kind: "markup", html: () => filler(pageBytes) }];
    const inHead: string[] = [];
    const head = (urls: ContentUrls): string => inHead.map((id) => openGraphImage(urls.asset(id))).join("");
    database.content.addPage({
      siteId,
      path,
      elements,
      head,
      styleSheets: inTurn(sheetNames, index, pages),
    });
    for (const componentId of inTurn(componentIds, index, pages))
      elements.push({ kind: "component", componentId });
    return placesOn(elements, inHead);
  }).flat();
}

/** The names for this page when so many pages share them evenly. */
function inTurn(names: readonly string[], index: number, pages: number): string[] {
  if (names.length > pages) return names.filter((_name, position) => position % pages === index);
  return names.filter((_name, position) => position === index % names.length);
}

function placesOn(elements: PageElement[], inHead: string[]): Place[] {
  const markup = (write: (url: string) => string, strength: Strength): Place => ({
    strength,
    refer: (id) => elements.push({ kind: "markup", html: (urls) => write(urls.asset(id)) }),
  });
  return [
    { strength: "used", refer: (assetId) => elements.push({ kind: "image", assetId }) },
    { strength: "used", refer: (id) => inHead.push(id) },
    ...MARKUP.map((write) => markup(write, "used")),
    markup(comment, "weaklyUsed"),
  ];
}

/** Two places an item: its link to a file, and its picture, which is a copy. */
function newItems(
  database: Database,
  siteId: string,
  { items: count = 0, itemPages = true }: GeneratedContent,
): Place[] {
  const collections = numbered(Math.ceil(count / MOST_ITEMS), (index) =>
    newCollection(database, siteId, index, itemPages),
  );
  return numbered(count, (index) => {
    const collectionId = collections[Math.floor(index / MOST_ITEMS)] ?? "";
    const links: string[] = [];
    const copies: string[] = [];
    database.content.addItem({
      collectionId,
      fieldData: {
        name: `Item ${index + 1}`,
        slug: `item-${index + 1}`,
        picture: (urls) => copies.slice(0, 1).map((id) => image(id, urls))[0] ?? null,
        gallery: (urls) => copies.slice(1).map((id) => image(id, urls)),
        body: (urls) =>
          `<p>About item ${index + 1}.</p>${links.map((id) => richTextFigure(urls.asset(id))).join("")}`,
      },
    });
    return [
      { strength: "used", refer: (id: string) => links.push(id) },
      { strength: "weaklyUsed", refer: (copyOf: string) => copies.push(newCopy(database, siteId, copyOf)) },
    ] as const;
  }).flat();
}

function newCollection(database: Database, siteId: string, index: number, hasPages: boolean): string {
  const { content } = database;
  const { id } = content.addCollection({
    siteId,
    displayName: `Collection ${index + 1}`,
    fields: [
      { slug: "picture", type: "Image" },
      { slug: "gallery", type: "MultiImage" },
      { slug: "body", type: "RichText" },
    ],
  });
  if (hasPages) content.addPage({ siteId, path: `/collection-${index + 1}`, collectionId: id });
  return id;
}

function newCopy(database: Database, siteId: string, copyOf: string): string {
  const fileName = database.assetRecords.get(copyOf)?.originalFileName ?? "file";
  return database.content.addCmsFile({ siteId, copyOf, fileName }).id;
}

function image(fileId: string, urls: ContentUrls) {
  return { fileId, url: urls.cmsFile(fileId), alt: null };
}

function numbered<Item>(count: number, make: (index: number) => Item): Item[] {
  return Array.from({ length: count }, (_item, index) => make(index));
}
