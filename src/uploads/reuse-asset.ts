import { abortable, type CallContext } from "../core/call-context.js";
import { AssetError, isAssetError, reasonOf } from "../core/errors.js";
import type { FolderStore } from "../folders/folder-store.js";
import type { PlacedFolder } from "../folders/folder-tree.js";
import type { ListedAsset } from "../library/listing/listing-entries.js";
import type { WebflowClient } from "../webflow/data-api/client.js";
import { type AssetTexts, hasTexts } from "./asset-texts.js";
import type { FileToUpload, UploadTarget } from "./file/file-to-upload.js";
import { compareAnyUrl, type HostedFileComparison } from "./hosted-file.js";
import type { AssetRecord } from "./record/asset-record.js";
import { listNewest } from "./record/list-newest.js";
import { waitForAsset } from "./record/wait-for-asset.js";
import type { FileStore } from "./store-file.js";

/** The outcome of an upload whose bytes Webflow already knew. */
export interface ReusedAsset {
  /** `uploaded` if the record held no file and was completed. */
  readonly status: "uploaded" | "reused";
  /** Where it really is. */
  readonly folder: PlacedFolder | undefined;
  readonly altText: string | undefined;
  readonly notes: readonly string[];
}

/**
 * Takes the record that Webflow has for the same MD5: as it is if its file is there, or completed. `abandoned`: has no
 * file, can get none, and nobody can still be working on it; `vanished`: somebody removed it although it had got its
 * file. Throws if it holds other bytes, or was deleted.
 */
export type ReuseAsset = (
  target: UploadTarget,
  record: AssetRecord,
  file: FileToUpload,
  call: CallContext,
) => Promise<ReusedAsset | "abandoned" | "vanished">;

export interface ReuseAssetDependencies {
  readonly webflow: WebflowClient;
  readonly folders: FolderStore;
  readonly hostedFiles: HostedFileComparison;
  readonly files: FileStore;
  readonly texts: AssetTexts;
  /** How long Webflow may take to find what it has just created, in milliseconds. */
  readonly lagMs: number;
}

/**
 * What a record holds, by two signs: what is served under its URLs, and the size that Webflow reports. `absent` takes
 * both; if one of them says so and the other is silent, it is `doubtful`.
 */
type Holding = "file" | "other bytes" | "absent" | "doubtful" | "unknown" | "deleted";

interface Finding {
  readonly holding: Holding;
  /** Undefined when Webflow could not be asked, or does not find it yet. */
  readonly asset: ListedAsset | undefined;
}

/** Webflow finds a record of this age if it exists. */
const SETTLED_MS = 60_000;
/** Nobody can still be working on a record of this age. */
const ABANDONED_MS = 5 * 60_000;

export function createReuseAsset(parts: ReuseAssetDependencies): ReuseAsset {
  const { webflow, folders, hostedFiles, files, texts, lagMs } = parts;

  /** The asset by a listing: too old for texts that are to be kept, and says too little of one without a file. */
  async function inListing({ target, record, file }: Reuse, call: CallContext) {
    const listed = hasTexts(file) ? undefined : await target.listed?.(record.id, call);
    return (listed?.size ?? 0) > 0 ? listed : undefined;
  }

  async function lookAt(reuse: Reuse, call: CallContext): Promise<Finding> {
    const { record, file } = reuse;
    const hosted = await compareAnyUrl(hostedFiles, record.urls, file, call);
    const isSettled = record.ageMs > SETTLED_MS;
    const found: ListedAsset | "not found" | undefined =
      (await inListing(reuse, call)) ??
      (await waitForAsset(webflow, record.id, isSettled ? lagMs / 4 : lagMs, call).catch(() => undefined));
    if (found === "not found" && isSettled) return { holding: "deleted", asset: undefined };
    const asset = found === "not found" ? undefined : found;
    const size = found === undefined ? undefined : (asset?.size ?? 0);
    if (hosted === "same") return { holding: "file", asset };
    if (hosted === "different") return { holding: "other bytes", asset };
    if (size === undefined) return { holding: hosted === "absent" ? "doubtful" : "unknown", asset };
    if (size > 0) return { holding: size === file.bytes.length ? "file" : "other bytes", asset };
    return { holding: hosted === "absent" ? "absent" : "doubtful", asset };
  }

  function describe({ asset }: Finding, record: AssetRecord, file: FileToUpload, call: CallContext) {
    if (asset) return texts.setWhereMissing(asset, record, file, call);
    const notes = hasTexts(file)
      ? ["Its texts could not be read and were left unchanged; updateAssets sets them."]
      : [];
    return Promise.resolve({ altText: undefined, notes });
  }

  async function finish(
    status: ReusedAsset["status"],
    why: readonly string[],
    finding: Finding,
    { target, record, file }: Reuse,
    call: CallContext,
  ): Promise<ReusedAsset> {
    const folder = await folders.folderOfAsset(target.siteId, record.id, call, record.ageMs);
    const { altText, notes } = await describe(finding, record, file, call);
    const place = folder?.id === target.folder?.id ? [] : [liesElsewhere(folder)];
    return { status, folder, altText, notes: [...why, ...place, ...notes] };
  }

  /** Sends the file to a record without one: the same bytes as its creator meant to send. */
  async function complete(finding: Finding, reuse: Reuse, call: CallContext): Promise<Completion> {
    const { record, file } = reuse;
    const { notes } = await files.store(record, file, call).catch((error) => {
      throw isAssetError(error, "UPLOAD_INCOMPLETE") ? error : notCompleted(record, error);
    });
    const found = await waitForAsset(webflow, record.id, lagMs, call).catch(() => undefined);
    if (found === "not found" && !(await isListed(webflow, reuse, call))) return "vanished";
    const current = { ...finding, asset: found === "not found" ? undefined : (found ?? finding.asset) };
    if (finding.holding === "doubtful") {
      const why = `The site already had a record of these bytes (${record.id}); it was not certain that its file was there, so the file was sent again.`;
      return finish("reused", [why, ...notes], current, reuse, call);
    }
    const why =
      record.ageMs > SETTLED_MS
        ? `An earlier upload of this file had not finished; its record ${record.id} was completed.`
        : `An earlier upload of this file had not finished, or is in progress elsewhere; its record ${record.id} was completed.`;
    return finish("uploaded", [why, ...notes], current, reuse, call);
  }

  return async (target, record, file, call) => {
    const reuse = { target, record, file };
    const finding = await abortable(call, lookAt(reuse, call));
    const { holding } = finding;
    if (holding === "deleted") throw deleted(record, file);
    if (holding === "other bytes") throw otherBytes(record, file);
    if (holding === "absent" && !record.form && record.ageMs > ABANDONED_MS) return "abandoned";
    if (holding === "absent" || (holding === "doubtful" && record.form))
      return complete(finding, reuse, call);
    const known = `The site already had these bytes: "${record.fileName}" (${record.id}).`;
    const doubts = holding === "file" ? [] : ["Whether its file is really there could not be checked."];
    return finish("reused", [known, ...doubts], finding, reuse, call);
  };
}

type Completion = ReusedAsset | "vanished";

interface Reuse {
  readonly target: UploadTarget;
  readonly record: AssetRecord;
  readonly file: FileToUpload;
}

/** Whether the list shows a record that is not found by its id, which may be new. */
async function isListed(webflow: WebflowClient, { target, record }: Reuse, call: CallContext) {
  if (record.ageMs > SETTLED_MS) return false;
  const listed = await listNewest(webflow, target, call).catch(() => undefined);
  return listed === undefined || listed.some(({ id }) => id === record.id);
}

function liesElsewhere(folder: PlacedFolder | undefined): string {
  const where = folder ? `the folder "${folder.path}"` : "the root";
  return `It lies in ${where}; Webflow's API cannot move assets, the Designer can.`;
}

function notCompleted(record: AssetRecord, cause: unknown): AssetError {
  return new AssetError(
    "UPLOAD_INCOMPLETE",
    `${reasonOf(cause)} The site's record ${record.id} for these bytes, made earlier or by somebody else, shows no file`,
    "call again with the same file, which completes it",
    { cause },
  );
}

function otherBytes(record: AssetRecord, file: FileToUpload): AssetError {
  return new AssetError(
    "WEBFLOW_REJECTED",
    `Webflow takes this file for its asset ${record.id} (same MD5 ${file.md5}), but that asset's hosted file is ` +
      "a different one: it was compressed since, or uploaded with a wrong hash",
    `use the asset as it is (getAsset ${record.id}), or save the file with any change, which gives it another MD5, and ` +
      "upload that",
  );
}

function deleted(record: AssetRecord, file: FileToUpload): AssetError {
  return new AssetError(
    "WEBFLOW_REJECTED",
    `Webflow takes this file for its asset ${record.id} (same MD5 ${file.md5}), which was deleted and no longer exists`,
    "save the file with any change, which gives it another MD5, and upload that",
  );
}

export function vanished(record: AssetRecord): AssetError {
  return new AssetError(
    "UPLOAD_INCOMPLETE",
    `The asset record ${record.id} vanished from the site while its file was being uploaded`,
    "call again; if it happens again, somebody or something is deleting new assets on the site",
  );
}
