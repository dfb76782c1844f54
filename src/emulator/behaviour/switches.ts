import { type ContentSwitches, defaultContentSwitches } from "./content-switches.js";
import { defaultPublishedSiteSwitches, type PublishedSiteSwitches } from "./published-site-switches.js";

/**
 * How the emulator behaves where Webflow's real behaviour is not documented, or differs from place to place.
 * The object is read at every request, so a change takes effect at once.
 *
 * Ways to be that a client has to live with, beside the faults:
 * - what was made is not there at once: readLagMs, assetListLagMs, folderListLagMs, sizeLagMs, cdnDelayMs
 * - answers that mislead: totalsTooHigh, ignoresFolderId, fileNames, updateStatus, rawPlusInUrls, s3Etags,
 *   cdnMissCacheMs, duplicates `reuse-deleted`
 * - other people on the site: colleagueUploads, and `database.addAsset`, whose records are `madeBy` somebody else
 */
export interface EmulatorSwitches extends ContentSwitches, PublishedSiteSwitches {
  /** Status of a created asset: documented 200, seen 202. */
  createStatus: 200 | 202;
  /**
   * What stage 1 answers for an MD5 that the site has: the older asset (with `reuse-deleted` also one that was deleted
   * and that no other request finds), or a new one each time.
   */
  duplicates: "reuse" | "reuse-uploaded-only" | "reuse-deleted" | "allow";
  /** Status of the answer for an older asset. */
  duplicateStatus: 200 | 201 | 202 | "as-created";
  /** Whether the answer for an older asset has uploadDetails. */
  detailsOnDuplicate: boolean;
  /** Status of a created folder: documented 200, seen 201. */
  createFolderStatus: 200 | 201;
  /** Where a folder name has to be unique. */
  folderNamesUniquePer: "site" | "parent";
  folderNamesIgnoreCase: boolean;
  /** Status and code of the error for a folder name that is taken. */
  conflictStatus: 409 | 400;
  conflictCode: "conflict" | "validation_error";
  /**
   * How the folder listing takes offset and limit, which Webflow does not document for it: as the asset listing does;
   * not at all, all folders come at once; or only the limit, every page is the first.
   */
  folderPaging: "honoured" | "ignored" | "first-page-only";
  /** Folders a page when no limit is asked for. */
  folderPageSize: number;
  /** Assets a page when no limit is asked for. */
  assetPageSize: number;
  /** What a limit above 100 gets, of every list but that of folders. */
  largeLimit: "reject" | "clamp";
  assetOrder: "newest-first" | "oldest-first" | "name";
  /** Whether a record without its bytes is listed (with size 0). */
  listsUnfinished: boolean;
  /** Widths of the variants that an uploaded image gets, so many milliseconds after its upload. */
  variantWidths: number[];
  variantDelayMs: number;
  /** Whether fileHash has to be 32 hex digits. */
  strictFileHash: boolean;
  /** What an unknown parentFolder gets. */
  invalidParentStatus: 404 | 400;
  /** What a site that the token does not see gets. */
  foreignSiteStatus: 404 | 403;
  /** What a site token gets at the endpoints about tokens, which are documented to be closed to it. */
  siteTokenAtTokenEndpoints: "answered" | 401 | 403 | 404;
  /** Whether a new asset's display name begins with its id, as in Webflow's examples. */
  displayNameHasId: boolean;
  /** Whether uploadDetails has the null field that an older generation of the API had. */
  nullSecurityToken: boolean;
  /** Whether the answers for a new asset and a new folder leave out what no client should rely on. */
  omitsOptionalFields: boolean;
  /** Whether every answer carries Retry-After, as in an example of Webflow's documentation. */
  retryAfterOnSuccess: boolean;
  /** Whether stage 1 refuses file extensions that are not on Webflow's list of supported types. */
  refusesUnknownExtensions: boolean;
  /** Whether PATCH takes `altText: null`, or makes an empty text of it. */
  takesNullAltText: boolean | "as-empty";
  /** Status of the answer to PATCH; 204 has no body. */
  updateStatus: 200 | 204;
  /** What becomes of a file name: kept, or altered as other storages do. */
  fileNames: "kept" | "lowercase" | "nfd" | "sanitised" | "jpeg-to-jpg";
  /** For so many milliseconds after its creation, an asset or folder is not found by its id: 404. */
  readLagMs: number;
  /** For so many milliseconds after its creation, an asset is missing in lists; the same for a folder. */
  assetListLagMs: number;
  folderListLagMs: number;
  /** For so many milliseconds after its upload, an asset has size 0. */
  sizeLagMs: number;
  /** By how much the `total` of every list is too high. */
  totalsTooHigh: number;
  /** Whether the asset listing ignores folderId, as older generations of the API do. */
  ignoresFolderId: boolean;
  /** Whether every stage 1 comes with another person's record of the same file name, made a moment before. */
  colleagueUploads: boolean;
  /** Whether an upload above 4 MB (image) or 10 MB (document) is removed after S3 took it. */
  enforcesSizes: boolean;
  /** Milliseconds that the emulator's clock (ids, dates, policies) is ahead of this machine's. */
  clockOffsetMs: number;
  /** Whether the Date header follows the emulator's clock. */
  dateFollowsClock: boolean;
  /** Milliseconds of a round trip, added to every request once its body is there. */
  latencyMs: { api: number; s3: number; cdn: number; site?: number };
  /** Retry-After of a request above the rate limit: the seconds that are left, always 60, or none. */
  retryAfterAboveLimit: "exact" | "60" | "none";
  /** Requests that a token may make in a window, which is fixed or slides: then each request is forgotten by itself. */
  rateLimit: { limit: number; windowMs: number; sliding: boolean };
  /** S3's and the CDN's ETags: the MD5; marked as weak, as compressing proxies do; or no MD5, as with KMS encryption. */
  s3Etags: "md5" | "weak" | "kms";
  /** For so many milliseconds after its upload, the CDN does not have a file. */
  cdnDelayMs: number;
  /** For so many milliseconds after it missed a file, the CDN's edge answers 404 without a look at the bucket. */
  cdnMissCacheMs: number;
  /** Whether URLs hold a `+` as it is, which S3 then takes for a space: 403. */
  rawPlusInUrls: boolean;
  /** Whether S3's Location has the key's slash as it is, or as %2F. */
  encodesSlashInLocation: boolean;
}

/** What is documented, or else most likely. */
export function defaultSwitches(): EmulatorSwitches {
  return {
    ...defaultContentSwitches(),
    ...defaultPublishedSiteSwitches(),
    createStatus: 200,
    duplicates: "reuse",
    duplicateStatus: "as-created",
    detailsOnDuplicate: true,
    createFolderStatus: 200,
    folderNamesUniquePer: "site",
    folderNamesIgnoreCase: false,
    conflictStatus: 409,
    conflictCode: "conflict",
    folderPaging: "honoured",
    folderPageSize: 100,
    assetPageSize: 100,
    largeLimit: "reject",
    assetOrder: "newest-first",
    listsUnfinished: true,
    variantWidths: [],
    variantDelayMs: 0,
    strictFileHash: false,
    invalidParentStatus: 404,
    foreignSiteStatus: 404,
    siteTokenAtTokenEndpoints: 401,
    displayNameHasId: false,
    nullSecurityToken: false,
    omitsOptionalFields: false,
    retryAfterOnSuccess: false,
    refusesUnknownExtensions: false,
    takesNullAltText: true,
    updateStatus: 200,
    fileNames: "kept",
    readLagMs: 0,
    assetListLagMs: 0,
    folderListLagMs: 0,
    sizeLagMs: 0,
    totalsTooHigh: 0,
    ignoresFolderId: false,
    colleagueUploads: false,
    enforcesSizes: false,
    clockOffsetMs: 0,
    dateFollowsClock: true,
    latencyMs: { api: 0, s3: 0, cdn: 0 },
    retryAfterAboveLimit: "exact",
    rateLimit: { limit: 120, windowMs: 60_000, sliding: false },
    s3Etags: "md5",
    cdnDelayMs: 0,
    cdnMissCacheMs: 0,
    rawPlusInUrls: false,
    encodesSlashInLocation: true,
  };
}
