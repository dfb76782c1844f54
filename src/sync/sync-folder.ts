import type { JobReport } from "../contract/job-report.js";
import type { SyncFolderRequest, SyncFolderResult } from "../contract/sync-folder.js";
import { type CallContext, throwIfInterrupted } from "../core/call-context.js";
import { AssetError, formatError } from "../core/errors.js";
import { formatFolderPath, parseFolderPath } from "../folders/folder-path.js";
import type { FolderTree } from "../folders/folder-tree.js";
import type { Inspector } from "../inspection/inspector.js";
import type { ListedAsset } from "../library/listing/listing-entries.js";
import type { AllowedDirectory } from "../sources/local/allowed-directories.js";
import type { FileHold } from "../uploads/batch/file-hold.js";
import { type BatchUploadDependencies, startBatch } from "../uploads/batch/upload-assets.js";
import type { HostedFileComparison } from "../uploads/hosted-file.js";
import { createUploadRecall } from "../uploads/recall-uploads.js";
import { type CheckedFile, createCheckFiles, type RefusedFile, releaseAll } from "./check-files.js";
import {
  type ComparedFile,
  compareFile,
  type FileToCompare,
  findOnlyOnSite,
  type PlacedAsset,
} from "./compare.js";
import { createPlanPages } from "./plan-pages.js";
import { type WalkedDirectory, walkDirectory } from "./walk-directory.js";

type SyncedFile = SyncFolderResult["files"][number];

export interface SyncFolderDependencies extends BatchUploadDependencies {
  readonly hostedFiles: HostedFileComparison;
  readonly inspector: Inspector;
  readonly hold: FileHold;
  readonly allowedDirectories: () => Promise<readonly AllowedDirectory[]>;
}

export type SyncFolder = (request: SyncFolderRequest, call: CallContext) => Promise<SyncFolderResult>;

/** Compares a local directory with a folder of the site, and uploads what is new or changed when asked to. */
export function createSyncFolder(parts: SyncFolderDependencies): SyncFolder {
  const { sites, folders, listings, ledger, hostedFiles } = parts;
  const checkFiles = createCheckFiles(parts);
  const pages = createPlanPages();

  async function assetsBelow(siteId: string, base: readonly string[], tree: FolderTree, call: CallContext) {
    const [folder] = tree.at(base);
    if (!folder) return [];
    const listing = listings.open(siteId, folder.id);
    await listing.readUpTo(Number.POSITIVE_INFINITY, call);
    return listing.entries.flatMap((asset) => (asset ? [placed(asset, tree)] : []));
  }

  function compareWithSite(siteId: string, call: CallContext) {
    return async (file: FileToCompare, asset: PlacedAsset): Promise<boolean> => {
      if (file.rememberedId === asset.id) return true;
      const remembered = await ledger.find(siteId, file.md5);
      if (remembered?.id === asset.id) return true;
      if (remembered && remembered.size === file.size && asset.folderPath !== file.folder) return false;
      const isSame = (await hostedFiles.compare(asset.hostedUrl, file, call)) === "same";
      throwIfInterrupted(call);
      if (isSame) await ledger.record(siteId, [file.md5], { id: asset.id, size: file.size });
      return isSame;
    };
  }

  /** Throws FOLDER_NOT_FOUND for an id; what a path names may be new. */
  async function namesOfFolder(
    siteId: string,
    { folder, folderId }: SyncFolderRequest,
    call: CallContext,
  ): Promise<string[]> {
    const path = folder ?? (await folders.find(siteId, { folderId }, call))?.path ?? "";
    return parseFolderPath(path);
  }

  function checkFolder({ folder, folderId }: SyncFolderRequest): void {
    folders.check({ folder, folderId });
    if (folder !== undefined || folderId !== undefined) return;
    throw new AssetError(
      "INVALID_INPUT",
      "Neither folder nor folderId is given",
      "name the folder to sync to; it is made when there is none of that path",
    );
  }

  /** Where bytes that the synced folder lacks lie already: the ledger may know them in another folder. */
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
    checkFolder(request);
    const walked = await walkDirectory(request.directory, await parts.allowedDirectories(), request, call);
    if (apply) checkExcludes(walked);
    const local = walked.files;
    const siteId = await sites.resolve(request.siteId, call);
    call.progress(`${local.length} files found`);
    const tree = await folders.tree(siteId, call, 0);
    const base = await namesOfFolder(siteId, request, call);
    const assets = await assetsBelow(siteId, base, tree, call);
    const sameBytes = compareWithSite(siteId, call);
    const compare = (file: CheckedFile) => compareFile(file, assets, sameBytes);
    const { compared, refused } = await checkFiles(
      local,
      { siteId, base, optimize, assets, apply, compare },
      call,
    );
    const comparison = { files: compared, onlyOnSite: findOnlyOnSite(compared, assets) };
    const unmatched = compared.filter(({ status }) => status !== "same");
    const elsewhere = await findElsewhere(siteId, unmatched, tree, call).catch((error: unknown) => {
      releaseAll(compared);
      throw error;
    });
    const [existing] = tree.at(base);
    const plan = {
      siteId,
      folder: { ...(existing && { id: existing.id }), path: formatFolderPath(base) },
      plan: countsOf(comparison, elsewhere, refused.length),
      ...leftOutOf(walked),
      files: [...describe(comparison, apply, elsewhere), ...refused.map(describeRefused)].sort(byPath),
    };
    const toUpload = unmatched.map(({ file }) => file);
    const page = pages.first(request, plan);
    if (!apply || toUpload.length === 0) return page;
    const items = toUpload.map(({ local, folder, fileName, held }) => ({
      source: local.source,
      folder,
      fileName,
      optimize,
      held,
    }));
    const names = toUpload.map(({ path }) => path);
    const site = async (): Promise<string> => siteId;
    return withReport(page, await startBatch(parts, { items, names, dryRun: false, site }, call));
  };
}

/** The cursor of a sync goes through its files; the rest of the results is told by uploadStatus. */
function withReport(
  page: SyncFolderResult,
  { nextCursor, notes = [], ...report }: JobReport,
): SyncFolderResult {
  const untold = report.total - report.results.length;
  const told =
    nextCursor === undefined ? notes : [`${untold} more results: uploadStatus with this job tells them.`];
  return { ...page, ...report, ...(told.length > 0 && { notes: told }) };
}

/** Something was meant to stay private: nothing becomes public before that is cleared up. */
function checkExcludes({ unmatchedExcludes }: WalkedDirectory): void {
  if (unmatchedExcludes.length === 0) return;
  const patterns = unmatchedExcludes.map((pattern) => `"${pattern}"`).join(", ");
  throw new AssetError(
    "INVALID_INPUT",
    `Nothing in the directory matches what exclude names: ${patterns}`,
    "look at the names in the plan (call without apply), then correct these patterns or leave them out; " +
      "a pattern with a slash begins at the directory, one without fits in any depth",
  );
}

function leftOutOf({ leftOut, unmatchedExcludes }: WalkedDirectory): Pick<SyncFolderResult, "leftOut"> {
  const unmatched = unmatchedExcludes.length > 0 && {
    why: "patterns of exclude without a match: they keep nothing private, and apply refuses them",
    count: unmatchedExcludes.length,
    names: [...unmatchedExcludes],
  };
  const all = [...(unmatched ? [unmatched] : []), ...leftOut];
  return all.length > 0 ? { leftOut: all } : {};
}

interface Comparison {
  readonly files: readonly ComparedFile<CheckedFile>[];
  readonly onlyOnSite: ReturnType<typeof findOnlyOnSite>;
}

function placed(asset: ListedAsset, tree: FolderTree): PlacedAsset {
  const folder = asset.folderId === undefined ? undefined : tree.byId(asset.folderId);
  return { ...asset, folderPath: folder?.path ?? "" };
}

function countsOf(
  { files, onlyOnSite }: Comparison,
  elsewhere: ReadonlyMap<CheckedFile, PlacedAsset>,
  refused: number,
): SyncFolderResult["plan"] {
  const count = (wanted: string): number =>
    files.filter(({ file, status }) => status === wanted && !elsewhere.has(file)).length;
  return {
    new: count("new"),
    same: count("same"),
    changed: count("changed"),
    ...(elsewhere.size > 0 && { elsewhere: elsewhere.size }),
    refused,
    onlyOnSite: onlyOnSite.length,
  };
}

/** Every file but those that are the same. What an upload would change is told unless the upload itself tells it. */
function describe(
  { files, onlyOnSite }: Comparison,
  apply: boolean,
  elsewhere: ReadonlyMap<CheckedFile, PlacedAsset>,
): SyncedFile[] {
  const local = files.flatMap(({ file, status, asset }): SyncedFile[] => {
    if (status === "same") return [];
    const twin = elsewhere.get(file);
    if (twin) return [{ path: file.path, status: "elsewhere", id: twin.id, notes: [liesElsewhere(twin)] }];
    const ownNotes = apply ? [] : file.notes;
    if (status === "new" || !asset) return [{ path: file.path, status: "new", ...withNotes(ownNotes) }];
    const note = `A new asset; the one that has this name now (${asset.id}) is kept.`;
    return [{ path: file.path, status: "changed", id: asset.id, notes: [note, ...ownNotes] }];
  });
  const remote = onlyOnSite.map(({ asset, supersededBy }): SyncedFile => {
    const name = asset.displayName ?? asset.originalFileName ?? asset.id;
    const path = asset.folderPath === "" ? name : `${asset.folderPath}/${name}`;
    const superseded = supersededBy
      ? [`Superseded by the local ${supersededBy.file.path}; it is not deleted.`]
      : [];
    return { path, status: "onlyOnSite", id: asset.id, ...withNotes(superseded) };
  });
  return [...local, ...remote];
}

function liesElsewhere({ folderPath }: PlacedAsset): string {
  const where = folderPath === "" ? "in the root" : `in "${folderPath}"`;
  return `The site has these bytes ${where}: that asset is reused, and Webflow's API cannot move it (the Designer can).`;
}

function describeRefused({ path, error }: RefusedFile): SyncedFile {
  return { path, status: "refused", error: formatError(error) };
}

function withNotes(notes: readonly string[]): { notes?: string[] } {
  return notes.length > 0 ? { notes: [...notes] } : {};
}

function byPath(a: SyncedFile, b: SyncedFile): number {
  return a.path < b.path ? -1 : 1;
}
