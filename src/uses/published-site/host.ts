import { randomBytes } from "node:crypto";
import type { CallContext } from "../../core/call-context.js";
import type { FetchedText, TextFetcher } from "../../sources/web/fetch-text.js";
import { isInterruption, type Lane } from "../record/agenda.js";
import { reasonOf } from "../record/gaps.js";
import type { SearchParts } from "../record/usage-record.js";
import { hostOf, type SiteAddresses } from "./addresses.js";
import type { SiteFiles } from "./files.js";
import { createHostProgress, GONE, type HostProgress } from "./host-progress.js";
import { createKnownPaths, type KnownPaths } from "./known-paths.js";
import { createPageReader } from "./page-reader.js";
import { createSitemapReader } from "./sitemap-reader.js";

/** One host that the site is published to, read from page to page. */
export interface PublishedHost {
  readonly host: string;
  begin(): void;
  /** A page known from elsewhere: from Webflow's list, or by the slug of an item. */
  addPath: KnownPaths["add"];
  /** Whether the page was read, as visitors see it. */
  hasRead(path: string): boolean;
  /** Whether a page was read whose path continues this one. */
  hasReadBelow(path: string): boolean;
  readonly progress: Pick<HostProgress, "state" | "read" | "missed">;
  /** Whether a complete sitemap was found. */
  readonly hasSitemap: boolean;
}

export interface PublishedHostParts extends SearchParts {
  readonly host: string;
  /** Whether the site has no other. */
  readonly isOnly: boolean;
  readonly origins: readonly URL[];
  readonly lane: Lane;
  readonly fetcher: TextFetcher;
  readonly addresses: SiteAddresses;
  readonly files: SiteFiles;
  /** Whether one more page may be fetched; counts it. */
  readonly takePage: () => boolean;
  /** Whether Webflow says that the site is published there; if not, a host that does not answer is not a gap. */
  readonly isPublished: boolean;
}

export function createPublishedHost(parts: PublishedHostParts): PublishedHost {
  const { host, isOnly, lane, addresses, gaps, isPublished } = parts;
  const progress = createHostProgress(host, isOnly, lane, gaps);
  const fetch = createOwnFetch(parts, progress);
  const fetchQuietly = createQuietFetch(fetch, progress);
  const onNew = (path: string): void => lane.add((call) => pages.read(path, call));
  const paths = createKnownPaths({ host, addresses, gaps, progress, onNew });
  const pages = createPageReader({ ...parts, fetch, paths, progress });
  const sitemaps = createSitemapReader({ ...parts, fetchQuietly, paths, progress });

  /** A host that Webflow calls published is asked once more if it fails. */
  async function begin(call: CallContext, isSecondTry = false): Promise<void> {
    const mayFailOnce = isPublished && !isSecondTry;
    const again = (): void => lane.add((later) => begin(later, true));
    let failure: unknown;
    for (const candidate of parts.origins) {
      try {
        const answer = await fetch(candidate, call);
        if (mayFailOnce && answer.status >= 500 && answer.status !== 503) return again();
        return enter(candidate, answer);
      } catch (error) {
        if (isInterruption(error, call)) throw error;
        failure ??= error;
      }
    }
    if (mayFailOnce) return again();
    progress.end(reasonOf(failure));
  }

  function enter(candidate: URL, answer: FetchedText): void {
    const { url, status, leadsTo } = answer;
    if (leadsTo) return progress.end(`it leads to ${leadsTo.host}, which is not one of the site's hosts`);
    if (url.host !== candidate.host && addresses.isNamed(url)) return progress.endAsAlias();
    if (!isPublished && GONE.has(status)) return progress.endAsUnpublished();
    progress.origin = new URL("/", url);
    paths.note("/");
    pages.accept("/", answer);
    if (progress.state !== "reading") return;
    sitemaps.begin();
    lane.add(probeUnknown);
    paths.open();
  }

  /** A path that cannot exist shows the page that visitors get instead. */
  async function probeUnknown(call: CallContext): Promise<void> {
    const answer = await fetchQuietly(`/no-such-page-${randomBytes(6).toString("hex")}`, call);
    if (answer) pages.acceptUnknown(answer);
  }

  return {
    host: hostOf(host),
    begin: () => lane.add((call) => begin(call)),
    addPath: paths.add,
    hasRead(path) {
      const known = progress.origin && addresses.pathOf(path, progress.origin);
      return known !== undefined && progress.read.has(known);
    },
    hasReadBelow: (path) => [...progress.read].some((one) => one.startsWith(`${path}/`)),
    progress,
    get hasSitemap() {
      return sitemaps.hasSitemap;
    },
  };
}

type Fetch = (url: URL, call: CallContext) => Promise<FetchedText>;

/** Follows redirects only to the site's own hosts, and from https to http only if the user allowed that host. */
function createOwnFetch({ fetcher, addresses, origins }: PublishedHostParts, progress: HostProgress): Fetch {
  const isAsSafe = ({ protocol }: URL): boolean =>
    protocol === "https:" || progress.origin?.protocol === "http:" || origins[0]?.protocol === "http:";
  const mayFollow = (target: URL): boolean => addresses.isOwn(target) && isAsSafe(target);
  return (url, call) => fetcher.fetch(url, call, { mayFollow });
}

/** For requests whose failure says nothing about the host: they then have no answer. */
function createQuietFetch(fetch: Fetch, progress: HostProgress) {
  return async (path: string, call: CallContext): Promise<FetchedText | undefined> => {
    if (!progress.origin || progress.state !== "reading") return undefined;
    try {
      const answer = await fetch(new URL(path, progress.origin), call);
      return answer.leadsTo ? undefined : answer;
    } catch (error) {
      if (isInterruption(error, call)) throw error;
      return undefined;
    }
  };
}
