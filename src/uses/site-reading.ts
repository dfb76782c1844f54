import { type CallContext, isCancelled, sharedWork, throwIfInterrupted } from "../core/call-context.js";
import type { Writable } from "../core/writable.js";
import { createIdIndex } from "../references/find-ids.js";
import type { SiteDetails } from "../webflow/data-api/content-responses.js";
import type { Cms } from "./content-api/cms.js";
import { createListSteps } from "./content-api/list-steps.js";
import { createAgenda } from "./record/agenda.js";
import { createGaps, type Gap, NO_DESIGN, reasonOf } from "./record/gaps.js";
import { createUsageRecord, type UsageRecord } from "./record/usage-record.js";
import {
  createSiteSources,
  type SiteSources,
  type SiteSourcesParts,
  type SoughtAsset,
} from "./site-sources.js";

export type SiteReadingParts = Pick<SiteSourcesParts, "webflow" | "fetcher" | "openedHosts" | "apiBaseUrl">;

/** What was read, without the parts that were not even begun. */
export interface ReadCounts {
  /** Hosts of the published site. */
  readonly host?: string;
  readonly pages?: number;
  readonly stylesheets?: number;
  /** When the reading began: ISO 8601. */
  readonly at: string;
  /** When the site was last published, according to Webflow: ISO 8601. */
  readonly published?: string;
  readonly cmsItems?: number;
  readonly draftPages?: number;
  readonly components?: number;
}

/** One reading of everything that may refer to the assets of a site: the published pages, then the Data API. */
export interface SiteReading {
  /** Reads on until everything is read or the call is over. Calls that ask at the same time share the reading. */
  readOn(call: CallContext, mayCallApi?: () => boolean): Promise<void>;
  readonly isComplete: boolean;
  /** When the last step was taken: milliseconds since the epoch. */
  readonly readAt: number;
  /** Whether the site was published since, by what Webflow says of it now. */
  isOutdatedBy(details: SiteDetails): boolean;
  /** Whether the asset was searched for: later ones were not. */
  seeks(assetId: string): boolean;
  usesOf(assetId: string): ReturnType<UsageRecord["usesOf"]>;
  /** Whether enough was read to say that no reference was found. */
  readonly isEnough: boolean;
  readonly counts: ReadCounts;
  /** The first host that was read: paths of pages are meant there. */
  readonly mainHost: string | undefined;
  readonly gaps: readonly Gap[];
  /** How many Data API calls are left at least. */
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
  const startedAt = new Date();
  const ids = assets.map(({ id }) => id);
  const search = { index: createIdIndex(ids, assets.map(idInUrl)), siteId };
  const record = createUsageRecord();
  const gaps = createGaps();
  let hasFailed = false;
  const agenda = createAgenda((error) => {
    hasFailed = true;
    gaps.addSource("a part of the site", reasonOf(error));
  });
  let isHeldBack = (): boolean => false;
  const steps = createListSteps(
    agenda.lane(API_CALLS_AT_ONCE, () => isHeldBack()),
    gaps,
  );
  const sources = createSiteSources({ ...parts, siteId, assets, search, record, gaps, agenda, steps });

  /** What comes when nothing else is left to read. */
  const stages = [() => sources.pages?.readUnseen(), () => addUnseenGaps(sources, gaps)];
  sources.begin();

  const readOn = createSharedWork(async (call) => {
    const progress = setInterval(() => call.progress(progressOf(sources)), PROGRESS_MS);
    try {
      while (!reading.isComplete && (await agenda.work(call))) {
        stages.shift()?.();
        reading.isComplete = stages.length === 0;
      }
    } finally {
      clearInterval(progress);
      reading.readAt = Date.now();
    }
  });

  const reading: Writable<SiteReading> = {
    isComplete: false,
    readAt: Date.now(),
    readOn: (call, mayCallApi = () => true) =>
      readOn(call, () => {
        isHeldBack = () => !mayCallApi();
        return !reading.isComplete;
      }),
    isOutdatedBy: (now) =>
      sources.details !== undefined && publicationsOf(now) !== publicationsOf(sources.details),
    seeks: (assetId) => search.index.numbers.has(assetId.toLowerCase()),
    usesOf(assetId) {
      const number = search.index.numbers.get(assetId.toLowerCase());
      return number === undefined ? { uses: [], more: 0 } : record.usesOf(number);
    },
    get isEnough() {
      return reading.isComplete && !hasFailed && !steps.hasBrokenOff() && isEnoughOf(sources);
    },
    get counts() {
      return countsOf(sources, startedAt);
    },
    get mainHost() {
      return sources.site?.hosts[0];
    },
    get gaps() {
      return gaps.list();
    },
    get callsLeft() {
      return steps.callsLeft();
    },
    get cmsPictures() {
      return sources.cms?.pictures ?? new Map();
    },
  };
  return reading;
}

/** The id in the URL of an asset's file, which is what pages name: it need not be the id that Webflow lists. */
function idInUrl({ hostedUrl = "" }: SoughtAsset): string | undefined {
  return /(?:\/|%2f)([0-9a-f]{24})_[^/]*$/i.exec(hostedUrl)?.[1];
}

/** When the site and each of its domains were published: a single page alone, too, makes it another text. */
function publicationsOf({ lastPublished, customDomains }: SiteDetails): string {
  const ofDomains = customDomains.map((domain) => [domain.url, domain.lastPublished]);
  return JSON.stringify([lastPublished, ofDomains]);
}

/** Work that goes on from call to call, one at a time. `isDue` is evaluated when the call has its turn. */
function createSharedWork(work: (call: CallContext) => Promise<void>) {
  let running: Promise<void> | undefined;
  return async (call: CallContext, isDue: () => boolean): Promise<void> => {
    while (running !== undefined) await sharedWork(call, running);
    if (call.signal.aborted || !isDue()) return;
    running = work(call).finally(() => {
      running = undefined;
    });
    await running;
    if (isCancelled(call)) throwIfInterrupted(call);
  };
}

/**
 * Whether everything that visitors can see was read, and nothing suggests that there is more of it. Of pages that were
 * never published, Webflow shows too little: no backgrounds, videos or styles.
 */
function isEnoughOf({ site, pages }: SiteSources): boolean {
  if (!site || !pages) return false;
  if (site.isRead) return site.hasSitemap || (pages.isListed && pages.withoutAddress.length === 0);
  return isNeverPublished(site) && pages.isListed && pages.count === 0;
}

function isNeverPublished({ isPublished, hosts }: NonNullable<SiteSources["site"]>): boolean {
  return !isPublished && hosts.length === 0;
}

function addUnseenGaps({ site, pages }: SiteSources, gaps: ReturnType<typeof createGaps>): void {
  if (!site?.hasSitemap && !pages?.isListed)
    gaps.addSource("pages that nothing links to", "there is no complete sitemap");
  if (site && !site.isPublished && site.hosts.length === 0)
    gaps.addSource("the design of the pages", NO_DESIGN);
  if (!site?.hasSitemap)
    for (const name of pages?.withoutAddress ?? [])
      gaps.addOne("page", name, "Webflow does not say where it is");
  for (const { name, paths } of pages?.templates ?? []) {
    if (!paths.some((path) => site?.hasReadBelow(path)))
      gaps.addOne("template page", name, "no page of an item was read, so nothing shows what is on it");
  }
}

function progressOf({ site, cms }: SiteSources): string {
  return `Reading the site: ${site?.pages ?? 0} pages, ${cms?.items ?? 0} CMS items`;
}

function countsOf({ details, site, pages, components, cms }: SiteSources, startedAt: Date): ReadCounts {
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
}
