import { createHash } from "node:crypto";
import { type CallContext, cancelledError, isCancelled } from "../core/call-context.js";
import { AssetError, isAssetError } from "../core/errors.js";
import { tooLarge } from "../core/memory/byte-collector.js";
import type { SourceFile } from "../files/source-file.js";
import { decodeDataUri } from "./data-uri.js";
import type { AllowedDirectories } from "./local/directories-in-use.js";
import { readLocalSource } from "./local/local-source.js";
import { failureOfMisread } from "./misread-source.js";
import { isOnVendorsSide, onVendorsSide, spellingsOf } from "./spellings.js";
import { createDownloader, type DownloaderOptions, type DownloadOptions } from "./web/download.js";
import { unsupportedScheme } from "./web/url.js";
import { readUrlSource } from "./web/url-source.js";

export interface SourceReaderOptions extends DownloaderOptions {
  /** Directories from which local files may be read. */
  readonly allowedDirectories: AllowedDirectories;
  readonly homeDirectory?: string;
}

export interface ReadOptions {
  /** Reading stops one byte after it with FILE_TOO_LARGE; 10 MiB if left out. */
  readonly maxBytes?: number;
  /** Awaited before more bytes are buffered, with their number. */
  readonly admit?: (bytes: number) => Promise<void>;
  /** The MD5 in hex that the caller expects; any other throws MD5_MISMATCH. */
  readonly md5?: string;
}

export interface SourceReader {
  /**
   * Reads a local path, `file://` URL, http(s) URL or `data:` URI once into memory. Throws SOURCE_NOT_FOUND,
   * SOURCE_NOT_ALLOWED, URL_BLOCKED, DOWNLOAD_FAILED, FILE_TOO_LARGE, MD5_MISMATCH, INVALID_INPUT or CANCELLED.
   */
  read(source: string, call: CallContext, options?: ReadOptions): Promise<SourceFile>;
  /** Ends the connections that are still open. */
  close(): Promise<void>;
}

type SourceKind = "local" | "url" | "data" | "unsupported";

/** How a spelling without a file fails. */
const NOT_THERE = ["SOURCE_NOT_FOUND", "SOURCE_NOT_ALLOWED", "INVALID_INPUT"] as const;
const DEFAULT_MAX_BYTES = 10 * 1024 * 1024;
/** Schemes without `//`, which would otherwise be taken for the name of a local file. */
const OPAQUE_SCHEMES =
  /^(?:about|blob|chrome|filesystem|jar|javascript|magnet|mailto|mhtml|tel|urn|vbscript|view-source):/i;

export function createSourceReader(options: SourceReaderOptions): SourceReader {
  const downloader = createDownloader(options);

  async function readAny(source: string, call: CallContext, read: ReadOptions): Promise<SourceFile> {
    const maxBytes = read.maxBytes ?? DEFAULT_MAX_BYTES;
    const limits = { maxBytes, ...(read.admit && { admit: read.admit }) };
    switch (sourceKind(source)) {
      case "data":
        return readDataUri(source, limits);
      case "url":
        return readUrlSource(source, call, downloader, limits);
      case "local":
        return options.allowedDirectories.use((directories) =>
          readLocalSource(isFileUrl(source) ? source.trim() : source, {
            ...limits,
            directories,
            homeDirectory: options.homeDirectory,
            signal: call.signal,
          }),
        );
      case "unsupported":
        throw unsupportedScheme(
          source
            .slice(0, source.indexOf(":") + 1)
            .trim()
            .slice(0, 40),
        );
    }
  }

  /** The first spelling that leads to a file; a URL counts whatever comes of it. */
  async function readAsMeant(source: string, call: CallContext, read: ReadOptions): Promise<SourceFile> {
    let failure: unknown;
    for (const spelling of spellingsOf(source)) {
      try {
        return await readAny(spelling, call, read);
      } catch (error) {
        if (sourceKind(spelling) !== "local" || !isAssetError(error, ...NOT_THERE)) throw error;
        if (failure === undefined || isAssetError(failure, "SOURCE_NOT_FOUND")) failure = error;
      }
    }
    throw isOnVendorsSide(source) ? onVendorsSide() : failureOfMisread(source, failure);
  }

  return {
    async read(source, call, read = {}) {
      if (source.trim() === "") throw emptySource();
      try {
        call.signal.throwIfAborted();
        const file = await readAsMeant(source, call, read);
        checkMd5(file, read.md5);
        return file;
      } catch (error) {
        if (isCancelled(call)) throw cancelledError();
        if (call.signal.aborted && error === call.signal.reason) throw tookTooLong();
        throw error;
      }
    },
    close: () => downloader.close(),
  };
}

function sourceKind(source: string): SourceKind {
  const text = source.trimStart();
  if (/^data:/i.test(text)) return "data";
  if (/^https?:/i.test(text)) return "url";
  if (isFileUrl(source)) return "local";
  return /^[a-z][a-z0-9+.-]+:\/\//i.test(text) || OPAQUE_SCHEMES.test(text) ? "unsupported" : "local";
}

/** White space around a URL is a slip; around the name of a file it can be part of the name. */
function isFileUrl(source: string): boolean {
  return /^\s*file:/i.test(source);
}

async function readDataUri(source: string, { maxBytes, admit }: DownloadOptions): Promise<SourceFile> {
  const { bytes, name, mediaType } = decodeDataUri(source);
  if (bytes.length > maxBytes) throw tooLarge("The data: URI", maxBytes);
  await admit?.(bytes.length);
  const md5 = createHash("md5").update(bytes).digest("hex");
  return { bytes, md5, name, declaredType: mediaType, origin: "data: URI", notes: [] };
}

function checkMd5(file: SourceFile, declared: string | undefined): void {
  if (declared === undefined || declared.trim().toLowerCase() === file.md5) return;
  throw new AssetError(
    "MD5_MISMATCH",
    `The bytes of ${file.origin} have the MD5 ${file.md5}, not the one that was declared`,
    "check that the source is the intended file, then declare its MD5 or leave md5 out",
  );
}

function emptySource(): AssetError {
  return new AssetError(
    "INVALID_INPUT",
    "The source is empty",
    "give a local path, an http(s) URL, or a data: URI",
  );
}

function tookTooLong(): AssetError {
  return new AssetError(
    "DOWNLOAD_FAILED",
    "Reading the source took too long",
    "try again; uploadAssets waits longer for slow sources",
  );
}
