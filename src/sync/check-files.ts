import pLimit from "p-limit";
import { type CallContext, hasDeadlinePassed, interruptionError } from "../core/call-context.js";
import { AssetError, internalError, isAssetError } from "../core/errors.js";
import type { ByteBudget } from "../core/memory/byte-budget.js";
import type { SourceFile } from "../files/source-file.js";
import { assertMakeable } from "../folders/find-folder.js";
import { formatFolderPath, problemOfNewName } from "../folders/folder-path.js";
import type { FolderChoice } from "../folders/folder-store.js";
import type { FolderTree, PlacedFolder } from "../folders/folder-tree.js";
import type { Inspector } from "../inspection/inspector.js";
import type { PictureOptimizer } from "../pictures/optimizer.js";
import type { FileHold, HeldFile } from "../uploads/batch/file-hold.js";
import type { FilePreparation } from "../uploads/file/prepare-file.js";
import type { Ledger } from "../uploads/known/ledger.js";
import { optimizedKey } from "../uploads/known/ledger.js";
import {
  type ComparableAssets,
  type ComparedFile,
  compareFile,
  type FileToCompare,
  type SameBytes,
} from "./compare.js";
import { createFileVerdicts } from "./file-verdicts.js";
import type { LocalFile } from "./walk-directory.js";

/** A local file that Webflow accepts, as it would be uploaded. */
export interface CheckedFile extends FileToCompare {
  readonly local: LocalFile;
  /** Where it will be uploaded to. */
  readonly place: FolderChoice;
  /** What an upload would change, and what to know before the file is public. */
  readonly notes: readonly string[];
  /** What was read, if it is to be uploaded and there was room to hold it. */
  readonly held?: HeldFile | undefined;
}

export interface RefusedFile {
  readonly path: string;
  readonly error: AssetError;
}

export interface CheckFilesRequest {
  readonly siteId: string;
  /** The folder on the site that the directory is synced to. */
  readonly base: { readonly names: readonly string[]; readonly existing: PlacedFolder | undefined };
  readonly tree: FolderTree;
  readonly optimize: boolean;
  /** The contents of the site below that folder. */
  readonly assets: ComparableAssets;
  /** Whether the files are uploaded right after this. */
  readonly apply: boolean;
  readonly sameBytes: SameBytes;
}

export type CheckFiles = (
  files: readonly LocalFile[],
  request: CheckFilesRequest,
  call: CallContext,
) => Promise<{ compared: ComparedFile<CheckedFile>[]; refused: RefusedFile[] }>;

export interface CheckFilesDependencies {
  readonly preparation: FilePreparation;
  readonly optimizer: PictureOptimizer;
  readonly inspector: Inspector;
  readonly ledger: Ledger;
  readonly budget: ByteBudget;
  readonly hold: FileHold;
}

/** Throws as the upload would: FOLDER_AMBIGUOUS for twins, INVALID_INPUT for a name that no folder can get. */
function placeOf({ folders }: LocalFile, { base: { names, existing }, tree }: CheckFilesRequest) {
  if (folders.length === 0 && existing) return { folderId: existing.id };
  const all = [...names, ...folders];
  for (const name of folders) assertFolderName(name, folders);
  assertMakeable(tree, all);
  return { folder: formatFolderPath(all) };
}

function assertFolderName(name: string, folders: readonly string[]): void {
  const problem = problemOfNewName(name.normalize("NFC"));
  if (problem === undefined) return;
  throw new AssetError(
    "INVALID_INPUT",
    `The directory ${JSON.stringify(folders.join("/"))} ${problem}, so no folder on the site can be named like it`,
    "rename the directory, or leave it out with exclude",
  );
}

/** How many files are read, hashed and compared at once; a comparison may look at a hosted file. */
const READ_AT_ONCE = 8;

/**
 * Reads, checks and compares every file of a plan; those that Webflow would not accept come back with the reason.
 * Files to be uploaded are held as far as there is room, so that each is read, hashed and checked once.
 */
export function createCheckFiles(parts: CheckFilesDependencies): CheckFiles {
  const { preparation, optimizer, inspector, ledger, budget, hold } = parts;
  const verdicts = createFileVerdicts(preparation, optimizer);

  /** Nothing on the site can be the same, so only the upload itself encodes the picture. */
  async function isToBeEncodedLater(source: SourceFile, request: CheckFilesRequest, call: CallContext) {
    if (!request.optimize || !request.apply || request.assets.all.length > 0) return false;
    return (await inspector.look("recognisePicture", call, source.bytes)).is === "picture";
  }

  /** A file, and what the ledger knows about an earlier upload of it. */
  async function see(source: SourceFile, local: LocalFile, request: CheckFilesRequest, call: CallContext) {
    const { siteId, assets, optimize } = request;
    const remembered = await ledger.find(siteId, optimizedKey(source.md5));
    const isThere = remembered !== undefined && assets.byId(remembered.id)?.size === remembered.size;
    if (!isThere && !(await isToBeEncodedLater(source, request, call))) {
      return verdicts.accept(source, local.name, optimize, call);
    }
    const asItIs = { fileName: local.name, md5: source.md5, size: source.bytes.length, notes: [] };
    const upload = isThere ? { ...asItIs, rememberedId: remembered?.id } : asItIs;
    return { upload, toHold: verdicts.unchecked(source, optimize) };
  }

  async function checkOne(local: LocalFile, request: CheckFilesRequest, call: CallContext) {
    const place = placeOf(local, request);
    const folder = formatFolderPath([...request.base.names, ...local.folders]);
    return budget.lend(call, async ({ take: admit }) => {
      const source = await preparation.read({ source: local.source, optimize: true }, call, { admit });
      const { upload, toHold } = await see(source, local, request, call);
      const file: CheckedFile = { local, place, path: local.path, folder, ...upload };
      const compared = await compareFile(file, request.assets, request.sameBytes);
      if (!request.apply || compared.status === "same") return compared;
      return { ...compared, file: { ...compared.file, held: hold.keep(toHold) } };
    });
  }

  return async (files, request, call) => {
    const quiet: CallContext = { ...call, progress: () => {} };
    const limit = pLimit(READ_AT_ONCE);
    const compared: ComparedFile<CheckedFile>[] = [];
    const refused: RefusedFile[] = [];
    const work = limit.map(files, async (local) => {
      try {
        const one = await checkOne(local, request, quiet);
        // The others may have been released already.
        if (call.signal.aborted) releaseAll([one]);
        else compared.push(one);
      } catch (error) {
        if (call.signal.aborted) throw interrupted(compared.length + refused.length, files.length, call);
        if (!isAssetError(error)) call.log.error(`${local.path} could not be checked: ${String(error)}`);
        refused.push({ path: local.path, error: isAssetError(error) ? error : internalError(error) });
      }
      const done = compared.length + refused.length;
      call.progress(`${done} of ${files.length} files compared`, done, files.length);
    });
    await orRelease(compared, work);
    return { compared: compared.sort(byPath), refused };
  };
}

/** What `work` resolves to. When it fails, no upload will happen, and what was held for it is released. */
export async function orRelease<Result>(
  compared: readonly ComparedFile<CheckedFile>[],
  work: Promise<Result>,
): Promise<Result> {
  return work.catch((error: unknown) => {
    releaseAll(compared);
    throw error;
  });
}

function releaseAll(compared: readonly ComparedFile<CheckedFile>[]): void {
  for (const { file } of compared) file.held?.release();
}

function byPath(a: ComparedFile<CheckedFile>, b: ComparedFile<CheckedFile>): number {
  return a.file.path < b.file.path ? -1 : 1;
}

function interrupted(done: number, total: number, call: CallContext): AssetError {
  if (!hasDeadlinePassed(call)) return interruptionError(call);
  return new AssetError(
    "TIMED_OUT",
    `${done} of ${total} files were compared before the call ran out of time`,
    "call again with the same arguments: it goes on from there (or narrow it with include)",
  );
}
