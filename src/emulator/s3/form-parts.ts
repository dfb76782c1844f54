import { malformedForm, S3Error } from "./s3-errors.js";

export interface FormFile {
  readonly name: string;
  /** All of the file's bytes, or the first of them when it is larger than the reader keeps. */
  readonly bytes: Buffer;
  /** Bytes that were sent. */
  readonly size: number;
}

/** Collects the parts of a form, one after the other. */
export interface PartCollector {
  /** With lower-case names: S3 ignores their case. The first of equal names counts. */
  readonly fields: ReadonlyMap<string, string>;
  readonly file: FormFile | undefined;
  /** Begins a part with its headers. Parts behind the file are ignored. */
  start(headers: string): void;
  keep(content: Buffer): void;
  countFieldBytes(bytes: number): void;
  finish(): void;
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
export const MOST_FIELD_BYTES = 20 * 1024;

/** `mostFileBytes`: bytes of the file that are kept; the rest is only counted. */
export function createPartCollector(mostFileBytes: number): PartCollector {
  const fields = new Map<string, string>();
  let file: FormFile | undefined;
  let fieldBytes = 0;
  let part = newPart("preamble");

  function countFieldBytes(bytes: number): void {
    if (part.kind === "field") fieldBytes += bytes;
    if (fieldBytes > MOST_FIELD_BYTES) throw tooManyFieldBytes();
  }

  return {
    fields,
    get file() {
      return file;
    },
    countFieldBytes,

    start(headers) {
      const disposition = /^content-disposition:.*$/im.exec(headers)?.[0] ?? "";
      const name = parameter(disposition, "name")?.toLowerCase();
      if (file) part = newPart("ignored");
      else if (name === undefined) throw malformedForm();
      else part = newPart(name === "file" ? "file" : "field", name, parameter(disposition, "filename"));
    },

    keep(content) {
      const room = part.kind === "file" ? mostFileBytes - part.size : content.length;
      part.size += content.length;
      countFieldBytes(content.length);
      if (part.kind !== "field" && part.kind !== "file") return;
      if (room > 0) part.pieces.push(content.subarray(0, room));
    },

    finish() {
      const bytes = Buffer.concat(part.pieces);
      if (part.kind === "file") file = { name: part.fileName, bytes, size: part.size };
      if (part.kind === "field" && !fields.has(part.name)) fields.set(part.name, bytes.toString("utf8"));
    },
  };
}

export function tooManyFieldBytes(): S3Error {
  const message = "Your POST request fields preceding the upload file were too large.";
  return new S3Error(400, "MaxPostPreDataLengthExceeded", message, {
    MaxPostPreDataLengthBytes: String(MOST_FIELD_BYTES),
  });
}

function newPart(kind: Part["kind"], name = "", fileName = ""): Part {
  return { kind, name, fileName, pieces: [], size: 0 };
}

function parameter(disposition: string, name: string): string | undefined {
  const match = new RegExp(`[;\\s]${name}=(?:"([^"]*)"|([^;\\s]+))`, "i").exec(disposition);
  return match?.[1] ?? match?.[2];
}
