import { type AllowedHost, isHostAllowed } from "../core/allowed-hosts.js";
import { parseUrl } from "../core/parse-url.js";
import type { Writable } from "../core/writable.js";
import type { TextFetcher } from "../sources/web/fetch-text.js";
import type { ContentClient } from "../webflow/data-api/content-client.js";
import type { SiteDetails } from "../webflow/data-api/content-responses.js";
import { type Cms, createCms } from "./content-api/cms.js";
import { type Components, createComponents } from "./content-api/components.js";
import type { ListSteps } from "./content-api/list-steps.js";
import { searchValue } from "./content-api/nodes.js";
import { createSitePages, type SitePages } from "./content-api/pages.js";
import { readScripts } from "./content-api/scripts.js";
import { createPublishedSite, type PublishedSite } from "./published-site/published-site.js";
import type { Agenda } from "./record/agenda.js";
import { reasonOf } from "./record/gaps.js";
import type { SearchParts } from "./record/usage-record.js";

/** An asset to search for. */
export interface SoughtAsset {
  readonly id: string;
  readonly hostedUrl?: string | undefined;
}

/** What a reading reads: the published site, and the parts of the Data API. Undefined for what was not begun. */
export interface SiteSources {
  /** Asks Webflow where the site is published, and starts reading it there and everywhere else. */
  begin(): void;
  readonly details: SiteDetails | undefined;
  readonly site: PublishedSite | undefined;
  readonly pages: SitePages | undefined;
  readonly components: Components | undefined;
  readonly cms: Cms | undefined;
}

export interface SiteSourcesParts extends SearchParts {
  readonly siteId: string;
  readonly assets: readonly SoughtAsset[];
  readonly webflow: ContentClient;
  readonly fetcher: TextFetcher;
  readonly openedHosts: readonly AllowedHost[];
  readonly apiBaseUrl: string;
  readonly agenda: Agenda;
  readonly steps: ListSteps;
}

export function createSiteSources(parts: SiteSourcesParts): SiteSources {
  const { siteId, webflow, search, record, gaps, steps } = parts;

  function beginAll(): void {
    const { details } = sources;
    const locales = details?.locales ?? [];
    const flags = locales.map(({ displayImageId }) => displayImageId);
    const found = searchValue(flags, search, { place: "image", strength: "strong" });
    record.add({ in: "site: locale flag" }, found);
    const site = details && publishedSiteOf(details, parts);
    const onPath = (path: string): void => site?.addPath(path);
    const localeIds = [undefined, ...locales.slice(1).map(({ id }) => id)];
    const content = { webflow, siteId, search, record, gaps, localeIds, steps, onPath };
    const pages = createSitePages({
      ...content,
      lastPublished: details?.lastPublished,
      hasRead: (path) => site?.hasRead(path) ?? false,
    });
    const components = createComponents(content);
    const cms = createCms({ ...content, locales, templatesOf: pages.templatesOf });
    Object.assign(sources, { site, pages, components, cms });
    pages.begin(() => {
      components.begin();
      cms.begin();
      readScripts({ ...content, onScript: (url) => site?.files.add("script", url, new URL(url)) });
    });
  }

  const sources: Writable<SiteSources> = {
    details: undefined,
    site: undefined,
    pages: undefined,
    components: undefined,
    cms: undefined,
    begin() {
      steps.one(
        async (call) => {
          sources.details = await webflow.getSite(siteId, call);
          beginAll();
        },
        (error) => {
          gaps.addSource("the published site", reasonOf(error, "sites:read"));
          beginAll();
        },
      );
    },
  };
  return sources;
}

function publishedSiteOf(details: SiteDetails, parts: SiteSourcesParts): PublishedSite {
  return createPublishedSite(details, {
    ...parts,
    hasStaging: (host) => hasStaging(host, parts),
    assetHosts: hostsOf(parts.assets),
  });
}

function hasStaging(host: string, { apiBaseUrl, openedHosts }: SiteSourcesParts): boolean {
  const isLocal = /^(?:localhost|127\.[\d.]+|\[::1\])$/.test(new URL(apiBaseUrl).hostname);
  return !isLocal || isHostAllowed(new URL(`https://${host}`), openedHosts);
}

/** Hosts, with their ports, that serve the assets: the site's style sheets are there as well. */
function hostsOf(assets: readonly SoughtAsset[]): Set<string> {
  return new Set(assets.flatMap(({ hostedUrl = "" }) => parseUrl(hostedUrl)?.host ?? []));
}
