import { createLabeller, type Label, type Labeller, type Reference, type Search } from "./references.js";

const IN_CODE: Label = { place: "code", strength: "strong" };
const IN_COMMENT: Label = { place: "code", strength: "comment" };
const COMMENT_AT_LINE_START = /^[ \t]*(\/\/[ \t]|\/\*)/gm;
const REST_OF_LINE_IS_BLANK = /[ \t]*(?:[\r\n]|$)/y;
/** What ends a line, and a comment with it, in JavaScript: U+2028 and U+2029 as well, in their UTF-8 form. */
const LINE_END = /[\r\n]|\xe2\x80[\xa8\xa9]/g;

/** What a script refers to. */
export function readScript(text: Buffer, search: Search): Reference[] {
  const labeller = createLabeller(text, search);
  coverScript(text.toString("latin1"), 0, labeller);
  return labeller.finish();
}

/**
 * Labels the ids in a script that begins at `offset` of the labelled text. Telling a comment from a string or a
 * regular expression takes a parser, and a use mistaken for a comment could be deleted: only comments that have their
 * lines to themselves count as such (`// ` with a space, which no URL has there).
 */
export function coverScript(script: string, offset: number, labeller: Labeller): void {
  const end = offset + script.length;
  if (!labeller.reaches(end)) return;
  const comments = new RegExp(COMMENT_AT_LINE_START);
  for (let start = comments.exec(script); start; start = comments.exec(script)) {
    const isBlock = start[1] === "/*";
    const close = isBlock ? script.indexOf("*/", comments.lastIndex) : lineEnd(script, comments.lastIndex);
    if (close === -1 && isBlock) break;
    const commentEnd = close === -1 ? script.length : close + (isBlock ? 2 : 0);
    comments.lastIndex = commentEnd;
    if (isBlock && !isBlankToLineEnd(script, commentEnd)) continue;
    labeller.cover(offset, offset + start.index, IN_CODE);
    labeller.cover(offset + start.index, offset + commentEnd, IN_COMMENT);
  }
  labeller.cover(offset, end, IN_CODE);
}

function lineEnd(script: string, from: number): number {
  const end = new RegExp(LINE_END);
  end.lastIndex = from;
  return end.exec(script)?.index ?? -1;
}

function isBlankToLineEnd(script: string, from: number): boolean {
  const rest = new RegExp(REST_OF_LINE_IS_BLANK);
  rest.lastIndex = from;
  return rest.test(script);
}
