import { AssetError } from "../../src/core/errors.js";
import type { FetchedText, TextFetcher } from "../../src/sources/web/fetch-text.js";
import { createSiteReading, type SiteReading } from "../../src/uses/site-reading.js";
import type { WebflowClient } from "../../src/webflow/data-api/client.js";
import type { CollectionItem, SiteDetails, SitePage } from "../../src/webflow/data-api/content-responses.js";
import { noAnswer, refusedByWebflow } from "../../src/webflow/data-api/error-mapping.js";
import type { ListPage } from "../../src/webflow/data-api/lenient.js";
import type { Asset } from "../../src/webflow/data-api/responses.js";
import { callContext } from "./call.js";

export const HOST = "www.pottery-lane.example";
export const SITE_ID = "6258612d1ee792848f805dcf";
const NEVER = "https://somebody-else.example/";

/** What a path of the published site answers: a page, a file, a redirect, or nothing at all. */
export interface Answer {
  readonly status?: number;
  readonly text?: string;
  readonly location?: string;
  /** Whether the connection breaks before an answer comes. */
  readonly breaks?: boolean;
}

/** How a source of the Data API fails, and for good or not. */
export type Refusal = "missing-scope" | "breaks";

/** A site of which hundreds can be read in a second: no network is between it and the reader. */
export interface SiteInMemory {
  readonly assets: Asset[];
  /** By path. */
  readonly published: Map<string, Answer>;
  readonly pages: (SitePage & { readonly nodes: readonly object[] })[];
  readonly components: { readonly id: string; readonly name: string; readonly nodes: readonly object[] }[];
  readonly items: { readonly staged: CollectionItem[]; readonly live: CollectionItem[] };
  readonly refusals: Map<"site" | "pages" | "components" | "cms", Refusal>;
  readonly details: SiteDetails;
}

export function emptySite(assets: Asset[]): SiteInMemory {
  return {
    assets,
    published: new Map([["/", { text: "<h1>Home</h1>" }]]),
    pages: [],
    components: [],
    items: { staged: [], live: [] },
    refusals: new Map(),
    details: {
      shortName: undefined,
      lastPublished: Date.parse("2026-03-03T08:15:42Z"),
      customDomains: [{ url: HOST, lastPublished: Date.parse("2026-03-03T08:15:42Z") }],
      locales: [],
    },
  };
}

/** The Data API of the site; `deleted` gathers the ids of what was deleted. */
export function clientOf(site: SiteInMemory, deleted: string[] = []): WebflowClient {
  const from = <Entry>(source: "pages" | "components" | "cms", entries: readonly Entry[]) => {
    refuse(site.refusals.get(source));
    return pageOf(entries);
  };
  return {
    callsLeft: () => Number.POSITIVE_INFINITY,
    async getSite() {
      refuse(site.refusals.get("site"));
      return site.details;
    },
    listPages: async () => from("pages", site.pages),
    listPageNodes: async (id) => from("pages", site.pages.find((page) => page.id === id)?.nodes ?? []),
    listComponents: async () => from("components", site.components),
    listComponentNodes: async (_site, id) =>
      from("components", site.components.find((component) => component.id === id)?.nodes ?? []),
    listComponentProperties: async () => from("components", []),
    listCollections: async () => from("cms", [{ id: "posts", displayName: "Posts", slug: "posts" }]),
    getCollectionFields: async () => new Map([["body", "RichText"]]),
    listItems: async (_collection, version) => from("cms", site.items[version]),
    getScripts: async () => ({}),
    listAssets: async (_site, { offset, limit }) => {
      const entries = site.assets.slice(offset, offset + limit);
      return { entries, unreadable: 0, total: site.assets.length };
    },
    listFolders: async () => pageOf([]),
    async getAsset(id) {
      const asset = site.assets.find((one) => one.id === id);
      if (!asset) throw refusedByWebflow({ status: 404, headers: new Headers(), body: {} }, "asset");
      return asset;
    },
    async deleteAsset(id) {
      deleted.push(id);
    },
    listSites: async () => [{ id: SITE_ID, displayName: "Pottery Lane", shortName: undefined, locales: [] }],
    listScopes: notAsked,
    createFolder: notAsked,
    createAsset: notAsked,
    updateAsset: notAsked,
  };
}

/** The published site; `asked` gathers the URLs that were asked for. */
export function fetcherOf(site: SiteInMemory, asked: string[] = []): TextFetcher {
  return {
    async fetch(first, _call, { mayFollow }) {
      let url = first;
      for (let redirects = 0; redirects < 5; redirects += 1) {
        asked.push(url.href);
        const { status = 200, text = "", location, breaks } = answerAt(site, url);
        if (breaks)
          throw new AssetError(
            "DOWNLOAD_FAILED",
            `${url} could not be downloaded: it broke off`,
            "try again",
          );
        const answer = {
          status,
          url,
          text: Buffer.from(text),
          isCut: false,
          isOther: false,
          isPacked: false,
          isChallenge: false,
        };
        if (location === undefined) return answer satisfies FetchedText;
        const leadsTo = new URL(location, url);
        if (!mayFollow(leadsTo)) return { ...answer, leadsTo };
        url = leadsTo;
      }
      throw new AssetError(
        "DOWNLOAD_FAILED",
        `${first} could not be downloaded: it redirects too often`,
        "stop",
      );
    },
    close: async () => {},
  };
}

/** A URL of the site's CDN. */
/** Reads all of the site that one call can read. */
export async function readSite(
  site: SiteInMemory,
  { webflow = clientOf(site), fetcher = fetcherOf(site) }: { webflow?: WebflowClient; fetcher?: TextFetcher },
): Promise<SiteReading> {
  const reading = createSiteReading(SITE_ID, site.assets, {
    webflow,
    fetcher,
    openedHosts: [],
    apiBaseUrl: "https://api.webflow.com/v2",
  });
  await reading.readOn(callContext());
  return reading;
}

export function urlOf(assetId: string): string {
  return `https://cdn.prod.website-files.com/${SITE_ID}/${assetId}_vase.jpg`;
}

export function listedAsset(id: string): Asset {
  return {
    id,
    siteId: SITE_ID,
    displayName: "vase.jpg",
    originalFileName: "vase.jpg",
    contentType: "image/jpeg",
    size: 1_000,
    hostedUrl: urlOf(id),
    altText: undefined,
    folderId: undefined,
    createdOn: undefined,
    lastUpdated: undefined,
    variants: [],
  };
}

function answerAt(site: SiteInMemory, url: URL): Answer {
  if (url.href.startsWith(NEVER)) throw new Error(`Nobody may ask ${url}`);
  return site.published.get(`${url.pathname}${url.search}`) ?? { status: 404, text: "<h1>Not found</h1>" };
}

function pageOf<Entry>(entries: readonly Entry[]): ListPage<Entry> {
  return { entries, unreadable: 0, total: entries.length };
}

function refuse(refusal: Refusal | undefined): void {
  if (refusal === "breaks") throw noAnswer("Webflow did not answer");
  const body = { code: "missing_scopes", message: "OAuthForbidden: You are missing the following scopes" };
  if (refusal) throw refusedByWebflow({ status: 403, headers: new Headers(), body }, "content");
}

async function notAsked(): Promise<never> {
  throw new Error("This is not asked for");
}
