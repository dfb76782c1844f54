import { decodeName, percentDecode } from "../../core/percent-encoding.js";

/**
 * The file name in a Content-Disposition header, empty when it has none. Read as servers write it and browsers take it,
 * not only by RFC 6266, which no parser of the registry goes beyond: names with spaces and without quotes, RFC 8187 in
 * quotes or of no character set, words of RFC 2047, percent-encoding in a plain name, whole paths, no type in front.
 */
export function fileNameOf(header: string | undefined): string {
  const parameters = parametersOf(header ?? "");
  const extended = parameters.find(({ name }) => name === "filename*");
  const plain = parameters.find(({ name }) => name === "filename");
  return (
    (extended && lastName(decodeExtended(extended.value))) ||
    (plain && lastName(decodePlain(plain.value))) ||
    ""
  );
}

interface Parameter {
  /** In lower case. */
  readonly name: string;
  /** Without quotes. */
  readonly value: string;
}

function parametersOf(header: string): Parameter[] {
  const parts = header.matchAll(/([^=;]*)(?:=\s*("(?:[^"\\]|\\.)*"?|[^;"][^;]*)?[^;]*)?(?:;|$)/gs);
  return [...parts].map(([, name = "", value = ""]) => ({
    name: name.trim().toLowerCase(),
    value: unquoted(value.trim()),
  }));
}

/** Only quotes and backslashes are escaped in fact; any other backslash is part of a path of Windows. */
function unquoted(value: string): string {
  if (!value.startsWith('"')) return value;
  return value.replace(/^"|"$/g, "").replace(/\\(["\\])/g, "$1");
}

/** RFC 8187: `UTF-8'en'caf%C3%A9.jpg`; an apostrophe in the name itself is one. */
function decodeExtended(value: string): string {
  const [, charset = "utf-8", encoded = value] = /^([\w-]*)'[\w-]*'(.*)$/s.exec(value) ?? [];
  const bytes = percentDecode(encoded);
  return decodeBytes(bytes, charset) ?? decodeName(bytes);
}

/** RFC 2047, section 2, or percent-encoded UTF-8, as browsers accept both. */
function decodePlain(value: string): string {
  const word = /=\?([\w-]+)(?:\*[\w-]+)?\?([bq])\?([^?]*)\?=(?:\s+(?==\?))?/gi;
  const decoded = value.replace(word, (whole, charset: string, encoding: string, text: string) => {
    const bytes =
      encoding.toLowerCase() === "b"
        ? Buffer.from(text, "base64")
        : percentDecode(text.replaceAll("_", " ").replace(/=([0-9a-f]{2})/gi, "%$1"));
    return decodeBytes(bytes, charset) ?? whole;
  });
  return decodeName(percentDecode(decoded));
}

function decodeBytes(bytes: Buffer, charset: string): string | undefined {
  try {
    return new TextDecoder(charset || "utf-8", { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

function lastName(path: string): string {
  return path.slice(Math.max(path.lastIndexOf("/"), path.lastIndexOf("\\")) + 1).trim();
}
