import { type AllowedHost, isHostAllowed } from "../../core/allowed-hosts.js";
import { parseUrl } from "../../core/parse-url.js";
import { cutText } from "../../core/text.js";

/** The hosts that a site is published to, as Webflow names them: without a scheme, perhaps with a port. */
export interface SiteAddresses {
  /** Whether the site itself is served there, with `www.` or without: such pages may be fetched. */
  isOwn(url: URL): boolean;
  /** Whether Webflow names that host, so that it is read by itself. */
  isNamed(url: URL): boolean;
  /** The path of the page that a link, or a sitemap, names; `foreign` if it is on another site. */
  pathOf(written: string, base: URL): string | "foreign" | undefined;
}

/** Targets of links that are never pages. */
const NO_PAGE =
  /\.(?:avif|bmp|css|csv|docx?|eot|epub|exe|gif|gz|heic|ico|ics|jpe?g|js|json|lottie|m4[av]|mov|mp[34]|odt|og[gv]|otf|pdf|png|pptx?|rar|riv|svg|tiff?|ttf|txt|vcf|wav|webm|webp|woff2?|xlsx?|xml|zip)$/i;
/** A page of a collection list, as Webflow's pagination links to it: `?1a2b3c4d_page=2`. */
const LIST_PAGE = /^[0-9a-f]{6,10}_page$/i;

export function createSiteAddresses(hosts: readonly string[]): SiteAddresses {
  const named = new Set(hosts.map(hostOf));
  const own = new Set([...named].flatMap((host) => [host, `www.${host}`, host.replace(/^www\./, "")]));

  return {
    isOwn: (url) => own.has(url.host),
    isNamed: (url) => named.has(url.host),
    pathOf(written, base) {
      const url = parseUrl(written, base);
      if (url?.protocol !== "https:" && url?.protocol !== "http:") return undefined;
      if (url.host !== base.host && !own.has(url.host)) return "foreign";
      if (NO_PAGE.test(url.pathname)) return undefined;
      const list = [...url.searchParams].filter(
        ([name, page]) => LIST_PAGE.test(name) && /^\d{1,5}$/.test(page),
      );
      const query = list.map(([name, page]) => `${name}=${page}`).join("&");
      return `${withoutSlash(url.pathname)}${query === "" ? "" : `?${query}`}`;
    },
  };
}

/** Where a host may answer, the likeliest first. Plain http is only for hosts that the user allowed by name. */
export function originsOf(host: string, opened: readonly AllowedHost[]): URL[] {
  const secure = new URL(`https://${hostOf(host)}`);
  const plain = new URL(`http://${hostOf(host)}`);
  if (!isHostAllowed(plain, opened) && !isHostAllowed(secure, opened)) return [secure];
  return plain.port === "" ? [secure, plain] : [plain, secure];
}

/** Whether a host can be parsed as one at all: Webflow returns names that users have typed. */
export function isHost(written: string): boolean {
  const name = nameOf(written);
  return !name.includes("@") && URL.canParse(`https://${name}`);
}

/** In the form of URLs: lower case, with names in other alphabets as Punycode. */
export function hostOf(written: string): string {
  const name = nameOf(written);
  return parseUrl(`https://${name}`)?.host ?? name;
}

function nameOf(written: string): string {
  return written
    .trim()
    .replace(/^https?:\/\//i, "")
    .replace(/[/?#\\].*$/, "")
    .toLowerCase();
}

const LONGEST_SHOWN_PATH = 120;

/** A path as a person reads it. */
export function shownPath(path: string): string {
  try {
    return cutText(decodeURI(path), LONGEST_SHOWN_PATH);
  } catch {
    return cutText(path, LONGEST_SHOWN_PATH);
  }
}

function withoutSlash(path: string): string {
  return path.length > 1 ? path.replace(/\/+$/, "") || "/" : path;
}
