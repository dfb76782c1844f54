import { withoutCssEscapes } from "../core/encodings.js";
import {
  createLabeller,
  type Label,
  type Labeller,
  type Place,
  type Reference,
  type Search,
  type Strength,
} from "./references.js";

/** What a style sheet refers to. */
export interface StyleSheet {
  readonly references: readonly Reference[];
  /** URLs of the sheets that it imports, as they are written. */
  readonly imports: readonly string[];
}

/**
 * Comments, strings and unquoted URLs as a whole, so that nothing in them is taken for syntax, and what ends a
 * declaration. Webflow writes `url()` in every form, including names with spaces and brackets.
 */
const TOKENS =
  /\/\*[\s\S]*?(?:\*\/|$)|"(?:[^"\\\n]|\\[\s\S])*"?|'(?:[^'\\\n]|\\[\s\S])*'?|url\(\s*(?!["'\s])(?:[^)\\]|\\[\s\S])*\)?|[{};]/gi;
/** With or without `url()` and quotes. Minifiers leave out the space: `@import"a.css"`. */
const IMPORTS =
  /@import\s*(?:(?:url\(\s*)?(?:"((?:[^"\\\n]|\\[\s\S])*)|'((?:[^'\\\n]|\\[\s\S])*))|url\(\s*((?:[^\s"'()\\]|\\[\s\S])+))/gi;
const LONGEST_PROPERTY = 100;
const IN_COMMENT: Label = { place: "other", strength: "comment" };

/** Parses a linked style sheet. Classes outlive the elements that used them, so it proves no use. */
export function readStyleSheet(text: Buffer, search: Search): StyleSheet {
  const labeller = createLabeller(text, search);
  const css = text.toString("latin1");
  coverStyles(css, 0, labeller, "style");
  return {
    references: labeller.finish(),
    imports: importsOf(css),
  };
}

/** URLs of the style sheets that CSS imports; `css` has one character per byte. */
export function importsOf(css: string): string[] {
  return [...css.matchAll(IMPORTS)].map(([, double, single, bare]) =>
    withoutCssEscapes(utf8Of(double ?? single ?? bare ?? "")),
  );
}

/** Labels the ids in CSS that begins at `offset` of the labelled text. */
export function coverStyles(css: string, offset: number, labeller: Labeller, strength: Strength): void {
  if (!labeller.reaches(offset + css.length)) return;
  let isFontFace = false;
  let declaration = 0;
  let covered = 0;

  function coverUpTo(end: number): void {
    if (labeller.reaches(offset + end)) {
      const place = isFontFace ? "font" : placeOf(css.slice(declaration, declaration + LONGEST_PROPERTY));
      labeller.cover(offset + covered, offset + end, { place, strength });
    }
    covered = end;
  }

  for (const { 0: token, index } of css.matchAll(TOKENS)) {
    const end = index + token.length;
    if (token.startsWith("/*")) {
      coverUpTo(index);
      labeller.cover(offset + index, offset + end, IN_COMMENT);
      covered = end;
      if (css.slice(declaration, index).trim() === "") declaration = end;
    } else if (token.length === 1 && "{};".includes(token)) {
      coverUpTo(end);
      if (token !== ";") isFontFace = token === "{" && /@font-face\s*$/i.test(css.slice(declaration, index));
      declaration = end;
    }
  }
  coverUpTo(css.length);
}

function placeOf(declaration: string): Place {
  const property = /^\s*([-\w]+)\s*:/.exec(declaration)?.[1]?.toLowerCase() ?? "";
  if (/^(?:-webkit-)?(?:background|border-image|mask)(?:-|$)/.test(property)) return "background";
  return property === "content" ? "image" : "other";
}

/** Text is read byte by byte, which keeps positions; what is passed on has to be decoded. */
export function utf8Of(latin1: string): string {
  return Buffer.from(latin1, "latin1").toString();
}
