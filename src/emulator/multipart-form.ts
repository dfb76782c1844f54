import { S3Error } from "./s3-errors.js";

/** A form as S3 reads it: what stands before the file, and the file. */
export interface MultipartForm {
  /** With lower-case names: S3 ignores their case. The first of equal names counts. */
  readonly fields: ReadonlyMap<string, string>;
  readonly file: { readonly name: string; readonly bytes: Buffer } | undefined;
}

/** AWS, "POST Object": form data and boundaries without the file may have 20 KB. */
const MOST_FIELD_BYTES = 20_480;

/**
 * Reads a multipart/form-data body. `file` closes the form: fields below it are ignored.
 * Throws MalformedPOSTRequest for a body that is not whole, MaxPostPreDataLengthExceeded for too many field bytes.
 */
export function readMultipartForm(body: Buffer, contentType: string): MultipartForm {
  const fields = new Map<string, string>();
  const delimiter = Buffer.from(`\r\n--${boundaryOf(contentType)}`);
  // The first boundary has no line break before it.
  const text = Buffer.concat([Buffer.from("\r\n"), body]);
  let position = text.indexOf(delimiter);
  if (position === -1) throw malformed();
  let fieldBytes = 0;
  let file: MultipartForm["file"];
  for (;;) {
    const start = position + delimiter.length;
    const mark = text.subarray(start, start + 2).toString("latin1");
    if (mark === "--") return { fields, file };
    if (mark !== "\r\n") throw malformed();
    const end = text.indexOf(delimiter, start);
    const headersEnd = text.indexOf("\r\n\r\n", start);
    if (end === -1 || headersEnd === -1 || headersEnd > end) throw malformed();
    const disposition = text.subarray(start, headersEnd).toString("utf8");
    const name = parameter(disposition, "name")?.toLowerCase();
    if (name === undefined) throw malformed();
    const value = text.subarray(headersEnd + 4, end);
    if (file === undefined && name === "file") {
      file = { name: parameter(disposition, "filename") ?? "", bytes: Buffer.from(value) };
    } else if (file === undefined) {
      fieldBytes += end - start;
      if (fieldBytes > MOST_FIELD_BYTES) throw tooManyFieldBytes();
      if (!fields.has(name)) fields.set(name, value.toString("utf8"));
    }
    position = end;
  }
}

function boundaryOf(contentType: string): string {
  const match = /boundary=(?:"([^"]+)"|([^;\s]+))/i.exec(contentType);
  const boundary = match?.[1] ?? match?.[2];
  if (boundary === undefined) throw malformed();
  return boundary;
}

function parameter(headers: string, name: string): string | undefined {
  const line = /content-disposition:[^\r\n]*/i.exec(headers)?.[0] ?? "";
  return new RegExp(`[;\\s]${name}="([^"]*)"`, "i").exec(line)?.[1];
}

function malformed(): S3Error {
  return new S3Error(
    400,
    "MalformedPOSTRequest",
    "The body of your POST request is not well-formed multipart/form-data.",
  );
}

function tooManyFieldBytes(): S3Error {
  return new S3Error(
    400,
    "MaxPostPreDataLengthExceeded",
    "Your POST request fields preceding the upload file were too large.",
    { MaxPostPreDataLengthBytes: String(MOST_FIELD_BYTES) },
  );
}
