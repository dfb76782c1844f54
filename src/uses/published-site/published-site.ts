import type { AllowedHost } from "../../core/allowed-hosts.js";
import type { TextFetcher } from "../../sources/web/fetch-text.js";
import type { SiteDetails } from "../../webflow/data-api/content-responses.js";
import type { Agenda } from "../record/agenda.js";
import { NEVER_PUBLISHED } from "../record/gaps.js";
import type { SearchParts } from "../record/usage-record.js";
import { createSiteAddresses, hostOf, isHost, originsOf } from "./addresses.js";
import { createSiteFiles, type SiteFiles } from "./files.js";
import { createPublishedHost, type PublishedHost } from "./host.js";

/** A site as visitors see it, on every host that it is published to. */
export interface PublishedSite {
  addPath(path: string): void;
  hasRead(path: string): boolean;
  hasReadBelow(path: string): boolean;
  readonly files: SiteFiles;
  /** Whether Webflow says that it is published anywhere. */
  readonly isPublished: boolean;
  /** Hosts that were read, or are being read. */
  readonly hosts: readonly string[];
  /** Pages that were read, on all hosts. */
  readonly pages: number;
  /**
   * Whether all hosts that answered were read to their end, including their files, with almost no page missed; and
   * whether each domain that did not answer shows the same as one that did.
   */
  readonly isRead: boolean;
  readonly hasSitemap: boolean;
}

export interface PublishedSiteParts extends SearchParts {
  readonly agenda: Agenda;
  readonly fetcher: TextFetcher;
  /** Hosts that the user allowed by name. */
  readonly openedHosts: readonly AllowedHost[];
  /** Whether the site's staging host may be asked: with a Data API on this machine, it would be somebody else's. */
  readonly hasStaging: (host: string) => boolean;
  /** Hosts of the site's assets. */
  readonly assetHosts: ReadonlySet<string>;
}

interface HostToRead {
  readonly host: string;
  readonly isPublished: boolean;
  /** Milliseconds since the epoch; undefined if Webflow does not say. */
  readonly publishedAt?: number | undefined;
}

/** How many requests to one host may be in flight at once. */
const AT_ONCE = 4;
const MOST_PAGES = 10_000;
const MOST_HOSTS = 8;
/** Domains that were published within this time of each other show the same. */
const ONE_PUBLICATION_MS = 60_000;
/** One page in fifty may fail before what was read counts as too little. */
const MISSED_SHARE = 0.02;

/** Starts reading the hosts of a site; the steps wait in the agenda. */
export function createPublishedSite(details: SiteDetails, parts: PublishedSiteParts): PublishedSite {
  const { agenda, gaps, openedHosts } = parts;
  const toRead = hostsOf(details, parts);
  const addresses = createSiteAddresses(toRead.map(({ host }) => host));
  const files = createSiteFiles({ ...parts, lane: agenda.lane(AT_ONCE), isOwn: addresses.isOwn });
  let pagesLeft = MOST_PAGES;
  const takePage = (): boolean => {
    pagesLeft -= 1;
    return pagesLeft >= 0;
  };
  const hosts: PublishedHost[] = toRead.map(({ host, isPublished }) =>
    createPublishedHost({
      ...parts,
      host,
      isOnly: toRead.length === 1,
      isPublished,
      addresses,
      files,
      takePage,
      origins: originsOf(host, openedHosts),
      lane: agenda.lane(AT_ONCE),
    }),
  );
  const publishedAt = ({ host }: PublishedHost): number | undefined =>
    toRead.find((one) => one.host === host)?.publishedAt;
  if (hosts.length === 0) gaps.addSource("the published site", "Webflow names no host of it");
  for (const host of hosts) host.begin();

  return {
    addPath: (path) => {
      for (const host of hosts) host.addPath(path);
    },
    hasRead: (path) => hosts.some((host) => host.hasRead(path)),
    hasReadBelow: (path) => hosts.some((host) => host.hasReadBelow(path)),
    files,
    isPublished: isPublished(details),
    get hosts() {
      const isRead = ({ progress: { state, read } }: PublishedHost): boolean =>
        state === "reading" || read.size > 0;
      return hosts.filter(isRead).map(({ host }) => host);
    },
    get pages() {
      return hosts.reduce((sum, { progress }) => sum + progress.read.size, 0);
    },
    get isRead() {
      const answered = hosts.filter(({ progress }) => progress.read.size > 0);
      const silent = hosts.filter(({ progress }) => progress.read.size === 0 && progress.state !== "alias");
      const isHostRead = ({ progress: { state, read, missed } }: PublishedHost): boolean =>
        state === "reading" && missed <= read.size * MISSED_SHARE;
      return (
        files.missed === 0 &&
        answered.length > 0 &&
        answered.every(isHostRead) &&
        silent.every((one) => showsNothingElse(publishedAt(one), answered.map(publishedAt)))
      );
    },
    get hasSitemap() {
      return hosts.some(({ hasSitemap }) => hasSitemap);
    },
  };
}

/** The hosts that Webflow says the site is published to; if it says so of none, all hosts. */
function hostsOf(details: SiteDetails, { gaps, hasStaging }: PublishedSiteParts): HostToRead[] {
  const { shortName } = details;
  const domains = details.customDomains.filter(({ url }) => isHost(url));
  for (const { url } of details.customDomains.filter((domain) => !domains.includes(domain)))
    gaps.addOne("domain", url, "its name cannot be read");
  const published = domains.filter((domain) => domain.lastPublished !== undefined);
  const chosen = published.length > 0 ? published : domains;
  for (const { url } of domains.filter((domain) => !chosen.includes(domain))) {
    gaps.addOne("domain", hostOf(url), NEVER_PUBLISHED);
  }
  const hosts: HostToRead[] = chosen.map(({ url, lastPublished }) => ({
    host: hostOf(url),
    isPublished: isPublished(details),
    publishedAt: lastPublished,
  }));
  const staging = shortName === undefined ? undefined : `${shortName.toLowerCase()}.webflow.io`;
  if (staging !== undefined && isHost(staging)) {
    if (hasStaging(staging))
      hosts.push({ host: staging, isPublished: isPublished(details) && hosts.length === 0 });
    else if (hosts.length === 0) gaps.addSource(`the site at ${staging}`, LOCAL_API);
  }
  for (const { host } of hosts.slice(MOST_HOSTS)) gaps.addOne("domain", host, "the site has too many");
  return hosts.slice(0, MOST_HOSTS);
}

/** A host published at another time than the others may show what they no longer show, or not yet. */
function showsNothingElse(publishedAt: number | undefined, others: readonly (number | undefined)[]): boolean {
  if (publishedAt === undefined) return true;
  return others.some((other) => other !== undefined && Math.abs(other - publishedAt) <= ONE_PUBLICATION_MS);
}

function isPublished({ lastPublished, customDomains }: SiteDetails): boolean {
  return lastPublished !== undefined || customDomains.some((domain) => domain.lastPublished !== undefined);
}

const LOCAL_API = "the Data API is on this machine; WEBFLOW_URL_HOSTS can open that host";
