import { isUtf8 } from "node:buffer";

/** The bytes of a text with percent-encoded parts; a `%` that starts no valid sequence stands for itself. */
export function percentDecode(text: string): Buffer {
  if (!text.includes("%")) return Buffer.from(text, "utf8");
  const parts = text.split(/((?:%[0-9a-f]{2})+)/i);
  return Buffer.concat(
    parts.map((part, index) =>
      index % 2 === 1 ? Buffer.from(part.replaceAll("%", ""), "hex") : Buffer.from(part, "utf8"),
    ),
  );
}

/** Bytes as text: UTF-8, or else Windows-1252, in which older programs write names. */
export function decodeName(bytes: Buffer): string {
  return isUtf8(bytes) ? bytes.toString("utf8") : new TextDecoder("windows-1252").decode(bytes);
}

/**
 * How base64 may hold a text, wherever in its data the text begins, in both alphabets (RFC 4648): only the characters
 * that nothing but the text decides.
 */
export function base64Spellings(text: string): string[] {
  const bytes = Buffer.from(text);
  return [0, 1, 2].flatMap((before) => {
    const encoded = Buffer.concat([Buffer.alloc(before), bytes]).toString("base64");
    const own = encoded.slice(Math.ceil((before * 4) / 3), Math.floor(((before + bytes.length) * 4) / 3));
    return [own, own.replaceAll("+", "-").replaceAll("/", "_")];
  });
}

const XML_NAMES: Readonly<Record<string, string>> = { amp: "&", lt: "<", gt: ">", quot: '"', apos: "'" };

/** What a reference such as `&#38;` stands for without declarations, by what is in it: XML 1.0, sections 4.1 and 4.6. */
export function characterOfReference(reference: string): string | undefined {
  const [, hexadecimal, decimal] = /^#(?:x([0-9a-f]{1,6})|(\d{1,7}))$/i.exec(reference) ?? [];
  if (hexadecimal === undefined && decimal === undefined) return XML_NAMES[reference];
  const code = hexadecimal === undefined ? Number(decimal) : Number.parseInt(hexadecimal, 16);
  return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : undefined;
}

/** `u\72 l` is `url`: CSS Syntax 3, section 4.3.7. A code point in hex digits and perhaps a space, or any character. */
export function withoutCssEscapes(css: string): string {
  return css.replace(/\\(?:([0-9a-f]{1,6})\s?|([\s\S]))/gi, (_, hex?: string, character?: string) => {
    const codePoint = Number.parseInt(hex ?? "", 16);
    return character ?? (codePoint <= 0x10ffff ? String.fromCodePoint(codePoint) : "\ufffd");
  });
}
