import type { EmulatorSwitches } from "../behaviour/switches.js";
import type { EmulatedDomain, EmulatedSite } from "./records.js";

/** A domain, and whether it still shows the previous version. */
export interface ServedDomain extends EmulatedDomain {
  readonly isOlder: boolean;
}

const HOUR_MS = 3_600_000;

/** The domains of a site. With `publishedDomains`, `localhost` is a second name of the first one's server. */
export function domainsOf(site: EmulatedSite, { publishedDomains }: EmulatorSwitches): ServedDomain[] {
  const [first, ...rest] = site.customDomains;
  if (!first || publishedDomains === "one")
    return site.customDomains.map((domain) => ({ ...domain, isOlder: false }));
  const second = { ...first, id: reversed(first.id), url: first.url.replace(/^127\.0\.0\.1/, "localhost") };
  return [
    aged(first, publishedDomains === "two-first-older"),
    aged(second, publishedDomains === "two-second-older"),
    ...rest.map((domain) => aged(domain, false)),
  ];
}

function aged(domain: EmulatedDomain, isOlder: boolean): ServedDomain {
  if (!isOlder || domain.lastPublished === null) return { ...domain, isOlder };
  const lastPublished = new Date(Date.parse(domain.lastPublished) - HOUR_MS).toISOString();
  return { ...domain, lastPublished, isOlder };
}

/** A different id, the same for the same id. */
function reversed(id: string): string {
  return [...id].reverse().join("");
}
