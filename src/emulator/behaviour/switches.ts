import { defaultContentSwitches } from "./content-switches.js";
import { oneOf } from "./one-of.js";
import { defaultPublishedSiteSwitches } from "./published-site-switches.js";

/**
 * How the emulator behaves where Webflow's behaviour is undocumented or varies. Read at every request, so a change takes
 * effect at once.
 *
 * Besides faults, clients have to cope with:
 * - delays before something new is visible: readLagMs, assetListLagMs, folderListLagMs, sizeLagMs, cdnDelayMs
 * - misleading answers: totalsTooHigh, totalsCount, ignoresFolderId, fileNames, updateStatus, storesAltTexts,
 *   rawPlusInUrls, s3Etags, cdnMissCacheMs, duplicates `reuse-deleted`
 * - other people on the site: colleagueUploads, and `database.addAsset`, whose records are `madeBy` somebody else
 */
export type EmulatorSwitches = ReturnType<typeof defaultContentSwitches> &
  ReturnType<typeof defaultPublishedSiteSwitches> &
  ReturnType<typeof defaultAssetSwitches> &
  ReturnType<typeof defaultServiceSwitches>;

/** What is documented, or else most likely. */
export function defaultSwitches(): EmulatorSwitches {
  return {
    ...defaultContentSwitches(),
    ...defaultPublishedSiteSwitches(),
    ...defaultAssetSwitches(),
    ...defaultServiceSwitches(),
  };
}

/** How the Data API handles assets and folders. */
function defaultAssetSwitches() {
  return {
    /** Status of a created asset: documented 200, seen 202. */
    createStatus: oneOf(200, 202),
    /** For an MD5 that the site has: the older asset (`reuse-deleted`: even one that is gone), or a new one. */
    duplicates: oneOf("reuse", "reuse-uploaded-only", "reuse-deleted", "allow"),
    /** Status of the answer for an older asset. */
    duplicateStatus: oneOf("as-created", 200, 201, 202),
    /** Whether the answer for an older asset has uploadDetails. */
    detailsOnDuplicate: true,
    /** Status of a created folder: documented 200, seen 201. */
    createFolderStatus: oneOf(200, 201),
    /** Where a folder name has to be unique. */
    folderNamesUniquePer: oneOf("site", "parent"),
    folderNamesIgnoreCase: false,
    /** Status and code of the error for a folder name that is taken. */
    conflictStatus: oneOf(409, 400),
    conflictCode: oneOf("conflict", "validation_error"),
    /** Offset and limit of the folder listing: honoured, ignored, or only the limit: every page is the first. */
    folderPaging: oneOf("honoured", "ignored", "first-page-only"),
    /** Folders per page if the request sets no limit. */
    folderPageSize: 100,
    /** Assets per page if the request sets no limit. */
    assetPageSize: 100,
    /** How a limit above 100 is answered, for every list but that of folders. */
    largeLimit: oneOf("reject", "clamp"),
    assetOrder: oneOf("newest-first", "oldest-first", "name"),
    /** Whether a record without its bytes is listed (with size 0). */
    listsUnfinished: true,
    /** Widths of the variants that an image gets, this many milliseconds after its upload. */
    variantWidths: [] as number[],
    variantDelayMs: 0,
    /** Whether fileHash has to be 32 hex digits. */
    strictFileHash: false,
    /** The status for an unknown parentFolder. */
    invalidParentStatus: oneOf(404, 400),
    /** The status for a site that the token cannot access. */
    foreignSiteStatus: oneOf(404, 403),
    /** How the token endpoints, documented as closed to site tokens, answer one. */
    siteTokenAtTokenEndpoints: oneOf(401, "answered", 403, 404),
    /** Whether a new asset's display name begins with its id, as in Webflow's examples. */
    displayNameHasId: false,
    /** Whether uploadDetails has the null field that an older generation of the API had. */
    nullSecurityToken: false,
    /** Whether the answers for a new asset and a new folder omit the fields that no client should rely on. */
    omitsOptionalFields: false,
    /** Whether every answer carries Retry-After, as in an example of Webflow's documentation. */
    retryAfterOnSuccess: false,
    /** Whether stage 1 refuses file extensions that are not on Webflow's list of supported types. */
    refusesUnknownExtensions: false,
    /** Whether PATCH accepts `altText: null`, or stores it as an empty text. */
    takesNullAltText: oneOf(true, false, "as-empty"),
    /** Whether PATCH stores alt texts, or ignores them, as the API did until 2026-04-13. */
    storesAltTexts: true,
    /** Status of the answer to PATCH; 204 has no body. */
    updateStatus: oneOf(200, 204),
    /** What happens to file names: kept, or altered as other storages do. */
    fileNames: oneOf("kept", "lowercase", "nfd", "sanitised", "jpeg-to-jpg"),
  };
}

/** How soon changes are visible, and how the clock, the network, the storage and the CDN behave. */
function defaultServiceSwitches() {
  return {
    /** For this many milliseconds after its creation, an asset or folder cannot be found by its id (404). */
    readLagMs: 0,
    /** For this many milliseconds after its creation, an asset is missing from lists; likewise a folder. */
    assetListLagMs: 0,
    folderListLagMs: 0,
    /** For this many milliseconds after its upload, an asset has size 0. */
    sizeLagMs: 0,
    /** By how much the `total` of every list is too high. */
    totalsTooHigh: 0,
    /** What `total` counts: the list, or the rows of the page, as in the examples of Webflow's documentation. */
    totalsCount: oneOf("list", "page"),
    /** Whether the asset listing ignores folderId, as older generations of the API do. */
    ignoresFolderId: false,
    /** Whether somebody else creates a record with the same file name just before every stage 1. */
    colleagueUploads: false,
    /** Whether an upload above 4 MB (image) or 10 MB (document) is removed after S3 has accepted it. */
    enforcesSizes: false,
    /** How many milliseconds the emulator's clock (ids, dates, policies) is ahead of this machine's. */
    clockOffsetMs: 0,
    /** Whether the Date header follows the emulator's clock. */
    dateFollowsClock: true,
    /** Round-trip time in milliseconds, added to every request once its body has arrived. */
    latencyMs: { api: 0, s3: 0, cdn: 0 } as { api: number; s3: number; cdn: number; site?: number },
    /** Retry-After above the rate limit: the seconds that remain, always 60, or none. */
    retryAfterAboveLimit: oneOf("exact", "60", "none"),
    /** Requests that a token may make per window. A sliding window forgets each request separately. */
    rateLimit: { limit: 120, windowMs: 60_000, sliding: false },
    /** ETags of S3 and the CDN: the MD5; weak, as compressing proxies make them; or not an MD5, as with KMS encryption. */
    s3Etags: oneOf("md5", "weak", "kms"),
    /** For this many milliseconds after its upload, the CDN does not have a file. */
    cdnDelayMs: 0,
    /** For this many milliseconds after a miss, the CDN's edge answers 404 without asking the bucket. */
    cdnMissCacheMs: 0,
    /** Whether URLs contain a raw `+`, which S3 then reads as a space (403). */
    rawPlusInUrls: false,
    /** Whether the key's slash in S3's Location is encoded as %2F. */
    encodesSlashInLocation: true,
  };
}
