import sax from "sax";

/** So many characters are given to the reader at once. */
const PIECE = 256 * 1024;
const COMMENT = "<!--";
const END_OF_COMMENT = "--";

/** What the reader gathers character by character. */
const GATHERED = [
  "sgmlDecl",
  "doctype",
  "procInstBody",
  "attribValue",
  "attribName",
  "cdata",
  "textNode",
] as const;

/** What the types leave out. */
type Reader = sax.SAXParser & { readonly [Name in (typeof GATHERED)[number]]?: string } & {
  readonly state?: number;
};
const untyped = sax as unknown as { readonly STATE: { readonly COMMENT: number }; MAX_BUFFER_LENGTH: number };

// Otherwise, the reader would cut long texts in two.
untyped.MAX_BUFFER_LENGTH = Number.POSITIVE_INFINITY;

/**
 * Gives a text to the reader piece by piece, without what stands in comments. In one go, a value of four megabytes would take
 * over a hundred, since each character that is added to a string is an object until the string is joined.
 */
export function writeInPieces(reader: Reader, text: string): void {
  let position = 0;
  while (position < text.length) {
    const comment = text.indexOf(COMMENT, position);
    const commentStart = comment === -1 ? text.length : comment + COMMENT.length;
    const end = Math.min(commentStart, position + PIECE);
    reader.write(text.slice(position, end));
    // What looks like a comment is none in a value, for example.
    position = reader.state === untyped.STATE.COMMENT ? endOfComment(text, end) : end;
    joinStrings(reader);
  }
}

function endOfComment(text: string, start: number): number {
  const end = text.indexOf(END_OF_COMMENT, start);
  return end === -1 ? text.length : end;
}

/** A search makes the engine join the parts of a string. */
function joinStrings(reader: Reader): void {
  for (const name of GATHERED) /$/.test(reader[name] ?? "");
}
