/**
 * The control characters that no text file has: all but tab, line breaks, form feed, escape, and the separators that
 * exports of databases use.
 */
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it looks for
const BINARY_CHARACTER = /[\0-\x08\x0e-\x1a]/;
/** What DOS ended text files with. */
const END_OF_TEXT = 0x1a;

/**
 * `bytes` as text if they are text: UTF-8, UTF-16 with a byte order mark (or without one, if a document begins with
 * `<`), or a legacy 8-bit encoding (read as Windows-1252). Undefined for binary data.
 */
export function decodeText(bytes: Buffer): string | undefined {
  const utf16 = utf16Of(bytes);
  const text = utf16 ? tryDecode(bytes, utf16) : decodeBytes(bytes);
  return text === undefined || BINARY_CHARACTER.test(withoutEndMark(text)) ? undefined : text;
}

function withoutEndMark(text: string): string {
  let end = text.length;
  while (text.charCodeAt(end - 1) === END_OF_TEXT) end -= 1;
  return text.slice(0, end);
}

/** A byte order mark, or the first two characters of a document. */
const UTF_16LE_START = /^(?:\xff\xfe|<\0[?!\w]\0)/;
const UTF_16BE_START = /^(?:\xfe\xff|\0<\0[?!\w])/;

function utf16Of(bytes: Buffer): "utf-16le" | "utf-16be" | undefined {
  const start = bytes.toString("latin1", 0, 4);
  if (UTF_16LE_START.test(start)) return "utf-16le";
  return UTF_16BE_START.test(start) ? "utf-16be" : undefined;
}

function decodeBytes(bytes: Buffer): string | undefined {
  if (bytes.includes(0)) return undefined;
  return tryDecode(bytes, "utf-8") ?? tryDecode(bytes, "windows-1252");
}

function tryDecode(bytes: Buffer, encoding: string): string | undefined {
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}
