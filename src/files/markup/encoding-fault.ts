import { isUtf8 } from "node:buffer";

const XML_DECLARATION = "<?xml";
const DECLARED_ENCODING = /^<\?xml\s[^>]{0,200}?encoding\s*=\s*["']([\w.:-]{1,40})["']/i;

/**
 * Why browsers cannot decode an SVG, as words that follow "because"; undefined if they can. XML is UTF-8 unless it says
 * otherwise, and UTF-16 has a byte order mark (XML 1.0, section 4.3.3). `text`: as it was decoded here, without a mark.
 */
export function encodingFault(bytes: Buffer, text: string): string | undefined {
  const hasMark = [0xfffe, 0xfeff].includes(bytes.length < 2 ? 0 : bytes.readUInt16BE(0));
  if (hasMark) return undefined;
  if (bytes[0] === 0 || bytes[1] === 0) {
    return text.startsWith(XML_DECLARATION) ? undefined : "it is UTF-16 without a byte order mark";
  }
  const declared = DECLARED_ENCODING.exec(text.slice(0, 300))?.[1] ?? "UTF-8";
  return /^utf-?8$/i.test(declared) && !isUtf8(bytes)
    ? "its letters are not encoded as UTF-8, and it declares no other encoding"
    : undefined;
}
