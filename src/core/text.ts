/** Line and page breaks, and white space other than these. */
const LINE_BREAKS = /[\t\n\v\f\r\u0085\p{Zl}\p{Zp}]+/gu;

/**
 * Characters that nobody sees, but that can carry words for a model or reverse a name: control characters, lone
 * surrogates, soft hyphens, fillers, zero-width and bidirectional characters, annotations, and tags.
 */
const INVISIBLE =
  /(?![\t\n\r])\p{Cc}|\p{Cs}|\u034f|[\u00ad\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\u2800\u3164\ufeff\uffa0\ufff0-\ufffb\u{e0000}-\u{e00ff}\u{e01f0}-\u{e0fff}]/gu;

/** Control characters, line separators, bidirectional overrides and lone surrogates: never part of a name. */
const NOT_IN_NAMES = /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\u202a-\u202e\u2066-\u2069]/u;

/** Whether the name of a folder or an asset contains a character that no name may contain. */
export function hasControlCharacter(name: string): boolean {
  return NOT_IN_NAMES.test(name);
}

/** Scripts whose letters are joined or kept apart by a zero-width character. */
const JOINING =
  "\\p{Script=Arabic}\\p{Script=Syriac}\\p{Script=Mongolian}\\p{Script=Devanagari}\\p{Script=Bengali}\\p{Script=Gurmukhi}" +
  "\\p{Script=Gujarati}\\p{Script=Oriya}\\p{Script=Tamil}\\p{Script=Telugu}\\p{Script=Kannada}\\p{Script=Malayalam}" +
  "\\p{Script=Sinhala}\\p{Script=Khmer}\\p{Script=Myanmar}\\p{Script=Nko}";

/** Made when first needed: looking up all these characters takes two milliseconds of the start. */
let stray: { readonly selector: RegExp; readonly joiner: RegExp } | undefined;

function strayCharacters() {
  return {
    /** A variation selector chooses the form of the character before it; anywhere else it only hides. */
    selector:
      /(?<![\p{L}\p{N}\p{M}\p{S}#*])[\ufe00-\ufe0f\u{e0100}-\u{e01ef}]+|(?<=[\ufe00-\ufe0f\u{e0100}-\u{e01ef}])[\ufe00-\ufe0f\u{e0100}-\u{e01ef}]+/gu,
    joiner: new RegExp(
      `(?<![${JOINING}\\p{Extended_Pictographic}\\p{Emoji_Modifier}\\ufe0f])[\\u200c\\u200d]|` +
        `[\\u200c\\u200d](?![${JOINING}\\p{Extended_Pictographic}\\u2640\\u2642])`,
      "gu",
    ),
  };
}

/** Foreign text as a reader sees it: invisible characters go, unless scripts and emoji need them. */
export function visibleText(text: string): string {
  // Most texts contain nothing of the kind.
  if (/^[\t\n\r\x20-\x7e]*$/.test(text)) return text;
  stray ??= strayCharacters();
  return text.replace(INVISIBLE, "").replace(stray.selector, "").replace(stray.joiner, "");
}

/** {@link visibleText} on one line: where a name is repeated, it cannot start a line of its own. */
export function visibleLine(text: string): string {
  return visibleText(text.replace(LINE_BREAKS, " "));
}

/** At most `length` UTF-16 units of `text`; a longer one ends in an ellipsis, never in half a character. */
export function cutText(text: string, length: number): string {
  if (text.length <= length) return text;
  return `${text.slice(0, length - 1).replace(/[\ud800-\udbff]$/, "")}…`;
}

/** {@link cutText} that keeps the end as well: of a path its last folder, of an error what to do next. */
export function cutMiddle(text: string, length: number): string {
  if (text.length <= length) return text;
  const end = text.slice(-Math.floor(length / 2)).replace(/^[\udc00-\udfff]/, "");
  return `${cutText(text, length - end.length)}${end}`;
}

/** Foreign text on one line, cut to `length`, so that it cannot pass for a line of the message around it. */
export function oneLine(text: string, length: number): string {
  const line = text.replace(/[\p{Cf}\p{Cs}]+/gu, "").replace(/[\p{Cc}\s]+/gu, " ");
  return cutText(line.trim(), length);
}

/** {@link oneLine} in quotes. */
export function quotedLine(text: string, length: number): string {
  return JSON.stringify(oneLine(text, length));
}

/** The same value with {@link visibleText} applied to every text in it. */
export function withVisibleTexts<Value>(value: Value): Value;
export function withVisibleTexts(value: unknown): unknown {
  if (typeof value === "string") return visibleText(value);
  if (Array.isArray(value)) return value.map((item) => withVisibleTexts(item));
  if (typeof value !== "object" || value === null || Object.getPrototypeOf(value) !== Object.prototype)
    return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, withVisibleTexts(item)]));
}

/** The same text in memory of its own: a piece of a long text keeps the whole text in memory. */
export function ownCopy(text: string): string {
  return Buffer.from(text, "utf16le").toString("utf16le");
}

/** Text without case and accents, as people search for it. */
export function searchable(text: string): string {
  return text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
}
