import { oneOf } from "./one-of.js";

/** How the Data API represents pages, components, CMS items and locales where Webflow does not document it. */
export function defaultContentSwitches() {
  return {
    /** `alt` of a page's image that inherits its asset's alt text: null, a reserved word, or that text. */
    domImageAlt: oneOf("null", "reserved", "resolved"),
    /** `alt` of a decorative image on a page. */
    domDecorativeAlt: oneOf("empty", "reserved", "null"),
    /** Content of a component instance's slot: absent, after the instance, or only the instances in it. */
    domSlots: oneOf("absent", "flattened", "instances-only"),
    /** Whether the HTML of a rich text on a page has its images. */
    domHasRichTextImages: true,
    /** The status for the content of a template page: 200 without nodes, or an error. */
    domOfTemplates: oneOf(200, 404, 403),
    /** How the content of a draft page is answered. */
    domOfDrafts: oneOf("readable", "empty", 404),
    /** Component instances without overrides, in a secondary locale: absent, or present with none. */
    domPlainInstances: oneOf("absent", "present"),
    /** Whether the page list includes the 404, password and search pages. */
    listsUtilityPages: true,
    /** How the page list changes between two answers: one page appears twice, or is skipped. */
    pageListMoves: oneOf("no", "duplicate", "skip"),
    /** Whether collections come all at once, or a hundred at a time with a pagination block. */
    collectionPaging: oneOf("all", "paged"),
    /** The error for a request whose scope the token lacks. */
    missingScope: oneOf("missing_scopes", "forbidden", "not_authorized"),
    /** How the custom-code endpoints, documented for apps only, answer a site token. */
    siteTokenAtCustomCode: oneOf(403, 200, 404),
    /** The status for a CMS file's id in place of an asset's. */
    cmsFileAsAsset: oneOf(404, 200),
    /** The id in URLs of CMS files: their own bucket's, or the site's. */
    cmsBucket: oneOf("own", "site"),
    /** What happens to the name of a file that a CMS field copies. */
    cmsFileNames: oneOf("kept", "jpg-to-jpeg"),
    /** Whether the name of such a copy begins with the id of its asset. */
    cmsCopiesNameTheirAsset: true,
    /** The locales of items if a request names none. */
    cmsLocaleWhenOmitted: oneOf("primary", "all"),
    /** An item in a locale without a variant: not found and not listed, or as in the primary locale. */
    missingItemVariant: oneOf("not-found", "primary"),
    /** How a `cmsLocaleId` that the site lacks is answered, for example a `localeId`. */
    unknownCmsLocale: oneOf(400, "empty", "primary"),
    /** `locales` of a site with a single locale: that locale as primary, null as primary, or missing. */
    singleLocale: oneOf("primary", "null-primary", "missing"),
    /** How a `localeId` that the site lacks (for assets: that is not enabled) is answered; ignored: as the primary one. */
    unknownLocale: oneOf(400, 404, "ignored"),
    /** How the primary locale's id is answered where assets take a `localeId`. */
    primaryLocaleId: oneOf("accepted", 400),
    /** The alt text of an asset in a locale in which it was never set. */
    untranslatedAltText: oneOf("primary", "null", "empty"),
    /** What PATCH with `altText: ""` does. */
    emptyAltText: oneOf("kept", "null", 400),
    /** The alt text of an asset that never had one. */
    unsetAltText: oneOf("null", "empty"),
    /** What PATCH with a `localeId` does to displayName, which cannot be localized. */
    displayNameWithLocale: oneOf("ignored", "changed"),
    /** Whether an alt text in a secondary locale changes lastUpdated. */
    localeChangesLastUpdated: true,
    /** The status for deleting an asset that published pages refer to. */
    deletesUsedAssets: oneOf(204, 400, 409),
    /** How a deleted asset's URL is answered: S3's 403, the file as long as the emulator runs, or 404. */
    deletedFiles: oneOf("served", 403, 404),
    /** Whether the CDN serves files uploaded through the API; if not, it answers 403, and only S3 has them. */
    cdnServesApiUploads: true,
    /** Whether raster images were compressed after upload, keeping the id but changing name and URL. */
    compressesImages: false,
  };
}
