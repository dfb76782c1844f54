import { type CallContext, throwIfInterrupted } from "../core/call-context.js";
import { type AssetError, isAssetError } from "../core/errors.js";
import type { SourceFile } from "../files/source-file.js";
import type { PictureOptimizer } from "../pictures/optimizer.js";
import type { FileToHold } from "../uploads/batch/file-hold.js";
import type { FilePreparation, PreparedFile } from "../uploads/file/prepare-file.js";
import { optimizedKey } from "../uploads/known/ledger.js";

/** What an upload of a file would send, and the notes on it. */
export interface PlannedUpload {
  readonly fileName: string;
  readonly md5: string;
  readonly size: number;
  readonly notes: readonly string[];
}

export interface AcceptedUpload {
  readonly upload: PlannedUpload;
  /** What an upload of it would continue with. */
  readonly toHold: FileToHold;
}

/** Whether Webflow accepts files, remembered for those checked most recently. */
export interface FileVerdicts {
  /** Throws the `AssetError` that says why the file is refused. */
  accept(source: SourceFile, name: string, optimize: boolean, call: CallContext): Promise<AcceptedUpload>;
  /** What an upload would continue with that still has to check the file, and perhaps to encode it. */
  unchecked(source: SourceFile, optimize: boolean): FileToHold;
}

const MOST_VERDICTS = 10_000;

/** Keeps the verdicts: if a call runs out of time over many pictures, the next one continues from there. */
export function createFileVerdicts(preparation: FilePreparation, optimizer: PictureOptimizer): FileVerdicts {
  const verdicts = new Map<string, AssetError | PlannedUpload>();

  function remember(key: string, verdict: AssetError | PlannedUpload): void {
    if (isAssetError(verdict, "TIMED_OUT", "NOT_INSTALLED")) return;
    verdicts.set(key, verdict);
    const [oldest] = verdicts.keys();
    if (verdicts.size > MOST_VERDICTS && oldest !== undefined) verdicts.delete(oldest);
  }

  function unchecked(source: SourceFile, optimize: boolean): FileToHold {
    return {
      sourceMd5: source.md5,
      bytes: source.bytes.length,
      prepare: (call) => preparation.check(source, { source: "", optimize }, call),
    };
  }

  return {
    unchecked,

    async accept(source, name, optimize, call) {
      const key = `${optimize ? optimizedKey(source.md5, await optimizer.recipe()) : source.md5} ${name}`;
      const known = verdicts.get(key);
      if (isAssetError(known)) throw known;
      if (known) return { upload: known, toHold: unchecked(source, optimize) };
      try {
        const file = await preparation.check(source, { source: "", optimize }, call);
        const { fileName, md5, bytes, notes } = file;
        const upload = { fileName, md5, size: bytes.length, notes };
        remember(key, upload);
        return { upload, toHold: checked(source.md5, file) };
      } catch (error) {
        throwIfInterrupted(call);
        if (isAssetError(error)) remember(key, error);
        throw error;
      }
    },
  };
}

/** Captures only the file, so that the source of an optimized picture is not kept in memory as well. */
function checked(sourceMd5: string, file: PreparedFile): FileToHold {
  return { sourceMd5, bytes: file.bytes.length, prepare: async () => file };
}
