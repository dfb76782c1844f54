import { oneOf } from "./one-of.js";

/** How the published site is served, which differs from site to site. */
export function defaultPublishedSiteSwitches() {
  return {
    /** `/sitemap.xml`: every page, 404, an index of one sitemap a locale, one written by hand, or one without pages. */
    sitemap: oneOf("automatic", "absent", "index", "custom", "empty"),
    /** How it lists pages in other locales: as alternates of the primary page, as entries, or not at all. */
    sitemapLocales: oneOf("alternates", "entries", "absent"),
    /** The host of its URLs: the first domain, the second, or the staging host of webflow.io. */
    sitemapHost: oneOf("first-domain", "second-domain", "staging"),
    /** Whether its URLs are surrounded by line breaks and spaces. */
    sitemapHasWhitespace: true,
    /** What else it lists: nothing, utility and password-protected pages, or further pages of lists. */
    sitemapExtras: oneOf("none", "utility-pages", "list-pages"),
    /** The status of a password-protected page. */
    passwordPages: oneOf(401, 200, 302),
    /** How an unknown path is answered: 404 with the site's own page, plain 404, or 200 with that page. */
    unknownPaths: oneOf("404-page", "404-plain", "200-page"),
    /** How a never-published site answers: 404, or an old page, as if its `lastPublished` had been lost. */
    neverPublished: oneOf(404, "old-page"),
    /** Domains that the site is published to. The second is `localhost`; an older one shows the previous version. */
    publishedDomains: oneOf("one", "two", "two-first-older", "two-second-older"),
    /** Linked style sheets: shared, classic, one per page, or two versions, of pages published separately. */
    styleSheetVersions: oneOf("shared", "classic", "per-page", "two-versions"),
    /** Where style sheets are served: by the CDN, at a path of the site, or by a CDN that refuses them (403). */
    styleSheetHost: oneOf("cdn", "site", "refused"),
    /** URLs of images in rich text: as stored, AVIF under the same id, or with another file's id. */
    servedImages: oneOf("as-stored", "avif", "other-file"),
    /** How the slash between the ids is written in URLs on pages. */
    encodedSlash: oneOf("/", "%2F", "%2f"),
    /** What is in front of the site: nothing, a redirect to another host, a proxy that rewrites asset URLs, a bot wall. */
    siteProxy: oneOf("none", "redirects", "rewrites-assets", "bot-wall"),
    /** Bodies of pages: unchanged, 12 MB, endless, or a few bytes at a time. */
    pageBodies: oneOf("plain", "large", "endless", "drip"),
    /** How the site compresses for clients that accept it. */
    siteCompression: oneOf("none", "gzip", "br"),
    /** Whether lists show all items, or link further pages as `?1a2b3c4d_page=2`. */
    listPages: oneOf("linked", "none"),
    /** How Lottie files hold their pictures: embedded, as separate files, or by asset id. */
    lottieImages: oneOf("embedded", "own-files", "assets"),
    /** Whether every page also shows a picture of another site, as cloned sites do. */
    showsForeignAssets: false,
  };
}
