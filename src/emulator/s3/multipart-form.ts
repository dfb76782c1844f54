import { S3Error } from "./s3-errors.js";

/** A form as S3 reads it: what stands before the file, and the file. */
export interface MultipartForm {
  /** With lower-case names: S3 ignores their case. The first of equal names counts. */
  readonly fields: ReadonlyMap<string, string>;
  readonly file: FormFile | undefined;
}

export interface FormFile {
  readonly name: string;
  /** All of the file's bytes, or the first of them when it is larger than the reader keeps. */
  readonly bytes: Buffer;
  /** Bytes that were sent. */
  readonly size: number;
}

/** Takes a multipart/form-data body in pieces of any size. */
export interface MultipartReader {
  take(piece: Buffer): void;
  /** The form, when the body is over. Throws the {@link S3Error} of a body that S3 does not read. */
  end(): MultipartForm;
}

interface Part {
  readonly kind: "preamble" | "field" | "file" | "ignored";
  /** In lower case. */
  readonly name: string;
  readonly fileName: string;
  readonly pieces: Buffer[];
  size: number;
}

/** AWS, "POST Object": form data and boundaries without the file may have 20 KB. */
const MOST_FIELD_BYTES = 20 * 1024;
const LINE_BREAK = "\r\n";
const END_OF_HEADERS = Buffer.from("\r\n\r\n");

/** `mostFileBytes`: bytes of the file that are kept; the rest is only counted. */
export function createMultipartReader(contentType: string, mostFileBytes: number): MultipartReader {
  const boundary = boundaryOf(contentType);
  const delimiter = Buffer.from(`${LINE_BREAK}--${boundary}`);
  const fields = new Map<string, string>();
  let file: FormFile | undefined;
  let fieldBytes = 0;
  let part = newPart("preamble");
  // The first boundary has no line break before it.
  let unread: Buffer = Buffer.from(LINE_BREAK);
  let next: () => boolean = readContent;
  let isOver = false;
  let problem: S3Error | undefined = boundary === undefined ? malformed() : undefined;

  /** The part's content up to the next boundary, of which the last bytes at hand may be the beginning. */
  function readContent(): boolean {
    const end = unread.indexOf(delimiter);
    const certain = end === -1 ? Math.max(0, unread.length - delimiter.length + 1) : end;
    keep(unread.subarray(0, certain));
    unread = unread.subarray(certain);
    if (end === -1) return false;
    unread = unread.subarray(delimiter.length);
    finishPart();
    next = readEndOfBoundary;
    return true;
  }

  function readEndOfBoundary(): boolean {
    if (unread.length < 2) return false;
    const mark = unread.toString("latin1", 0, 2);
    isOver = mark === "--";
    if (!isOver && mark !== LINE_BREAK) throw malformed();
    next = readHeaders;
    return !isOver;
  }

  function readHeaders(): boolean {
    const end = unread.indexOf(END_OF_HEADERS);
    if (end === -1) {
      if (unread.length > MOST_FIELD_BYTES) throw tooManyFieldBytes();
      return false;
    }
    startPart(unread.toString("utf8", 0, end));
    countFieldBytes(end + END_OF_HEADERS.length);
    unread = unread.subarray(end + END_OF_HEADERS.length);
    next = readContent;
    return true;
  }

  function startPart(headers: string): void {
    const disposition = /^content-disposition:.*$/im.exec(headers)?.[0] ?? "";
    const name = parameter(disposition, "name")?.toLowerCase();
    if (file) part = newPart("ignored");
    else if (name === undefined) throw malformed();
    else part = newPart(name === "file" ? "file" : "field", name, parameter(disposition, "filename"));
  }

  function keep(content: Buffer): void {
    const room = part.kind === "file" ? mostFileBytes - part.size : content.length;
    part.size += content.length;
    countFieldBytes(content.length);
    if (part.kind !== "field" && part.kind !== "file") return;
    if (room > 0) part.pieces.push(content.subarray(0, room));
  }

  function countFieldBytes(bytes: number): void {
    if (part.kind === "field") fieldBytes += bytes;
    if (fieldBytes > MOST_FIELD_BYTES) throw tooManyFieldBytes();
  }

  function finishPart(): void {
    const bytes = Buffer.concat(part.pieces);
    if (part.kind === "file") file = { name: part.fileName, bytes, size: part.size };
    if (part.kind === "field" && !fields.has(part.name)) fields.set(part.name, bytes.toString("utf8"));
  }

  function read(piece: Buffer): void {
    unread = Buffer.concat([unread, piece]);
    while (next());
  }

  return {
    take(piece) {
      if (problem || isOver) return;
      try {
        read(piece);
      } catch (error) {
        if (!(error instanceof S3Error)) throw error;
        problem = error;
      }
    },
    end() {
      if (problem) throw problem;
      if (!isOver) throw malformed();
      return { fields, file };
    },
  };
}

function newPart(kind: Part["kind"], name = "", fileName = ""): Part {
  return { kind, name, fileName, pieces: [], size: 0 };
}

function boundaryOf(contentType: string): string | undefined {
  const match = /;\s*boundary=(?:"([^"]+)"|([^;\s]+))/i.exec(contentType);
  return match?.[1] ?? match?.[2];
}

function parameter(disposition: string, name: string): string | undefined {
  const match = new RegExp(`[;\\s]${name}=(?:"([^"]*)"|([^;\\s]+))`, "i").exec(disposition);
  return match?.[1] ?? match?.[2];
}

function malformed(): S3Error {
  const message = "The body of your POST request is not well-formed multipart/form-data.";
  return new S3Error(400, "MalformedPOSTRequest", message);
}

function tooManyFieldBytes(): S3Error {
  const message = "Your POST request fields preceding the upload file were too large.";
  return new S3Error(400, "MaxPostPreDataLengthExceeded", message, {
    MaxPostPreDataLengthBytes: String(MOST_FIELD_BYTES),
  });
}
