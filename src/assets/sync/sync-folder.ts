import { type Call, throwIfInterrupted } from "../../call.js";
import { formatError } from "../../errors.js";
import type { ListedAsset } from "../asset-listing.js";
import type { JobReport } from "../batch/jobs.js";
import { type BatchUploadParts, startBatch } from "../batch/upload-assets.js";
import { formatFolderPath, parseFolderPath } from "../folder-path.js";
import type { FolderTree } from "../folder-tree.js";
import type { HostedFiles } from "../hosted-files.js";
import type { AllowedDirectory } from "../sources/allowed-directories.js";
import { walkDirectory } from "./directory-walk.js";
import { createJudgeFiles, type JudgedFile, type RefusedFile } from "./judge-files.js";
import { type Comparison, compare, type FileToCompare, type PlacedAsset } from "./sync-plan.js";

export interface SyncFolderRequest {
  readonly siteId?: string | undefined;
  readonly directory: string;
  readonly folder: string;
  readonly include?: readonly string[] | undefined;
  readonly exclude?: readonly string[] | undefined;
  readonly apply: boolean;
  readonly optimize?: boolean | undefined;
}

interface SyncedFile {
  path: string;
  status: "new" | "changed" | "refused" | "onlyOnSite";
  id?: string;
  notes?: string[];
  error?: string;
}

export interface SyncFolderResult extends Partial<JobReport> {
  readonly siteId: string;
  readonly folder: { readonly id?: string; readonly path: string };
  readonly plan: { new: number; same: number; changed: number; refused: number; onlyOnSite: number };
  readonly files: SyncedFile[];
}

export interface SyncFolderParts extends BatchUploadParts {
  readonly hostedFiles: HostedFiles;
  readonly allowedDirectories: () => Promise<readonly AllowedDirectory[]>;
}

export type SyncFolder = (request: SyncFolderRequest, call: Call) => Promise<SyncFolderResult>;

/** Compares a local directory with a folder of the site, and uploads what is new or changed when asked to. */
export function createSyncFolder(parts: SyncFolderParts): SyncFolder {
  const { sites, folders, listings, ledger, hostedFiles } = parts;
  const judgeFiles = createJudgeFiles(parts);

  async function assetsBelow(siteId: string, base: readonly string[], tree: FolderTree, call: Call) {
    const [folder] = tree.at(base);
    if (!folder) return [];
    const listing = listings.open(siteId, folder.id);
    await listing.readUpTo(Number.POSITIVE_INFINITY, call);
    return listing.entries.flatMap((asset) => (asset ? [placed(asset, tree)] : []));
  }

  function compareWithSite(siteId: string, call: Call) {
    return async (file: FileToCompare, asset: PlacedAsset): Promise<boolean> => {
      if (file.rememberedId === asset.id) return true;
      const remembered = await ledger.find(siteId, file.md5);
      if (remembered?.id === asset.id) return true;
      if (remembered && remembered.size === file.size && asset.folderPath !== file.folder) return false;
      const isSame = (await hostedFiles.compare(asset.hostedUrl, file, call)) === "same";
      throwIfInterrupted(call);
      if (isSame) ledger.record(siteId, file.md5, { id: asset.id, size: file.size });
      return isSame;
    };
  }

  return async (request, call) => {
    const { apply, optimize = false } = request;
    const base = parseFolderPath(request.folder);
    const local = await walkDirectory(request.directory, await parts.allowedDirectories(), request, call);
    const siteId = await sites.resolve(request.siteId, call);
    call.progress(`${local.length} files found`);
    const tree = await folders.tree(siteId, call, 0);
    const assets = await assetsBelow(siteId, base, tree, call);
    const { judged, refused } = await judgeFiles(local, { siteId, base, optimize, assets, apply }, call);
    const comparison = await compare(judged, assets, compareWithSite(siteId, call));
    const [existing] = tree.at(base);
    const plan = {
      siteId,
      folder: { ...(existing && { id: existing.id }), path: formatFolderPath(base) },
      plan: countsOf(comparison, refused.length),
      files: [...describe(comparison, apply), ...refused.map(describeRefused)].sort(byPath),
    };
    const toUpload = comparison.files.filter(({ status }) => status !== "same").map(({ file }) => file);
    if (!apply || toUpload.length === 0) return plan;
    const items = toUpload.map(({ local, folder, fileName }) => ({
      source: local.realPath,
      folder,
      fileName,
      optimize,
    }));
    const report = await startBatch(parts, siteId, items, false, call);
    const paths = toUpload.map(({ path }) => path);
    return {
      ...plan,
      ...report,
      results: report.results.map((item, index) => ({ ...item, source: paths[index] ?? item.source })),
    };
  };
}

function placed(asset: ListedAsset, tree: FolderTree): PlacedAsset {
  const folder = asset.folderId === undefined ? undefined : tree.byId(asset.folderId);
  return { ...asset, folderPath: folder?.path ?? "" };
}

function countsOf({ files, onlyOnSite }: Comparison, refused: number): SyncFolderResult["plan"] {
  const count = (status: string): number => files.filter((file) => file.status === status).length;
  return {
    new: count("new"),
    same: count("same"),
    changed: count("changed"),
    refused,
    onlyOnSite: onlyOnSite.length,
  };
}

/** Every file but those that are the same. What an upload would change is told unless the upload itself tells it. */
function describe({ files, onlyOnSite }: Comparison<JudgedFile>, apply: boolean): SyncedFile[] {
  const local = files.flatMap(({ file, status, asset }): SyncedFile[] => {
    if (status === "same") return [];
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

function describeRefused({ path, error }: RefusedFile): SyncedFile {
  return { path, status: "refused", error: formatError(error) };
}

function withNotes(notes: readonly string[]): { notes?: string[] } {
  return notes.length > 0 ? { notes: [...notes] } : {};
}

function byPath(a: SyncedFile, b: SyncedFile): number {
  return a.path < b.path ? -1 : 1;
}
