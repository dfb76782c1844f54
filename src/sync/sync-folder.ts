import type { JobReport } from "../contract/job-report.js";
import type { SyncFolderRequest, SyncFolderResult } from "../contract/sync-folder.js";
import type { CallContext } from "../core/call-context.js";
import { AssetError } from "../core/errors.js";
import { assertMakeable, folderAt, notesOnTwin } from "../folders/find-folder.js";
import { formatFolderPath, readFolderPath } from "../folders/folder-path.js";
import type { FolderTree, PlacedFolder } from "../folders/folder-tree.js";
import type { Inspector } from "../inspection/inspector.js";
import type { ListedAsset } from "../library/listing/listing-entries.js";
import type { AllowedDirectories } from "../sources/local/directories-in-use.js";
import type { FileHold } from "../uploads/batch/file-hold.js";
import {
  type BatchToStart,
  type BatchUploadDependencies,
  startBatch,
} from "../uploads/batch/upload-assets.js";
import type { HostedFileComparison } from "../uploads/hosted-file.js";
import { createUploadRecall } from "../uploads/known/recall-uploads.js";
import { type CheckedFile, createCheckFiles, orRelease } from "./check-files.js";
import {
  type ComparableAssets,
  type ComparedFile,
  findOnlyOnSite,
  indexAssets,
  type PlacedAsset,
} from "./compare.js";
import { describePlan } from "./describe-plan.js";
import { findIncomplete } from "./incomplete.js";
import { createPlanPages } from "./plan-pages.js";
import { createSameBytes } from "./same-bytes.js";
import { type WalkedDirectory, walkDirectory } from "./walk-directory.js";

export interface SyncFolderDependencies extends BatchUploadDependencies {
  readonly hostedFiles: HostedFileComparison;
  readonly inspector: Inspector;
  readonly hold: FileHold;
  readonly allowedDirectories: AllowedDirectories;
}

export type SyncFolder = (request: SyncFolderRequest, call: CallContext) => Promise<SyncFolderResult>;

/** Compares a local directory with a folder of the site, and on request uploads what is new or changed. */
export function createSyncFolder(parts: SyncFolderDependencies): SyncFolder {
  const { sites, folders, listings } = parts;
  const checkFiles = createCheckFiles(parts);
  const pages = createPlanPages();
  const sameBytesOn = createSameBytes(parts);

  async function assetsBelow(
    siteId: string,
    folder: PlacedFolder | undefined,
    tree: FolderTree,
    call: CallContext,
  ): Promise<{ assets: ComparableAssets; doubt?: string | undefined }> {
    if (!folder) return { assets: indexAssets([]) };
    const listing = listings.open(siteId, folder.id);
    await listing.readUpTo(Number.POSITIVE_INFINITY, call);
    const assets = listing.entries.flatMap((asset) => (asset ? placed(asset, tree) : []));
    return { assets: indexAssets(assets), doubt: listing.doubt };
  }

  /** Throws FOLDER_NOT_FOUND for an id, and for a path, which may be new, what creating it would throw. */
  async function findBase(
    siteId: string,
    { folder, folderId }: SyncFolderRequest,
    tree: FolderTree,
    call: CallContext,
  ): Promise<{ names: readonly string[]; existing: PlacedFolder | undefined }> {
    if (folder === undefined) {
      const existing = await folders.find(siteId, { folderId }, call);
      return { names: existing?.names ?? [], existing };
    }
    const names = readFolderPath(folder);
    assertMakeable(tree, names);
    return { names, existing: folderAt(tree, names) };
  }

  /** Where bytes that the synced folder lacks are already: the ledger may know them in another folder. */
  async function findElsewhere(
    siteId: string,
    files: readonly ComparedFile<CheckedFile>[],
    tree: FolderTree,
    call: CallContext,
  ): Promise<Map<CheckedFile, PlacedAsset>> {
    const known = createUploadRecall(siteId, files.length, parts);
    const found = await Promise.all(
      files.map(async ({ file }) => [file, await known.find(file.md5, call)] as const),
    );
    return new Map(found.flatMap(([file, asset]) => (asset ? [[file, placed(asset, tree)] as const] : [])));
  }

  return async (request, call) => {
    if (request.cursor !== undefined) return pages.next(request, request.cursor);
    const { apply, optimize = false } = request;
    folders.check(request);
    assertFolderNamed(request);
    const walked = await parts.allowedDirectories.use((directories) =>
      walkDirectory(request.directory, directories, request, call),
    );
    if (apply) checkExcludes(walked);
    const siteId = await sites.resolve(request.siteId, call);
    call.progress(`${walked.files.length} files found`);
    const tree = await folders.tree(siteId, call, 0);
    const base = await findBase(siteId, request, tree, call);
    const { names, existing } = base;
    const { assets, doubt } = await assetsBelow(siteId, existing, tree, call);
    const { compared, refused } = await checkFiles(
      walked.files,
      { siteId, base, tree, optimize, assets, apply, sameBytes: sameBytesOn(siteId, call) },
      call,
    );
    const unmatched = compared.filter(({ status }) => status !== "same");
    const looks = Promise.all([
      findIncomplete(compared, parts.hostedFiles, call),
      findElsewhere(siteId, unmatched, tree, call),
    ]);
    const [incomplete, elsewhere] = await orRelease(compared, looks);
    const onlyOnSite = findOnlyOnSite(compared, assets.all);
    const onFolder = notesOnTwin(tree, names);
    const comparison = { files: compared, onlyOnSite, elsewhere, incomplete, refused, doubt, onFolder };
    const folder = { ...(existing && { id: existing.id }), path: formatFolderPath(names) };
    const page = pages.first(request, { siteId, folder, ...describePlan(comparison, walked, apply) });
    if (!apply || unmatched.length === 0) return page;
    const batch = batchOf(
      siteId,
      unmatched.map(({ file }) => file),
      optimize,
    );
    return withReport(page, await startBatch(parts, batch, call));
  };
}

function batchOf(siteId: string, files: readonly CheckedFile[], optimize: boolean): BatchToStart {
  return {
    items: files.map(({ local, place, fileName, held }) => ({
      source: local.source,
      ...place,
      fileName,
      optimize,
      held,
    })),
    names: files.map(({ path }) => path),
    dryRun: false,
    site: async () => siteId,
  };
}

/** The cursor of a sync pages through its files; the rest of the upload's results comes from uploadStatus. */
function withReport(page: SyncFolderResult, { nextCursor, notes: own = [], ...report }: JobReport) {
  const omitted = report.total - report.results.length;
  const more = [`${omitted} more results: uploadStatus with this job returns them.`];
  const notes = [...(page.notes ?? []), ...(nextCursor === undefined ? own : more)];
  return { ...page, ...report, ...(notes.length > 0 && { notes }) };
}

function assertFolderNamed({ folder, folderId }: SyncFolderRequest): void {
  if (folder !== undefined || folderId !== undefined) return;
  throw new AssetError(
    "INVALID_INPUT",
    "Neither folder nor folderId is given",
    "name the folder to sync to; a folder that does not exist yet is created",
  );
}

/** Something was meant to stay private: nothing becomes public before that is cleared up. */
function checkExcludes({ unmatchedExcludes }: WalkedDirectory): void {
  if (unmatchedExcludes.length === 0) return;
  const patterns = unmatchedExcludes.map((pattern) => `"${pattern}"`).join(", ");
  throw new AssetError(
    "INVALID_INPUT",
    `Nothing in the directory matches these exclude patterns: ${patterns}`,
    "look at the names in the plan (call without apply), then correct these patterns or leave them out; " +
      "a pattern with a slash starts at the directory, one without matches at any depth",
  );
}

function placed(asset: ListedAsset, tree: FolderTree): PlacedAsset {
  return { ...asset, folderPath: tree.folderOf(asset)?.path ?? "" };
}
