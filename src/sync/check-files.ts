import pLimit from "p-limit";
import type { ByteBudget } from "../core/byte-budget.js";
import {
  type CallContext,
  hasDeadlinePassed,
  interruptionError,
  throwIfInterrupted,
} from "../core/call-context.js";
import { AssetError, internalError, isAssetError } from "../core/errors.js";
import type { SourceFile } from "../files/source-file.js";
import { formatFolderPath, parseFolderPath } from "../folders/folder-path.js";
import type { Inspector } from "../inspection/inspector.js";
import type { ListedAsset } from "../library/listing/listing.js";
import type { PictureOptimizer } from "../pictures/optimizer.js";
import type { Ledger } from "../uploads/ledger.js";
import { optimizedKey } from "../uploads/ledger.js";
import type { FilePreparation } from "../uploads/prepare-file.js";
import type { FileToCompare } from "./compare.js";
import type { LocalFile } from "./walk-directory.js";

/** A local file that Webflow takes, as it would be uploaded. */
export interface CheckedFile extends FileToCompare {
  readonly local: LocalFile;
  /** What an upload would change, and what to know before the file is public. */
  readonly notes: readonly string[];
}

export interface RefusedFile {
  readonly path: string;
  readonly error: AssetError;
}

export interface CheckFilesRequest {
  readonly siteId: string;
  /** Names of the folder on the site that the directory is synced to. */
  readonly base: readonly string[];
  readonly optimize: boolean;
  /** What the site holds below that folder. */
  readonly assets: readonly ListedAsset[];
  /** Whether the files are uploaded right after this. */
  readonly apply: boolean;
}

export type CheckFiles = (
  files: readonly LocalFile[],
  request: CheckFilesRequest,
  call: CallContext,
) => Promise<{ judged: CheckedFile[]; refused: RefusedFile[] }>;

export interface CheckFilesDependencies {
  readonly preparation: FilePreparation;
  readonly optimizer: PictureOptimizer;
  readonly inspector: Inspector;
  readonly ledger: Ledger;
  readonly budget: ByteBudget;
}

/** How many files are read and hashed at once. */
const READ_AT_ONCE = 4;
/** Verdicts are kept for the files that were judged last. */
const MOST_VERDICTS = 10_000;

type Verdict = AssetError | Pick<CheckedFile, "fileName" | "md5" | "size" | "notes">;

/**
 * Reads and judges every file of a plan; those that Webflow would not take come back with their reason. Verdicts are
 * kept: when many pictures have to be optimized, and the call's time is over first, the next call goes on from there.
 */
export function createCheckFiles({
  preparation,
  optimizer,
  inspector,
  ledger,
  budget,
}: CheckFilesDependencies): CheckFiles {
  const verdicts = new Map<string, Verdict>();

  async function verdictOf(
    source: SourceFile,
    name: string,
    optimize: boolean,
    call: CallContext,
  ): Promise<Verdict> {
    const key = `${optimize ? optimizedKey(source.md5, await optimizer.recipe()) : source.md5} ${name}`;
    const known = verdicts.get(key);
    if (known) return known;
    const verdict = await judge(source, optimize, call);
    verdicts.set(key, verdict);
    const [oldest] = verdicts.keys();
    if (verdicts.size > MOST_VERDICTS && oldest !== undefined) verdicts.delete(oldest);
    return verdict;
  }

  async function judge(source: SourceFile, optimize: boolean, call: CallContext): Promise<Verdict> {
    try {
      const { fileName, md5, bytes, notes } = await preparation.check(source, { source: "", optimize }, call);
      return { fileName, md5, size: bytes.length, notes };
    } catch (error) {
      throwIfInterrupted(call);
      if (isAssetError(error)) return error;
      throw error;
    }
  }

  /** Nothing on the site can be the same, so the upload alone encodes the picture. */
  async function isToBeEncodedLater(
    source: SourceFile,
    request: CheckFilesRequest,
    call: CallContext,
  ): Promise<boolean> {
    if (!request.optimize || !request.apply || request.assets.length > 0) return false;
    return (await inspector.look("recognisePicture", call, source.bytes)).is === "picture";
  }

  async function checkOne(
    local: LocalFile,
    request: CheckFilesRequest,
    call: CallContext,
  ): Promise<CheckedFile> {
    const folder = formatFolderPath([...request.base, ...local.folders]);
    parseFolderPath(folder);
    const place = { local, path: local.path, folder };
    return budget.lend(call, async ({ take: admit }) => {
      const source = await preparation.read({ source: local.source, optimize: true }, call, { admit });
      const asItIs = { fileName: local.name, md5: source.md5, size: source.bytes.length, notes: [] };
      const remembered = await ledger.find(request.siteId, optimizedKey(source.md5));
      const isThere = request.assets.some(
        ({ id, size }) => id === remembered?.id && size === remembered.size,
      );
      if (remembered && isThere) return { ...place, ...asItIs, rememberedId: remembered.id };
      if (await isToBeEncodedLater(source, request, call)) return { ...place, ...asItIs };
      const verdict = await verdictOf(source, local.name, request.optimize, call);
      if (isAssetError(verdict)) throw verdict;
      return { ...place, ...verdict };
    });
  }

  return async (files, request, call) => {
    const quiet: CallContext = { ...call, progress: () => {} };
    const limit = pLimit(READ_AT_ONCE);
    const judged: CheckedFile[] = [];
    const refused: RefusedFile[] = [];
    await limit.map(files, async (local) => {
      try {
        judged.push(await checkOne(local, request, quiet));
      } catch (error) {
        if (call.signal.aborted) throw interrupted(judged.length + refused.length, files.length, call);
        if (!isAssetError(error)) call.log.error(`${local.path} could not be checked: ${String(error)}`);
        refused.push({ path: local.path, error: isAssetError(error) ? error : internalError(error) });
      }
      const done = judged.length + refused.length;
      call.progress(`${done} of ${files.length} files compared`, done, files.length);
    });
    return { judged: judged.sort(byPath), refused };
  };
}

function byPath(a: CheckedFile, b: CheckedFile): number {
  return a.path < b.path ? -1 : 1;
}

function interrupted(done: number, total: number, call: CallContext): AssetError {
  if (!hasDeadlinePassed(call)) return interruptionError(call);
  return new AssetError(
    "WEBFLOW_UNAVAILABLE",
    `${done} of ${total} files were looked at before this call had to be answered`,
    "call again with the same arguments: it goes on from there (or narrow it with include)",
  );
}
