import { isUtf8 } from "node:buffer";
import { join, sep } from "node:path";
import { decodeName, percentDecode } from "../../core/encodings.js";

/** A path as the file system has it: text, or bytes that are not UTF-8, as older systems wrote them. */
export type FilePath = string | Buffer;

export function filePathOf(bytes: Buffer): FilePath {
  return isUtf8(bytes) ? bytes.toString("utf8") : bytes;
}

export function joinFilePath(parent: FilePath, name: FilePath): FilePath {
  if (typeof parent === "string" && typeof name === "string") return join(parent, name);
  return Buffer.concat([Buffer.from(parent), Buffer.from(sep), Buffer.from(name)]);
}

/** The last name of a path as text; bytes that are not UTF-8 are read as Windows-1252, the likeliest. */
export function nameOfFilePath(path: FilePath): string {
  const bytes = Buffer.from(path);
  const name = bytes.subarray(bytes.lastIndexOf(sep) + 1);
  return decodeName(name);
}

/** The path by which a source reader finds it: itself, or a `file://` URL that spells out the bytes. */
export function sourceOf(path: FilePath): string {
  if (typeof path === "string") return path;
  const encoded = [...path].map((byte) =>
    /[\w/.~-]/.test(String.fromCharCode(byte)) ? String.fromCharCode(byte) : `%${hex(byte)}`,
  );
  return `file://${encoded.join("")}`;
}

/** The path that a `file://` URL spells out in bytes that are not UTF-8; undefined for any other URL. */
export function pathOfBytes(pathname: string): Buffer | undefined {
  if (process.platform === "win32" || /%(?:2f|00)/i.test(pathname)) return undefined;
  const bytes = percentDecode(pathname);
  return isUtf8(bytes) ? undefined : bytes;
}

function hex(byte: number): string {
  return byte.toString(16).toUpperCase().padStart(2, "0");
}
