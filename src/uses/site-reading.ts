import { type AllowedHost, isHostAllowed } from "../core/allowed-hosts.js";
import { abortable, type CallContext, isCancelled, throwIfInterrupted } from "../core/call-context.js";
import { createIdIndex } from "../references/find-ids.js";
import type { TextFetcher } from "../sources/web/fetch-text.js";
import type { ContentClient } from "../webflow/content-client.js";
import type { SiteDetails } from "../webflow/content-responses.js";
import { type Cms, createCms } from "./content-api/cms.js";
import { type Components, createComponents } from "./content-api/components.js";
import { createListSteps } from "./content-api/list-steps.js";
import { searchValue } from "./content-api/nodes.js";
import { createSitePages, type SitePages } from "./content-api/pages.js";
import { readScripts } from "./content-api/scripts.js";
import { createPublishedSite, type PublishedSite } from "./published-site/published-site.js";
import { createAgenda } from "./record/agenda.js";
import { createGaps, type Gap, reasonOf } from "./record/gaps.js";
import { createUsageRecord, type UsageRecord } from "./record/usage-record.js";

/** An asset that is looked for. */
export interface SoughtAsset {
  readonly id: string;
  readonly hostedUrl?: string | undefined;
}

export interface SiteReadingParts {
  readonly webflow: ContentClient;
  readonly fetcher: TextFetcher;
  readonly openedHosts: readonly AllowedHost[];
  readonly apiBaseUrl: string;
}

/** What was read. What was not even begun is left out. */
export interface ReadCounts {
  /** Hosts of the published site. */
  readonly host?: string;
  readonly pages?: number;
  readonly stylesheets?: number;
  /** When the reading began: ISO 8601. */
  readonly at: string;
  /** When the site was published last, as Webflow tells: ISO 8601. */
  readonly published?: string;
  readonly cmsItems?: number;
  readonly draftPages?: number;
  readonly components?: number;
}

/** One reading of everything that may refer to the assets of a site: the published pages, then the Data API. */
export interface SiteReading {
  /** Reads on until all is read or the call is over. Calls that ask at the same time share the reading. */
  readOn(call: CallContext, mayCallApi?: () => boolean): Promise<void>;
  readonly isComplete: boolean;
  /** Milliseconds since the epoch: when the last step was taken. */
  readonly readAt: number;
  /** Whether the asset was looked for: those that came later were not. */
  seeks(assetId: string): boolean;
  usesOf(assetId: string): ReturnType<UsageRecord["usesOf"]>;
  /** Whether enough was read to say that no reference was found. */
  readonly isEnough: boolean;
  readonly counts: ReadCounts;
  readonly gaps: readonly Gap[];
  /** Data API calls that are left at least. */
  readonly callsLeft: number;
  readonly cmsPictures: Cms["pictures"];
}

const API_CALLS_AT_ONCE = 12;
const PROGRESS_MS = 2_000;

export function createSiteReading(
  siteId: string,
  assets: readonly SoughtAsset[],
  parts: SiteReadingParts,
): SiteReading {
  const { webflow, openedHosts } = parts;
  const startedAt = new Date();
  const search = { index: createIdIndex(assets.map(({ id }) => id)), siteId };
  const record = createUsageRecord();
  const gaps = createGaps();
  let hasBrokenOff = false;
  const agenda = createAgenda((error) => {
    hasBrokenOff = true;
    gaps.addSource("a part of the site", reasonOf(error));
  });
  let isHeldBack = (): boolean => false;
  const lane = agenda.lane(API_CALLS_AT_ONCE, () => isHeldBack());
  const steps = createListSteps(lane, gaps);
  let details: SiteDetails | undefined;
  let site: PublishedSite | undefined;
  let pages: SitePages | undefined;
  let components: Components | undefined;
  let cms: Cms | undefined;
  let isComplete = false;
  let readAt = Date.now();
  let running: Promise<void> | undefined;

  function enter(found: SiteDetails | undefined): void {
    const locales = found?.locales ?? [];
    const flags = locales.map(({ displayImageId }) => displayImageId);
    record.add(
      { in: "site: locale flag" },
      searchValue(flags, search, { place: "image", strength: "strong" }),
    );
    if (found)
      site = createPublishedSite(found, {
        ...parts,
        agenda,
        hasStaging,
        assetHosts: hostsOf(assets),
        search,
        record,
        gaps,
      });
    const onPath = (path: string): void => site?.addPath(path);
    const content = { webflow, siteId, search, record, gaps, locales, steps, onPath };
    const listed = createSitePages({
      ...content,
      lastPublished: found?.lastPublished,
      hasRead: (path) => site?.hasRead(path) ?? false,
    });
    pages = listed;
    components = createComponents(content);
    cms = createCms({ ...content, templatesOf: listed.templatesOf });
    listed.begin(() => {
      components?.begin();
      cms?.begin();
      readScripts({ ...content, onScript: (url) => site?.files.add("script", url, new URL(url)) });
    });
  }

  function hasStaging(host: string): boolean {
    const { hostname } = new URL(parts.apiBaseUrl);
    const isLocal = /^(?:localhost|127\.[\d.]+|\[::1\])$/.test(hostname);
    return !isLocal || isHostAllowed(new URL(`https://${host}`), openedHosts);
  }

  steps.one(
    async (call) => {
      details = await webflow.getSite(siteId, call);
      enter(details);
    },
    (error) => {
      gaps.addSource("the published site", reasonOf(error, "sites:read"));
      enter(undefined);
    },
  );
  /** What comes when nothing else is left to be read. */
  const stages = [() => pages?.readUnseen()];

  async function work(call: CallContext): Promise<void> {
    const tell = (): void =>
      call.progress(`Reading the site: ${site?.pages ?? 0} pages, ${cms?.items ?? 0} CMS items`);
    const progress = setInterval(tell, PROGRESS_MS);
    try {
      while (await agenda.work(call)) {
        const next = stages.shift();
        if (!next) {
          if (!site?.hasSitemap && !pages?.isListed)
            gaps.addSource("pages that nothing links to", "there is no sitemap");
          isComplete = true;
          return;
        }
        next();
      }
    } finally {
      clearInterval(progress);
      readAt = Date.now();
    }
  }

  return {
    async readOn(call, mayCallApi = () => true) {
      while (running !== undefined) {
        await abortable(call, running).catch((error) => {
          if (call.signal.aborted) throw error;
        });
      }
      if (isComplete || call.signal.aborted) return;
      isHeldBack = () => !mayCallApi();
      running = work(call).finally(() => {
        running = undefined;
      });
      await running;
      if (isCancelled(call)) throwIfInterrupted(call);
    },
    get isComplete() {
      return isComplete;
    },
    get readAt() {
      return readAt;
    },
    seeks: (assetId) => search.index.numbers.has(assetId.toLowerCase()),
    usesOf(assetId) {
      const number = search.index.numbers.get(assetId.toLowerCase());
      return number === undefined ? { uses: [], more: 0 } : record.usesOf(number);
    },
    get isEnough() {
      if (!isComplete || hasBrokenOff || steps.hasBrokenOff()) return false;
      if (!site || !pages) return false;
      if (site.isRead) return site.hasSitemap || pages.isListed;
      return !site.isPublished && site.hosts.length === 0 && pages.isListed;
    },
    get counts() {
      return {
        ...(site && site.hosts.length > 0 && { host: site.hosts.join(", ") }),
        ...(site && { pages: site.pages, stylesheets: site.files.styleSheets }),
        at: startedAt.toISOString(),
        ...(details?.lastPublished !== undefined && {
          published: new Date(details.lastPublished).toISOString(),
        }),
        ...(cms && { cmsItems: cms.items }),
        ...(pages && { draftPages: pages.drafts }),
        ...(components && { components: components.count }),
      };
    },
    get gaps() {
      return gaps.list();
    },
    get callsLeft() {
      return steps.callsLeft();
    },
    get cmsPictures() {
      return cms?.pictures ?? new Map();
    },
  };
}

/** Hosts, with their ports, that the assets are served from: the site's style sheets lie there, too. */
function hostsOf(assets: readonly SoughtAsset[]): Set<string> {
  const hosts = new Set<string>();
  for (const { hostedUrl } of assets) {
    if (hostedUrl !== undefined && URL.canParse(hostedUrl)) hosts.add(new URL(hostedUrl).host);
  }
  return hosts;
}
