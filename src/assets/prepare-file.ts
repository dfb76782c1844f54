import type { Call } from "../call.js";
import { judgeFile } from "./file-rules.js";
import type { SourceReader } from "./sources/source-reader.js";
import { type FileToUpload, UPLOAD_STEPS } from "./upload.js";

/** What a caller says of one file. */
export interface FileRequest {
  readonly source: string;
  readonly fileName?: string | undefined;
  readonly displayName?: string | undefined;
  readonly altText?: string | undefined;
  /** The MD5 in hex that the source is expected to have. */
  readonly md5?: string | undefined;
}

/** A file that may be sent, with notes on what was changed and what to know before it is public. */
export interface PreparedFile extends FileToUpload {
  readonly notes: readonly string[];
}

export interface PrepareOptions {
  /** Awaited once before the bytes are buffered, with their number, or the largest possible one. */
  readonly admit?: (bytes: number) => Promise<void>;
}

export type PrepareFile = (
  request: FileRequest,
  call: Call,
  options?: PrepareOptions,
) => Promise<PreparedFile>;

/** Reads a source once and judges it by the rules of Webflow, before any call of the Data API. */
export function createPrepareFile(reader: SourceReader): PrepareFile {
  return async ({ source, fileName, displayName, altText, md5 }, call, { admit } = {}) => {
    const file = await reader.read(source, call, {
      ...(admit && { admit }),
      ...(md5 !== undefined && { md5 }),
    });
    call.progress(`Read ${file.bytes.length} bytes`, UPLOAD_STEPS.read, UPLOAD_STEPS.verified);
    const judged = await judgeFile(file, fileName === undefined ? {} : { fileName });
    call.progress(`Checked: ${judged.contentType}`, UPLOAD_STEPS.checked, UPLOAD_STEPS.verified);
    return {
      bytes: file.bytes,
      md5: file.md5,
      fileName: judged.fileName,
      contentType: judged.contentType,
      displayName,
      altText,
      notes: judged.notes,
    };
  };
}
