import pLimit from "p-limit";
import type { Call } from "../../call.js";
import { formatError } from "../../errors.js";
import type { ListedAsset } from "../asset-listing.js";
import { optimizedKey } from "../batch/batch-upload.js";
import type { JobReport } from "../batch/jobs.js";
import { type BatchUploadParts, startBatch } from "../batch/upload-assets.js";
import { formatFolderPath, parseFolderPath } from "../folder-path.js";
import type { FolderTree } from "../folder-tree.js";
import type { HostedFiles } from "../hosted-files.js";
import type { AllowedDirectory } from "../sources/allowed-directories.js";
import { type LocalFile, walkDirectory } from "./directory-walk.js";
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

/** How many files are read and hashed at once. */
const READ_AT_ONCE = 4;

interface JudgedLocalFile extends FileToCompare {
  readonly local: LocalFile;
}

/** Compares a local directory with a folder of the site, and uploads what is new or changed when asked to. */
export function createSyncFolder(parts: SyncFolderParts): SyncFolder {
  const { sites, folders, listings, ledger, budget, preparation, hostedFiles } = parts;

  /** Reads and judges every file; those that Webflow would not take are told with their reason. */
  async function judgeAll(
    siteId: string,
    files: readonly LocalFile[],
    base: readonly string[],
    optimize: boolean,
    call: Call,
  ) {
    const quiet: Call = { ...call, progress: () => {} };
    const limit = pLimit(READ_AT_ONCE);
    const refused: SyncedFile[] = [];
    const judged = await limit.map(files, async (local): Promise<JudgedLocalFile | undefined> => {
      try {
        const folder = formatFolderPath([...base, ...local.folders]);
        parseFolderPath(folder);
        return await budget.lend(call, async (admit) => {
          const place = { local, path: local.path, folder };
          const source = await preparation.read({ source: local.realPath, optimize: true }, quiet, { admit });
          const remembered = await ledger.find(siteId, optimizedKey(source.md5));
          if (remembered) {
            const { md5, bytes } = source;
            return { ...place, fileName: local.name, md5, size: bytes.length, rememberedId: remembered.id };
          }
          const { bytes, md5, fileName } = await preparation.judge(source, { source: "", optimize }, quiet);
          return { ...place, fileName, md5, size: bytes.length };
        });
      } catch (error) {
        call.signal.throwIfAborted();
        refused.push({ path: local.path, status: "refused", error: formatError(error) });
        return undefined;
      }
    });
    return { judged: judged.filter((file) => file !== undefined), refused };
  }

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
      return (await hostedFiles.compare(asset.hostedUrl, file, call)) === "same";
    };
  }

  return async (request, call) => {
    const base = parseFolderPath(request.folder);
    const local = await walkDirectory(request.directory, await parts.allowedDirectories(), request, call);
    const siteId = await sites.resolve(request.siteId, call);
    call.progress(`${local.length} files found`);
    const { judged, refused } = await judgeAll(siteId, local, base, request.optimize ?? false, call);
    const tree = await folders.tree(siteId, call, 0);
    const assets = await assetsBelow(siteId, base, tree, call);
    const comparison = await compare(judged, assets, compareWithSite(siteId, call));
    const [existing] = tree.at(base);
    const plan = {
      siteId,
      folder: { ...(existing && { id: existing.id }), path: formatFolderPath(base) },
      plan: countsOf(comparison, refused.length),
      files: [...describe(comparison), ...refused].sort((a, b) => (a.path < b.path ? -1 : 1)),
    };
    if (!request.apply) return plan;
    const toUpload = comparison.files
      .filter(({ status }) => status !== "same")
      .map(({ file }) => file as JudgedLocalFile);
    if (toUpload.length === 0) return plan;
    const items = toUpload.map((file) => ({
      source: file.local.realPath,
      folder: file.folder,
      fileName: file.fileName,
      optimize: request.optimize,
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

/** Every file but those that are the same. */
function describe({ files, onlyOnSite }: Comparison): SyncedFile[] {
  const local = files.flatMap(({ file, status, asset }): SyncedFile[] => {
    if (status === "same") return [];
    if (status === "new" || !asset) return [{ path: file.path, status: "new" }];
    const note = `A new asset; the one that has this name now (${asset.id}) is kept.`;
    return [{ path: file.path, status: "changed", id: asset.id, notes: [note] }];
  });
  const remote = onlyOnSite.map(({ asset, supersededBy }): SyncedFile => {
    const name = asset.displayName ?? asset.originalFileName ?? asset.id;
    const notes = supersededBy
      ? [`Superseded by the local ${supersededBy.file.path}; it is not deleted.`]
      : [];
    return {
      path: asset.folderPath === "" ? name : `${asset.folderPath}/${name}`,
      status: "onlyOnSite",
      id: asset.id,
      ...(notes.length > 0 && { notes }),
    };
  });
  return [...local, ...remote];
}
