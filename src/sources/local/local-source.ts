import { basename } from "node:path";
import { type ByteCollector, createByteCollector, tooLarge } from "../../core/byte-collector.js";
import { AssetError } from "../../core/errors.js";
import type { SourceFile } from "../../files/source-file.js";
import type { AllowedDirectory } from "./allowed-directories.js";
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
 * Reads a local path or a `file://` URL, once, from a handle that was checked after it was opened.
 * Throws SOURCE_NOT_FOUND, SOURCE_NOT_ALLOWED, FILE_TOO_LARGE, INVALID_INPUT, DOWNLOAD_FAILED when the file changed
 * meanwhile, or the reason of the signal.
 */
export async function readLocalSource(source: string, options: LocalSourceOptions): Promise<SourceFile> {
  const { directories, maxBytes } = options;
  const candidates = candidatePaths(source, directories, options.homeDirectory);
  const opened = await openAllowedFile(await locateAllowed(candidates, directories), directories);
  try {
    const { size } = opened.stats;
    if (size > maxBytes) throw tooLarge(opened.realPath, maxBytes);
    await options.admit?.(size);
    const collector = createByteCollector(opened.realPath, maxBytes, size);
    await readAll(opened, collector, options.signal);
    return { ...collector.finish(), name: basename(opened.realPath), origin: opened.realPath, notes: [] };
  } finally {
    await opened.handle.close();
  }
}

async function readAll(opened: OpenedFile, collector: ByteCollector, signal: AbortSignal): Promise<void> {
  const { handle, stats } = opened;
  const chunk = Buffer.allocUnsafe(Math.min(CHUNK_BYTES, stats.size + 1));
  for (;;) {
    signal.throwIfAborted();
    const { bytesRead } = await handle.read(chunk, 0, chunk.length);
    if (bytesRead === 0) break;
    collector.add(chunk.subarray(0, bytesRead));
  }
  const after = await handle.stat();
  if (after.size === stats.size && after.mtimeMs === stats.mtimeMs) return;
  throw new AssetError(
    "DOWNLOAD_FAILED",
    `${opened.realPath} was changed while it was read`,
    "try again once the file is complete",
  );
}
