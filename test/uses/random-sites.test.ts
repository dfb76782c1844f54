import { describe, expect, it } from "vitest";
import type { Verdict } from "../../src/contract/find-uses.js";
import { seededRandom } from "../../src/emulator/behaviour/seeded-random.js";
import * as markup from "../../src/emulator/seeds/markup.js";
import { createFolderStore } from "../../src/folders/folder-store.js";
import { createDeleteAssets } from "../../src/library/delete-assets.js";
import { createAssetFinder } from "../../src/library/listing/asset-finder.js";
import { createListingCache } from "../../src/library/listing/listing-cache.js";
import { createFindUses } from "../../src/uses/find-uses.js";
import { createUsageMaps } from "../../src/uses/usage-maps.js";
import { createLookForUses } from "../../src/uses/uses-before-deletion.js";
import { createSites } from "../../src/webflow/sites.js";
import { answeringCall, callContext } from "../builders/call.js";
import {
  type Answer,
  clientOf,
  emptySite,
  fetcherOf,
  HOST,
  listedAsset,
  type Refusal,
  SITE_ID,
  type SiteInMemory,
  urlOf,
} from "../builders/site-in-memory.js";

const SITES = 200;
const ASSETS = 10;

/** What has to be readable for a use to be found. */
type Source = "host" | "pages" | "components" | "cms" | "site";

interface Use {
  readonly strength: "strong" | "style" | "weak";
  /** All that has to be readable for it to be found. */
  readonly needs: readonly Source[];
}

type Place = (site: SiteInMemory, id: string, key: string) => Use;

/** How pages show an asset. */
const FORMS: readonly ((url: string) => string)[] = [
  (url) => `<img src="${url}">`,
  (url) => `<img src="data:," srcset="${url.replace(".jpg", "-p-500.jpg")} 500w">`,
  (url) => `<link rel="shortcut icon" href="${url}">`,
  (url) => `<p data-any="${encodeURIComponent(encodeURIComponent(url))}"></p>`,
  (url) => `<script>const hero = "${url.replaceAll("/", "\\u002f")}";</script>`,
  (url) => `<div style='background-image:url("${url}")'></div>`,
  markup.background,
  markup.backgroundVideo,
  markup.lottie,
  markup.lightbox,
  markup.fileLink,
  markup.embed,
  markup.encodedTemplate,
  markup.codeIsland,
  markup.openGraphImage,
  markup.richTextFigure,
];

/** How a page is found: what has to be readable for that. */
const WAYS: readonly ((site: SiteInMemory, path: string) => readonly Source[])[] = [
  (site, path) => link(site, `<a href="${path}">page</a>`),
  (site, path) => link(site, `<link rel="alternate" hreflang="de" href="https://${HOST}${path}">`),
  (site, path) => {
    site.published.set(`${path}-old`, { status: 301, location: path });
    return link(site, `<a href="${path}-old">page</a>`);
  },
  (site, path) => {
    addToSitemap(site, path);
    return ["host"];
  },
  (site, path) => {
    site.pages.push(page(path, { draft: false }));
    return ["host", "pages"];
  },
];

function onPage(form: (url: string) => string, strength: Use["strength"]): Place {
  return (site, id, key) => {
    const path = `/page-${key}`;
    const way = WAYS[Number.parseInt(id.slice(-2), 16) % WAYS.length] ?? link;
    site.published.set(path, { text: `<html data-wf-page="${key}">${form(urlOf(id))}` });
    return { strength, needs: way(site, path) };
  };
}

const PLACES: readonly Place[] = [
  ...FORMS.map((form) => onPage(form, "strong")),
  onPage(markup.comment, "weak"),
  onPage(
    (url) =>
      `<img src="${url.replace(`/${SITE_ID}/`, "/69171c5bf00dcafe12345678/69171c5bf00dcafe87654321_")}">`,
    "weak",
  ),
  file(
    "style",
    "css",
    (path) => `<link rel="stylesheet" href="${path}">`,
    (url) => `.a{background:url('${url}')}`,
  ),
  file(
    "style",
    "css",
    (path) => `<style>@import "x"</style><link rel="stylesheet" href="${path}">`,
    (url) => `@font-face{src:url(${url})}`,
  ),
  file(
    "strong",
    `js?site=${SITE_ID}`,
    (path) => `<script src="${path}"></script>`,
    (url) => `const a = "${url}";`,
  ),
  file(
    "strong",
    "json",
    (path) => `<div data-animation-type="lottie" data-src="${path}"></div>`,
    (url) => JSON.stringify({ assets: [{ u: "", p: url }] }),
  ),
  (site, id, key) => {
    site.pages.push(
      page(`/draft-${key}`, {
        draft: true,
        nodes: [{ id: key, type: "image", image: { alt: null, assetId: id } }],
      }),
    );
    return { strength: "strong", needs: ["pages"] };
  },
  (site, id, key) => {
    const nodes = [{ id: key, text: { html: `<img src="${urlOf(id)}">`, text: "" } }];
    site.components.push({ id: key, name: `Component ${key}`, nodes });
    return { strength: "strong", needs: ["components"] };
  },
  (site, id, key) => {
    site.items.staged.push(item(key, { file: { fileId: key, url: urlOf(id) } }));
    return { strength: "strong", needs: ["cms"] };
  },
  (site, id, key) => {
    site.items.live.push(item(key, { body: markup.richTextFigure(urlOf(id)) }));
    return { strength: "strong", needs: ["cms"] };
  },
  (site, id) => {
    site.details.locales.push({ ...LOCALE, id: `locale-${id}`, displayImageId: id });
    return { strength: "strong", needs: ["site"] };
  },
];

/** What goes wrong, and which sources it takes away: for good, or so that they may be read another time. */
type Trouble = (site: SiteInMemory) => { readonly lost: readonly Source[]; readonly isForGood: boolean };

const TROUBLES: readonly Trouble[] = [
  ...(["site", "pages", "components", "cms"] as const).flatMap((source) =>
    (["missing-scope", "breaks"] as const).map(
      (refusal): Trouble =>
        (site) =>
          refuse(site, source, refusal),
    ),
  ),
  (site) => everyPage(site, { status: 403, text: "Checking your browser" }),
  (site) => everyPage(site, { breaks: true }),
  (site) => everyPage(site, { status: 301, location: "https://somebody-else.example/" }),
  (site) => lastFile(site, { status: 429 }),
  (site) => lastFile(site, { status: 500 }),
  (site) => lastFile(site, { breaks: true }),
];

function refuse(site: SiteInMemory, source: "site" | "pages" | "components" | "cms", refusal: Refusal) {
  site.refusals.set(source, refusal);
  const lost: readonly Source[] = source === "site" ? ["site", "host"] : [source];
  return { lost, isForGood: refusal === "missing-scope" && source !== "site" };
}

function everyPage(site: SiteInMemory, answer: Answer) {
  for (const path of site.published.keys()) site.published.set(path, answer);
  return { lost: ["host"] as const, isForGood: false };
}

/** The page or file that was added last. */
function lastFile(site: SiteInMemory, answer: Answer) {
  const path = [...site.published.keys()].filter((one) => one !== "/sitemap.xml").at(-1) ?? "/";
  site.published.set(path, answer);
  return { lost: ["host"] as const, isForGood: false };
}

interface RandomSite {
  readonly site: SiteInMemory;
  readonly uses: ReadonlyMap<string, Use>;
  readonly lost: readonly Source[];
  readonly isForGood: boolean;
  readonly isWhole: boolean;
}

function randomSite(seed: number): RandomSite {
  const random = seededRandom(seed);
  const pick = <Item>(items: readonly Item[]): Item => items[Math.floor(random() * items.length)] as Item;
  const idOf = (): string =>
    Array.from({ length: 24 }, () => Math.floor(random() * 16).toString(16)).join("");
  const ids = Array.from({ length: ASSETS }, idOf);
  const site = emptySite(ids.map(listedAsset));
  const uses = new Map<string, Use>();
  for (const [index, id] of ids.entries()) {
    if (random() < 0.7) uses.set(id, pick(PLACES)(site, id, `${seed}-${index}`));
  }
  const isWhole = random() < 0.4;
  const trouble = isWhole ? { lost: [], isForGood: true } : pick(TROUBLES)(site);
  return { site, uses, isWhole, ...trouble };
}

function servicesOn(site: SiteInMemory) {
  const deleted: string[] = [];
  const webflow = clientOf(site, deleted);
  const listings = createListingCache(webflow);
  const maps = createUsageMaps({
    webflow,
    fetcher: fetcherOf(site),
    openedHosts: [],
    apiBaseUrl: "https://api.webflow.com/v2",
    listings,
  });
  const sites = createSites(webflow, undefined);
  const folders = createFolderStore(webflow, { attempts: 1, baseMs: 1, capMs: 1 }, 1);
  const deleteAssets = createDeleteAssets({
    webflow,
    sites,
    folders,
    lookup: createAssetFinder(webflow, listings),
    listings,
    lookForUses: createLookForUses({ maps, listings, webflow }),
    trustConfirm: false,
  });
  return { findUses: createFindUses({ sites, folders, maps }), deleteAssets, deleted };
}

async function verdictsOn(site: SiteInMemory): Promise<Map<string, Verdict>> {
  const { assets, status } = await servicesOn(site).findUses({ limit: 50 }, callContext());
  expect(status).toBe("complete");
  return new Map(assets.map(({ id, verdict }) => [id, verdict]));
}

/** Asks for the deletion of everything, which the user agrees to. */
async function deletedOn(site: SiteInMemory): Promise<readonly string[]> {
  const { deleteAssets, deleted } = servicesOn(site);
  await deleteAssets({ assetIds: site.assets.map(({ id }) => id) }, answeringCall("accepted").call);
  return deleted;
}

/** Whether what shows a use could not be read. */
function isLost({ needs }: Use, lost: readonly Source[]): boolean {
  return needs.some((source) => lost.includes(source));
}

describe(`of ${SITES} random sites`, () => {
  const all = Array.from({ length: SITES }, (_, seed) => randomSite(seed));

  it("no asset that anything readable refers to is said to have no reference", async () => {
    const wrong: unknown[] = [];
    for (const [seed, { site, uses, lost, isForGood }] of all.entries()) {
      const verdicts = await verdictsOn(site);
      for (const [id, use] of uses) {
        const isExcused = isForGood && isLost(use, lost);
        if (verdicts.get(id) === "noReferenceFound" && !isExcused) wrong.push({ seed, id, use, lost });
      }
    }
    expect(wrong).toEqual([]);
  });

  it("no asset is deleted that something readable uses, though the user agreed to delete all", async () => {
    const wrong: unknown[] = [];
    for (const [seed, { site, uses, lost }] of all.entries()) {
      for (const id of await deletedOn(site)) {
        const use = uses.get(id);
        if (use?.strength === "strong" && !isLost(use, lost)) wrong.push({ seed, id, use, lost });
      }
    }
    expect(wrong).toEqual([]);
  });

  it("those that can be read completely have every used asset recognized, and only the others deleted", async () => {
    const whole = all.filter(({ isWhole }) => isWhole);
    expect(whole.length).toBeGreaterThan(SITES / 4);
    for (const { site, uses } of whole) {
      const verdictOf = {
        strong: "used",
        style: "styleOnly",
        weak: "weak",
        none: "noReferenceFound",
      } as const;
      const expected = site.assets.map(({ id }) => [id, verdictOf[uses.get(id)?.strength ?? "none"]]);
      expect([...(await verdictsOn(site))]).toEqual(expected);
      const unused = site.assets.map(({ id }) => id).filter((id) => uses.get(id)?.strength !== "strong");
      expect((await deletedOn(site)).toSorted()).toEqual(unused.toSorted());
    }
  });
});

function link(site: SiteInMemory, html: string): readonly Source[] {
  site.published.set("/", { text: `${site.published.get("/")?.text ?? ""}${html}` });
  return ["host"];
}

function addToSitemap(site: SiteInMemory, path: string): void {
  const before = site.published.get("/sitemap.xml")?.text ?? "<urlset>";
  site.published.set("/sitemap.xml", { text: `${before}<url><loc>\n  https://${HOST}${path}\n</loc></url>` });
}

function file(
  strength: Use["strength"],
  extension: string,
  reference: (path: string) => string,
  content: (url: string) => string,
): Place {
  return (site, id, key) => {
    const path = `/${SITE_ID}/${key}.${extension}`;
    site.published.set(path, { text: content(urlOf(id)) });
    link(site, reference(path));
    return { strength, needs: ["host"] };
  };
}

function page(path: string, changes: { draft: boolean; nodes?: readonly object[] }) {
  return {
    id: path,
    title: path,
    slug: path.slice(1),
    collectionId: undefined,
    archived: false,
    isBranch: false,
    lastUpdated: 0,
    publishedPath: path,
    nodes: [],
    ...changes,
  };
}

function item(key: string, fields: object) {
  return { id: key, cmsLocaleId: undefined, fieldData: { name: key, slug: key, ...fields } };
}

const LOCALE = {
  cmsLocaleId: undefined,
  displayName: "English",
  subdirectory: "",
  tag: "en",
  enabled: true,
};
