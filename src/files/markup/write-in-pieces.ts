import sax from "sax";

/** So many characters are given to the reader at once. */
const PIECE = 256 * 1024;
const DECLARATION = "<!";
const COMMENT = "<!--";
/** How ends what nothing is read from: comments, and all of an instruction but its beginning. */
const CLOSINGS = [
  ["COMMENT", "--"],
  ["PROC_INST_BODY", "?>"],
] as const;
/** Of `[CDATA[`, the longest declaration that the reader knows: it compares a longer one anew with each character. */
const LONGEST_NAME = 8;

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
const untyped = sax as unknown as {
  readonly STATE: Readonly<Record<(typeof CLOSINGS)[number][0], number>>;
  MAX_BUFFER_LENGTH: number;
};

// Otherwise, the reader would cut long texts in two.
untyped.MAX_BUFFER_LENGTH = Number.POSITIVE_INFINITY;

/**
 * Gives a text to the reader piece by piece, without comments and long instructions. In one go, a value of four
 * megabytes would take over a hundred, since each character added to a string is an object until the string is joined.
 * Throws for a declaration that no reader of XML knows.
 */
export function writeInPieces(reader: Reader, text: string): void {
  let position = 0;
  let joinedUntil = 0;
  let declaration = -1;
  while (position < text.length) {
    if (declaration < position) declaration = startOf(DECLARATION, text, position);
    const end = Math.min(endOfName(text, declaration), position + PIECE);
    reader.write(text.slice(position, end));
    if ((reader.sgmlDecl ?? "").length > LONGEST_NAME) throw new Error("a declaration of an unknown kind");
    // What looks like a comment is none in a value, for example.
    const closing = CLOSINGS.find(([state]) => reader.state === untyped.STATE[state]);
    position = closing === undefined ? end : startOf(closing[1], text, end);
    if (position - joinedUntil < PIECE) continue;
    joinStrings(reader);
    joinedUntil = position;
  }
}

/** The end of a comment's beginning, or of the name of a declaration of another kind. */
function endOfName(text: string, start: number): number {
  return start + (text.startsWith(COMMENT, start) ? COMMENT.length : DECLARATION.length + LONGEST_NAME + 1);
}

function startOf(what: string, text: string, position: number): number {
  const start = text.indexOf(what, position);
  return start === -1 ? text.length : start;
}

/** A search makes the engine join the parts of a string. */
function joinStrings(reader: Reader): void {
  for (const name of GATHERED) /^/.test(reader[name] ?? "");
}
