import type { AuditAssetsRequest, AuditAssetsResult, Finding } from "../contract/audit-assets.js";
import type { Verdict } from "../contract/find-uses.js";
import { type CallContext, millisecondsLeft, partOfCall } from "../core/call-context.js";
import { present } from "../core/present.js";
import type { FolderStore } from "../folders/folder-store.js";
import { findDuplicates } from "../library/audit/duplicates.js";
import { duplicateFindings, libraryFindings, type WriteCall } from "../library/audit/library-findings.js";
import type { ListedAsset } from "../library/listing/listing-entries.js";
import type { Downloader } from "../sources/web/download.js";
import type { Sites } from "../webflow/sites.js";
import type { PictureCount } from "./content-api/cms-pictures.js";
import { verdictOf } from "./record/verdict.js";
import { doubtOn, notReadOf } from "./report.js";
import type { SiteReading } from "./site-reading.js";
import { assetsInScope, readMap, type UsageMaps } from "./usage-maps.js";

/**
 * Reports the state of the assets of a site, or of a folder with all below it: in a few numbers, each with the call
 * that lists what it counts. What cannot be read within the call is left for the next one.
 */
export type AuditAssets = (request: AuditAssetsRequest, call: CallContext) => Promise<AuditAssetsResult>;

export interface AuditAssetsDependencies {
  readonly sites: Sites;
  readonly folders: FolderStore;
  readonly maps: UsageMaps;
  /** Looks at hosted files. */
  readonly downloader: Downloader;
}

const ANSWER_MS = 500;
/** How much of a call is kept for finding duplicates: so many milliseconds, but at most this share of it. */
const DUPLICATES_MS = 6_000;
const DUPLICATES_SHARE = 0.3;
const MOST_FIELDS = 5;
const MOST_GAPS = 6;
const VERDICTS: readonly [Verdict, string][] = [
  ["used", "used somewhere"],
  ["styleOnly", "only referred to by a style sheet"],
  ["weak", "only referred to by a comment or as a copy"],
  ["noReferenceFound", "with no reference found"],
  ["notChecked", "with uses not checked"],
];

export function createAuditAssets(parts: AuditAssetsDependencies): AuditAssets {
  const { sites, folders, maps, downloader } = parts;
  return async (request, call) => {
    folders.check(request);
    const siteId = await sites.resolve(request.siteId, call);
    const folder = await folders.find(siteId, request, call);
    const keptBack = ANSWER_MS + Math.min(DUPLICATES_MS, millisecondsLeft(call) * DUPLICATES_SHARE);
    const map = await readMap(maps, siteId, {}, call, call.deadline - keptBack);
    if (!map) return { siteId, status: "reading", findings: [], notRead: [STILL_LISTING] };
    const { listing, reading } = map;
    const tree = folder && (await folders.tree(siteId, call));
    const assets = assetsInScope(listing, [], folder, tree);
    const part = partOfCall(call, call.deadline - ANSWER_MS);
    const { groups, notCompared } = await findDuplicates(assets, downloader, part.call);
    part.stop();
    const write = callWriter(request);
    return {
      siteId,
      status: reading.isComplete ? "complete" : "reading",
      findings: [
        ...libraryFindings(assets, write),
        ...duplicateFindings(groups),
        ...verdictFindings(assets, reading, write),
        ...(folder ? [] : cmsFindings(reading.cmsPictures)),
      ],
      notRead: present(
        notCompared > 0 &&
          `the bytes of ${notCompared} assets: the CDN did not serve them for comparison in time`,
        ...[...doubtOn(listing), ...notReadOf(reading, MOST_GAPS)].map(({ what, why }) => `${what}: ${why}`),
      ),
    };
  };
}

function verdictFindings(assets: readonly ListedAsset[], reading: SiteReading, call: WriteCall): Finding[] {
  const counts = new Map<Verdict, number>();
  for (const { id } of assets) {
    const verdict = verdictOf(reading.usesOf(id).uses, reading.isEnough && reading.seeks(id));
    counts.set(verdict, (counts.get(verdict) ?? 0) + 1);
  }
  return VERDICTS.flatMap(([verdict, what]) => {
    const count = counts.get(verdict) ?? 0;
    if (count === 0) return [];
    return [
      { what, count, list: call("findUses", verdict === "noReferenceFound" ? { unreferenced: true } : {}) },
    ];
  });
}

/** Pictures in the CMS are not assets: neither listAssets nor updateAssets knows them. */
function cmsFindings(pictures: ReadonlyMap<string, PictureCount>): Finding[] {
  const lacking = [...pictures].filter(([, { missingAlt }]) => missingAlt > 0);
  const count = lacking.reduce((sum, [, { missingAlt }]) => sum + missingAlt, 0);
  if (count === 0) return [];
  const worst = lacking.sort(([, a], [, b]) => b.missingAlt - a.missingAlt).slice(0, MOST_FIELDS);
  return [
    {
      what: "pictures in CMS fields without alt text; they are files of the CMS, not assets",
      count,
      examples: worst.map(
        ([field, { missingAlt, pictures: all }]) => `${field.slice(0, 80)}: ${missingAlt} of ${all}`,
      ),
      list: "a CMS tool, collection by collection",
    },
  ];
}

function callWriter({ folder, folderId }: AuditAssetsRequest): WriteCall {
  return (tool, args) => `${tool} ${JSON.stringify({ folder, folderId, ...args })}`;
}

const STILL_LISTING = "everything: the assets are still being listed; repeat the call to go on";
