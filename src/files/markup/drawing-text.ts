import { decodeText } from "../formats/text.js";

/** The text of an SVG or of JSON, for changes that leave all other bytes as they are. */
export interface Drawing {
  /** Of UTF-16 its characters, of anything else a character for each byte, since what is looked for is ASCII. */
  readonly text: string;
  /** The bytes of a changed text. */
  encoded(text: string): Buffer;
  /** A part of the text as people read it. */
  shown(part: string): string;
}

/** Whether the bytes begin as an SVG or a JSON object does. */
export function isLikeDrawing(bytes: Buffer): boolean {
  return /^(?:\xef\xbb\xbf|\xff\xfe|\xfe\xff)?[\s\0]*[<{]/.test(bytes.toString("latin1", 0, 1_000));
}

/** Undefined for bytes that are not {@link isLikeDrawing | like one}. */
export function readDrawing(bytes: Buffer): Drawing | undefined {
  if (!isLikeDrawing(bytes)) return undefined;
  const isLittle = bytes[0] === 0xff || bytes[1] === 0;
  if (!isLittle && bytes[0] !== 0xfe && bytes[0] !== 0) {
    return {
      text: bytes.toString("latin1"),
      encoded: (text) => Buffer.from(text, "latin1"),
      shown: (part) => decodeText(Buffer.from(part, "latin1")) ?? part,
    };
  }
  const text = decodeText(bytes);
  if (text === undefined) return undefined;
  return {
    text,
    encoded(changed) {
      const little = Buffer.from(`\ufeff${changed}`, "utf16le");
      return isLittle ? little : little.swap16();
    },
    shown: (part) => part,
  };
}
