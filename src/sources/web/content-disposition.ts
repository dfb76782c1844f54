import { decodeName, percentDecode } from "../../core/encodings.js";

/**
 * The file name in a Content-Disposition header, empty if it has none. Parsed as servers write it and browsers accept
 * it, beyond RFC 6266, at which every parser in the registry stops: names with spaces and without quotes, RFC 8187 in
 * quotes or without a character set, words of RFC 2047, percent-encoding in a plain name, whole paths, no type in
 * front.
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

/** In practice only quotes and backslashes are escaped; any other backslash belongs to a Windows path. */
function unquoted(value: string): string {
  if (!value.startsWith('"')) return value;
  return value.replace(/^"|"$/g, "").replace(/\\(["\\])/g, "$1");
}

/** RFC 8187: `UTF-8'en'caf%C3%A9.jpg`; an apostrophe in the name itself is literal. */
function decodeExtended(value: string): string {
  const [, charset = "utf-8", encoded = value] = /^([\w-]*)'[\w-]*'(.*)$/s.exec(value) ?? [];
  const bytes = percentDecode(encoded);
  return decodeBytes(bytes, charset) ?? decodeName(bytes);
}

/** RFC 2047, section 2, or percent-encoded UTF-8; browsers accept both. */
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
