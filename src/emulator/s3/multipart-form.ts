import { createPartCollector, type FormFile, MOST_FIELD_BYTES, tooManyFieldBytes } from "./form-parts.js";
import { malformedForm, S3Error } from "./s3-errors.js";

/** A form as S3 reads it: what stands before the file, and the file. */
export interface MultipartForm {
  /** With lower-case names: S3 ignores their case. The first of equal names counts. */
  readonly fields: ReadonlyMap<string, string>;
  readonly file: FormFile | undefined;
}

/** Takes a multipart/form-data body in pieces of any size. */
export interface MultipartReader {
  take(piece: Buffer): void;
  /** The form, when the body is over. Throws the {@link S3Error} of a body that S3 does not read. */
  end(): MultipartForm;
}

const LINE_BREAK = "\r\n";
const END_OF_HEADERS = Buffer.from("\r\n\r\n");

/** `mostFileBytes`: bytes of the file that are kept; the rest is only counted. */
export function createMultipartReader(contentType: string, mostFileBytes: number): MultipartReader {
  const boundary = boundaryOf(contentType);
  const delimiter = Buffer.from(`${LINE_BREAK}--${boundary}`);
  const parts = createPartCollector(mostFileBytes);
  // The first boundary has no line break before it.
  let unread: Buffer = Buffer.from(LINE_BREAK);
  let next: () => boolean = readContent;
  let isOver = false;
  let problem: S3Error | undefined = boundary === undefined ? malformedForm() : undefined;

  /** The part's content up to the next boundary, of which the last bytes at hand may be the beginning. */
  function readContent(): boolean {
    const end = unread.indexOf(delimiter);
    const certain = end === -1 ? Math.max(0, unread.length - delimiter.length + 1) : end;
    parts.keep(unread.subarray(0, certain));
    unread = unread.subarray(certain);
    if (end === -1) return false;
    unread = unread.subarray(delimiter.length);
    parts.finish();
    next = readEndOfBoundary;
    return true;
  }

  function readEndOfBoundary(): boolean {
    if (unread.length < 2) return false;
    const mark = unread.toString("latin1", 0, 2);
    isOver = mark === "--";
    if (!isOver && mark !== LINE_BREAK) throw malformedForm();
    next = readHeaders;
    return !isOver;
  }

  function readHeaders(): boolean {
    const end = unread.indexOf(END_OF_HEADERS);
    if (end === -1) {
      if (unread.length > MOST_FIELD_BYTES) throw tooManyFieldBytes();
      return false;
    }
    parts.start(unread.toString("utf8", 0, end));
    parts.countFieldBytes(end + END_OF_HEADERS.length);
    unread = unread.subarray(end + END_OF_HEADERS.length);
    next = readContent;
    return true;
  }

  return {
    take(piece) {
      if (problem || isOver) return;
      try {
        unread = Buffer.concat([unread, piece]);
        while (next());
      } catch (error) {
        if (!(error instanceof S3Error)) throw error;
        problem = error;
      }
    },
    end() {
      if (problem) throw problem;
      if (!isOver) throw malformedForm();
      return { fields: parts.fields, file: parts.file };
    },
  };
}

function boundaryOf(contentType: string): string | undefined {
  const match = /;\s*boundary=(?:"([^"]+)"|([^;\s]+))/i.exec(contentType);
  return match?.[1] ?? match?.[2];
}
