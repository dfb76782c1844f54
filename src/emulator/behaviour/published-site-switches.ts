/** How the published site is served, which differs from site to site. */
export interface PublishedSiteSwitches {
  /** `/sitemap.xml`: every page, 404, an index of one sitemap a locale, one that was written by hand, or no page. */
  sitemap: "automatic" | "absent" | "index" | "custom" | "empty";
  /** How it names pages in other locales: as alternates of the primary's, with an entry of their own, or not. */
  sitemapLocales: "alternates" | "entries" | "absent";
  /** The host of its URLs: the first domain, the second, or the staging host of webflow.io. */
  sitemapHost: "first-domain" | "second-domain" | "staging";
  /** Whether its URLs have line breaks and blanks around them. */
  sitemapHasWhitespace: boolean;
  /** What it names besides: nothing, utility pages and pages with a password, or the further pages of lists. */
  sitemapExtras: "none" | "utility-pages" | "list-pages";
  /** What a page with a password answers. */
  passwordPages: 401 | 200 | 302;
  /** What a path answers that the site does not have: 404 with the site's page, 404 plain, or 200 with that page. */
  unknownPaths: "404-page" | "404-plain" | "200-page";
  /** What a site answers that was never published: 404, or a page of before its `lastPublished` was lost. */
  neverPublished: 404 | "old-page";
  /** Domains that the site is published to, the second being `localhost`; an older one shows what was published before. */
  publishedDomains: "one" | "two" | "two-first-older" | "two-second-older";
  /**
   * Names of style sheets that pages link: shared ones, the classic name, one a page; or two versions of the shared
   * ones, because some pages were published alone.
   */
  styleSheetVersions: "shared" | "classic" | "per-page" | "two-versions";
  /** Where style sheets are: on the CDN, at a path of the site, or on a CDN that refuses them (403). */
  styleSheetHost: "cdn" | "site" | "refused";
  /** URLs of images of rich texts on pages: as stored, AVIF under the same id, or another file's id. */
  servedImages: "as-stored" | "avif" | "other-file";
  /** How the slash between the ids of URLs on pages is written. */
  encodedSlash: "/" | "%2F" | "%2f";
  /** What stands in front of the site: nothing, a redirect to another host, a proxy with own asset URLs, a bot wall. */
  siteProxy: "none" | "redirects" | "rewrites-assets" | "bot-wall";
  /** Bodies of pages: as they are, of 12 MB, without an end, or a few bytes at a time. */
  pageBodies: "plain" | "large" | "endless" | "drip";
  /** How the site compresses for clients that take it. */
  siteCompression: "none" | "gzip" | "br";
  /** Whether lists of items show all of them, or link further pages as `?1a2b3c4d_page=2`. */
  listPages: "none" | "linked";
  /** How Lottie files hold their pictures: in themselves, as own files beside them, or by the ids of assets. */
  lottieImages: "embedded" | "own-files" | "assets";
  /** Whether every page also shows a picture of another site, as those of cloned sites do. */
  showsForeignAssets: boolean;
}

export function defaultPublishedSiteSwitches(): PublishedSiteSwitches {
  return {
    sitemap: "automatic",
    sitemapLocales: "alternates",
    sitemapHost: "first-domain",
    sitemapHasWhitespace: true,
    sitemapExtras: "none",
    passwordPages: 401,
    unknownPaths: "404-page",
    neverPublished: 404,
    publishedDomains: "one",
    styleSheetVersions: "shared",
    styleSheetHost: "cdn",
    servedImages: "as-stored",
    encodedSlash: "/",
    siteProxy: "none",
    pageBodies: "plain",
    siteCompression: "none",
    listPages: "linked",
    lottieImages: "embedded",
    showsForeignAssets: false,
  };
}
