/** How the Data API tells pages, components, CMS items and locales, where nobody outside Webflow knows. */
export interface ContentSwitches {
  /** `alt` of an image on a page that takes its asset's alt text: null, a reserved word, or that text. */
  domImageAlt: "null" | "reserved" | "resolved";
  /** `alt` of an image on a page that is decorative. */
  domDecorativeAlt: "empty" | "reserved" | "null";
  /** Content of a component instance's slot: absent, behind the instance, or of that only the instances. */
  domSlots: "absent" | "flattened" | "instances-only";
  /** Whether the HTML of a rich text on a page has its images. */
  domHasRichTextImages: boolean;
  /** What the content of a template page gets: 200 without a node, or an error. */
  domOfTemplates: 200 | 404 | 403;
  /** What the content of a draft page gets. */
  domOfDrafts: "readable" | "empty" | 404;
  /** In a secondary locale, component instances that override nothing: absent, or there without an override. */
  domPlainInstances: "absent" | "present";
  /** Whether the page list has the pages for 404, password and search. */
  listsUtilityPages: boolean;
  /** What happens to the page list between one answer and the next: one page comes twice, or is skipped. */
  pageListMoves: "no" | "duplicate" | "skip";
  /** Whether all collections come at once, or the first hundred with a pagination block. */
  collectionPaging: "all" | "paged";
  /** What a request without its scope gets. */
  missingScope: "missing_scopes" | "forbidden" | "not_authorized";
  /** What a site token gets at the endpoints of custom code, which are documented for apps only. */
  siteTokenAtCustomCode: 403 | 200 | 404;
  /** What the id of a CMS file gets where an asset's belongs. */
  cmsFileAsAsset: 404 | 200;
  /** Whose id stands in the URLs of CMS files: one that only they have, or the site's. */
  cmsBucket: "own" | "site";
  /** What becomes of the name of a file that a CMS field copies. */
  cmsFileNames: "kept" | "jpg-to-jpeg";
  /** Whether the name of such a copy begins with the id of the asset that it was copied from. */
  cmsCopiesNameTheirAsset: boolean;
  /** The locales of items when a request names none. */
  cmsLocaleWhenOmitted: "primary" | "all";
  /** An item in a locale that it has no variant for: not found and not listed, or as in the primary locale. */
  missingItemVariant: "not-found" | "primary";
  /** What a `cmsLocaleId` gets that the site does not have, as one of the other kind. */
  unknownCmsLocale: 400 | "empty" | "primary";
  /** `locales` of a site that has one: with its primary locale, with null for it, or missing. */
  singleLocale: "primary" | "null-primary" | "missing";
  /** What a `localeId` gets that the site does not have, or (of assets) that is not enabled; ignored: the primary's. */
  unknownLocale: 400 | 404 | "ignored";
  /** What the id of the primary locale gets where assets take a `localeId`. */
  primaryLocaleId: "accepted" | 400;
  /** The alt text of an asset in a locale that it was never set in. */
  untranslatedAltText: "primary" | "null" | "empty";
  /** What PATCH with `altText: ""` does. */
  emptyAltText: "kept" | "null" | 400;
  /** The alt text of an asset that never had one. */
  unsetAltText: "null" | "empty";
  /** What PATCH with a `localeId` does with displayName, which is not localizable. */
  displayNameWithLocale: "ignored" | "changed";
  /** Whether an alt text in a secondary locale changes lastUpdated. */
  localeChangesLastUpdated: boolean;
  /** What deleting an asset gets that published pages refer to. */
  deletesUsedAssets: 204 | 400 | 409;
  /** What the URL of a deleted asset answers: S3's 403, the file for as long as the emulator runs, or 404. */
  deletedFiles: 403 | "served" | 404;
  /** Whether the CDN serves files that were uploaded by the API; else 403, and only S3 has them. */
  cdnServesApiUploads: boolean;
  /** Whether raster images were compressed after their upload: the same id, another name and URL. */
  compressesImages: boolean;
}

export function defaultContentSwitches(): ContentSwitches {
  return {
    domImageAlt: "null",
    domDecorativeAlt: "empty",
    domSlots: "absent",
    domHasRichTextImages: true,
    domOfTemplates: 200,
    domOfDrafts: "readable",
    domPlainInstances: "absent",
    listsUtilityPages: true,
    pageListMoves: "no",
    collectionPaging: "all",
    missingScope: "missing_scopes",
    siteTokenAtCustomCode: 403,
    cmsFileAsAsset: 404,
    cmsBucket: "own",
    cmsFileNames: "kept",
    cmsCopiesNameTheirAsset: true,
    cmsLocaleWhenOmitted: "primary",
    missingItemVariant: "not-found",
    unknownCmsLocale: 400,
    singleLocale: "primary",
    unknownLocale: 400,
    primaryLocaleId: "accepted",
    untranslatedAltText: "primary",
    emptyAltText: "kept",
    unsetAltText: "null",
    displayNameWithLocale: "ignored",
    localeChangesLastUpdated: true,
    deletesUsedAssets: 204,
    deletedFiles: "served",
    cdnServesApiUploads: true,
    compressesImages: false,
  };
}
