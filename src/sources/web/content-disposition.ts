import { parse } from "content-disposition";

/**
 * The file name in a Content-Disposition header (RFC 6266), empty when it has none or cannot be read. Names that a
 * server sent as raw UTF-8 instead of by RFC 8187 are read as such.
 */
export function fileNameOf(header: string | undefined): string {
  if (header === undefined) return "";
  try {
    return asUtf8(parse(header.replace(/[;\s]+$/, "")).parameters["filename"] ?? "");
  } catch {
    return "";
  }
}

function asUtf8(name: string): string {
  if ([...name].some((character) => character > "\xff")) return name;
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(Buffer.from(name, "latin1"));
  } catch {
    return name;
  }
}
