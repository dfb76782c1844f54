import { AssetError, errorCode } from "../../core/errors.js";
import { type ByteCollector, createByteCollector, tooLarge } from "../../core/memory/byte-collector.js";
import type { SourceFile } from "../../files/source-file.js";
import type { AllowedDirectory } from "./allowed-directories.js";
import { nameOfFilePath } from "./file-path.js";
import { candidatePaths } from "./local-path.js";
import { locateAllowed, type OpenedFile, openAllowedFile } from "./open-allowed-file.js";

const CHUNK_BYTES = 256 * 1024;

export interface LocalSourceOptions {
  readonly directories: readonly AllowedDirectory[];
  readonly homeDirectory?: string | undefined;
  readonly maxBytes: number;
  readonly admit?: ((bytes: number) => Promise<void>) | undefined;
  readonly signal: AbortSignal;
}

/**
 * Reads a local path or a `file://` URL, once, through a handle that was checked after it was opened. Throws
 * SOURCE_NOT_FOUND, SOURCE_NOT_ALLOWED, FILE_TOO_LARGE, INVALID_INPUT, SOURCE_CHANGED if the file changed meanwhile,
 * DOWNLOAD_FAILED if the disk or the cloud drive does not deliver its bytes, or the reason of the signal.
 */
export async function readLocalSource(source: string, options: LocalSourceOptions): Promise<SourceFile> {
  const { directories, maxBytes } = options;
  const candidates = candidatePaths(source, directories, options.homeDirectory);
  const opened = await openAllowedFile(await locateAllowed(candidates, directories), directories);
  const { handle, realPath, stats } = opened;
  const name = nameOfFilePath(realPath);
  const isText = typeof realPath === "string";
  const origin = isText ? realPath : name;
  try {
    if (stats.size > maxBytes) throw tooLarge(origin, maxBytes);
    await options.admit?.(stats.size);
    const collector = createByteCollector(origin, maxBytes, stats.size);
    await readAll(opened, origin, collector, options.signal);
    const notes = isText ? [] : [`Its name on the disk is not UTF-8; it was read as "${name}".`];
    return { ...collector.finish(), name, origin, notes };
  } finally {
    await handle.close();
  }
}

async function readAll(
  { handle, stats }: OpenedFile,
  origin: string,
  collector: ByteCollector,
  signal: AbortSignal,
): Promise<void> {
  const chunk = Buffer.allocUnsafe(Math.min(CHUNK_BYTES, stats.size + 1));
  for (;;) {
    signal.throwIfAborted();
    const { bytesRead } = await handle.read(chunk, 0, chunk.length).catch((error: unknown) => {
      throw unreadableBytes(origin, error);
    });
    if (bytesRead === 0) break;
    collector.add(chunk.subarray(0, bytesRead));
  }
  const after = await handle.stat();
  if (after.size === stats.size && after.mtimeMs === stats.mtimeMs) return;
  throw new AssetError(
    "SOURCE_CHANGED",
    `${origin} changed while it was being read`,
    "try again once the file is complete",
  );
}

/** Cloud drives and network disks let a file be opened whose bytes they then do not give (EIO, EDEADLK, ETIMEDOUT). */
function unreadableBytes(origin: string, cause: unknown): AssetError {
  const code = errorCode(cause) && ` (${errorCode(cause)})`;
  return new AssetError(
    "DOWNLOAD_FAILED",
    `The bytes of ${origin} could not be read from the disk${code}`,
    "if it is in a cloud drive, make it available offline; otherwise check that the disk is connected, and try again",
    { cause },
  );
}
