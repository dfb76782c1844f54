import type { ContentUrls, PageElement } from "../database/content-records.js";
import type { Database } from "../database/database.js";
import type { NewEmulatedPage } from "../database/new-content.js";
import { DEMO_FILES } from "./demo-files.js";
import { background, backgroundRule, fileLink, lightbox, openGraphImage } from "./markup.js";

/** The ids of the demo's assets by their file names. */
type Assets = (name: string) => string;

const DAY_MS = 86_400_000;
const STYLES = "pottery-lane";

/** Fills a site to play with: a pottery studio's folders, pictures, pages and posts, in about a tenth of a second. */
export function fillDemoSite(database: Database, siteId: string): void {
  const assets = addFiles(database, siteId);
  addStyles(database, siteId, assets);
  const footer = addFooter(database, siteId, assets);
  addPages(database, siteId, assets, footer);
  addPosts(database, siteId, assets);
  database.content.publishSite(siteId);
}

function addFiles(database: Database, siteId: string): Assets {
  const german = database.addLocale(siteId, { tag: "de", displayName: "German" });
  const folderIds = new Map<string, string>();
  const ids = new Map<string, string>();
  const firstMs = database.now() - DEMO_FILES.length * DAY_MS;
  for (const [index, file] of DEMO_FILES.entries()) {
    const asset = database.addAsset({
      siteId,
      fileName: file.name,
      contentType: file.contentType,
      altText: file.altText ?? null,
      parentFolder: ensureFolder(database, siteId, file.folder, folderIds),
      bytes: file.bytes(),
      createdAtMs: firstMs + index * DAY_MS,
    });
    if (file.germanAltText !== undefined) asset.localizedAltTexts.set(german.id, file.germanAltText);
    ids.set(file.name, asset.id);
  }
  return (name) => {
    const id = ids.get(name);
    if (id === undefined) throw new Error(`the demo has no file ${name}`);
    return id;
  };
}

/** The id of a folder, created with its parents where missing; null for the root. */
function ensureFolder(database: Database, siteId: string, path: string, ids: Map<string, string>) {
  if (path === "") return null;
  const known = ids.get(path);
  if (known !== undefined) return known;
  const slash = path.lastIndexOf("/");
  const parentFolder = ensureFolder(database, siteId, path.slice(0, Math.max(0, slash)), ids);
  const { id } = database.addFolder({ siteId, displayName: path.slice(slash + 1), parentFolder });
  ids.set(path, id);
  return id;
}

function addStyles({ content }: Database, siteId: string, assets: Assets): void {
  const css = (urls: ContentUrls): string =>
    [
      "body { font-family: Georgia, serif; margin: 0 auto; max-width: 60rem; }",
      backgroundRule("hero", urls.asset(assets("spring-hero.png"))),
      // A class that no page has any more.
      backgroundRule("hero-winter", urls.asset(assets("winter-hero.png"))),
    ].join("\n");
  content.addStyleSheet({ siteId, name: STYLES, css });
}

function addFooter({ content }: Database, siteId: string, assets: Assets): string {
  const elements: PageElement[] = [
    { kind: "image", assetId: assets("logo.svg") },
    { kind: "text", html: "<p>Pottery Lane, open on Saturdays</p>" },
  ];
  return content.addComponent({ siteId, name: "Footer", group: "Navigation", elements }).id;
}

function addPages({ content }: Database, siteId: string, assets: Assets, footer: string): void {
  const image = (name: string): PageElement => ({ kind: "image", assetId: assets(name) });
  const markup = (write: (url: string) => string, name: string): PageElement => ({
    kind: "markup",
    html: (urls) => write(urls.asset(assets(name))),
  });
  const page = (
    path: string,
    title: string,
    elements: readonly PageElement[],
    more: Partial<NewEmulatedPage> = {},
  ): void => {
    const all: PageElement[] = [
      { kind: "text", html: `<h1>${title}</h1>` },
      ...elements,
      { kind: "component", componentId: footer },
    ];
    content.addPage({ siteId, path, title, styleSheets: [STYLES], elements: all, ...more });
  };
  const shown = ["vase-tall.png", "vase-sea.png", "bowl-sand.png", "jug-cream.png", "plate-olive.png"];
  page(
    "/",
    "Pottery Lane",
    [{ kind: "markup", html: '<div class="hero"></div>' }, ...shown.slice(0, 3).map(image)],
    {
      head: (urls) => openGraphImage(urls.asset(assets("open-studio.png"))),
    },
  );
  page("/shop", "Shop", [
    ...shown.map(image),
    image("cup-honey.png"),
    markup(lightbox, "bowl-ink.png"),
    markup(fileLink, "price-list-2026.pdf"),
    ...["cart.svg", "leaf.svg"].map(image),
  ]);
  page("/about", "About us", [
    ...["ada.svg", "ben.svg", "chiara.svg"].map(image),
    markup(background, "kiln-panorama.png"),
  ]);
  page("/spring", "Spring", [image("spring-teaser.png")], { isDraft: true });
  page("/404", "Not found", [image("wheel.svg")], { utility: "404" });
}

/** Three posts. Their pictures are copies, as everything in CMS fields; one of them also links a picture of the library. */
function addPosts({ content }: Database, siteId: string, assets: Assets): void {
  const { id: collectionId } = content.addCollection({
    siteId,
    displayName: "Posts",
    fields: [
      { slug: "main-image", type: "Image", displayName: "Main image" },
      { slug: "body", type: "RichText", displayName: "Body" },
    ],
  });
  for (const [index, slug] of ["glaze-tests", "wood-firing", "market-day"].entries()) {
    const copy = content.addCmsFile({ siteId, fileName: `${slug}.png`, copyOf: assets(`${slug}.png`) });
    content.addItem({
      collectionId,
      fieldData: {
        name: slug.replace("-", " "),
        slug,
        "main-image": (urls) => ({
          fileId: copy.id,
          url: urls.cmsFile(copy.id),
          alt: index === 0 ? "Test tiles in a row" : null,
        }),
        body: (urls) =>
          index === 0 ? fileLink(urls.asset(assets("care-of-glazes.pdf"))) : "<p>A day at the studio.</p>",
      },
    });
  }
  content.addPage({ siteId, path: "/posts", collectionId, styleSheets: [STYLES] });
  content.addPage({
    siteId,
    path: "/blog",
    styleSheets: [STYLES],
    elements: [{ kind: "list", collectionId }],
  });
}
