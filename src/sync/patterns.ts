import { AssetError } from "../core/errors.js";
import { cutText } from "../core/text.js";

/** A name or glob, parsed once, that selects entries of a directory. */
export interface Pattern {
  readonly text: string;
  /** The text read as a plain name or path: one for each way to read its backslashes. */
  readonly names: readonly Matcher[];
  /** The text read as a glob: one for each alternative of its braces. */
  readonly globs: readonly Matcher[];
}

export interface PatternOptions {
  /** Absolute paths of the directory, in every spelling with which a pattern may begin. */
  readonly roots: readonly string[];
  /** Whether `photos/*` stops at that level, as in a shell; if not, `*` takes whole directories. */
  readonly starTakesFilesOnly: boolean;
}

/** Segments of a path, in the form of {@link segmentKey}; `ANY_DEPTH` for any number of them. */
type Matcher = readonly (Segment | typeof ANY_DEPTH)[];
/** Plain text, or what each position may be. */
type Segment = string | readonly Token[];
type Token = { readonly is: "star" } | { readonly is: "one"; readonly fits: (character: string) => boolean };

const ANY_DEPTH = { is: "anyDepth" } as const;
const MOST_CHARACTERS = 1_000;
const MOST_STARS_IN_A_SEGMENT = 4;
const MOST_ALTERNATIVES = 100;
/** `{a,b}`, and `(a|b)` with or without an @ in front, without another group inside. */
const GROUP = /\{([^{}]*,[^{}]*)\}|@?\(([^()]*\|[^()]*)\)/;

/**
 * Parses a pattern. It selects an entry and, for a directory, everything below it. Without a slash it matches at any
 * depth, otherwise from the directory down, which an absolute path may name as well. `*`, `?`, `[a-z]`, `[!a]`,
 * `{a,b}` and `**` are supported; a backslash separates names as on Windows. Case, Unicode forms and kinds of white
 * space make no difference. Throws INVALID_INPUT.
 */
export function parsePattern(text: string, options: PatternOptions): Pattern {
  if (text.trim() === "") throw invalid(text, "is empty");
  if (text.length > MOST_CHARACTERS) throw invalid(text, `is longer than ${MOST_CHARACTERS} characters`);
  const slashed = text.replaceAll("\\", "/");
  const unescaped = text.replace(/\\([()[\]{}!?*\\])/g, "$1");
  return {
    text,
    names: [...new Set([slashed, unescaped, text])].map((path) => parsePath(path, options, segmentKey)),
    globs: alternativesOf(slashed).map((path) => parsePath(path, options, globSegment)),
  };
}

/** How a pattern selects `path` (its segments by {@link segmentKey}), if it does: by name, or as one of many. */
export function matchPattern(
  { names, globs }: Pattern,
  path: readonly string[],
): "name" | "glob" | undefined {
  if (names.some((matcher) => matchesPath(matcher, path))) return "name";
  return globs.some((matcher) => matchesPath(matcher, path)) ? "glob" : undefined;
}

/**
 * Whether a pattern may select something below `directory`, which nobody looks into. Patterns for any depth do not
 * count.
 */
export function leadsInto({ names, globs }: Pattern, directory: readonly string[]): boolean {
  return [...names, ...globs].some((matcher) => {
    const beginning = matcher.slice(0, directory.length);
    return !beginning.includes(ANY_DEPTH) && matchesPath(beginning, directory);
  });
}

/** The names that a pattern spells out, by {@link segmentKey}, without those of the directory's own path. */
export function segmentsOf({ names: [slashed = []] }: Pattern): string[] {
  return slashed.filter((segment) => typeof segment === "string");
}

/** A name as names are compared: macOS decomposes accents and puts narrow spaces into screenshots' names. */
export function segmentKey(name: string): string {
  return name.normalize("NFC").toLowerCase().replace(/\s/gu, " ");
}

function parsePath(
  path: string,
  { roots, starTakesFilesOnly }: PatternOptions,
  readSegment: (segment: string, text: string) => Matcher[number],
): Matcher {
  const inside = belowRoot(path, roots);
  const segments = (inside ?? path).split("/").filter((segment) => segment !== "" && segment !== ".");
  if (segments.includes("..")) throw invalid(path, "leads out of the directory with ..");
  const isAnchored = inside !== undefined || segments.length > 1 || /^\.?\//.test(path);
  const takesFilesOnly = starTakesFilesOnly && isAnchored && /\/\*$/.test(path);
  return [
    ...(isAnchored ? [] : [ANY_DEPTH]),
    ...segments.map((segment) => readSegment(segment, path)),
    ...(takesFilesOnly ? [] : [ANY_DEPTH]),
  ];
}

/** The rest of an absolute path that names the directory or is inside it. */
function belowRoot(path: string, roots: readonly string[]): string | undefined {
  const key = segmentKey(path);
  for (const root of roots) {
    const rootKey = segmentKey(root.replaceAll("\\", "/")).replace(/\/$/, "");
    if (key === rootKey) return "";
    // Keys are composed, so the rest is taken by the number of its segments.
    if (key.startsWith(`${rootKey}/`)) return path.split("/").slice(rootKey.split("/").length).join("/");
  }
  return undefined;
}

function alternativesOf(text: string): string[] {
  const found = [text];
  for (let index = 0; index < found.length; ) {
    const path = found[index] ?? "";
    const group = GROUP.exec(path);
    if (!group) {
      index += 1;
      continue;
    }
    const choices = group[1]?.split(",") ?? group[2]?.split("|") ?? [];
    const rest = path.slice(group.index + group[0].length);
    found.splice(index, 1, ...choices.map((choice) => path.slice(0, group.index) + choice + rest));
    if (found.length > MOST_ALTERNATIVES)
      throw invalid(text, `has more than ${MOST_ALTERNATIVES} alternatives`);
  }
  return found;
}

function globSegment(segment: string, text: string): Matcher[number] {
  if (segment === "**") return ANY_DEPTH;
  const key = segmentKey(segment);
  if (!/[*?[]/.test(key)) return key;
  const tokens = [...key.matchAll(/\*+|\?|\[([!^]?)(\]?[^\]]*)\]|./gsu)].map(tokenOf);
  if (tokens.filter(({ is }) => is === "star").length <= MOST_STARS_IN_A_SEGMENT) return tokens;
  throw invalid(text, `has more than ${MOST_STARS_IN_A_SEGMENT} stars in one name`);
}

function tokenOf([text, negation, members]: RegExpMatchArray): Token {
  if (text.startsWith("*")) return { is: "star" };
  if (text === "?") return { is: "one", fits: () => true };
  if (members === undefined) return { is: "one", fits: (character) => character === text };
  const isMember = membership(members);
  return { is: "one", fits: (character) => isMember(character) !== (negation !== "") };
}

/** The characters and ranges of a class: `a-z0-9_`. */
function membership(members: string): (character: string) => boolean {
  const ranges = [...members.matchAll(/(.)-(.)|(.)/gsu)].map(([, first = "", last = "", single]) =>
    single === undefined ? { first, last } : { first: single, last: single },
  );
  return (character) => ranges.some(({ first, last }) => first <= character && character <= last);
}

function matchesPath(matcher: Matcher, path: readonly string[]): boolean {
  return matchesSequence(
    matcher,
    path,
    isAnyDepth,
    (part, segment) => !isAnyDepth(part) && matchesSegment(part, segment),
  );
}

function isAnyDepth(part: Matcher[number]): part is typeof ANY_DEPTH {
  return part === ANY_DEPTH;
}

function matchesSegment(segment: Segment, name: string): boolean {
  if (typeof segment === "string") return segment === name;
  return matchesSequence(
    segment,
    [...name],
    ({ is }) => is === "star",
    (token, character) => token.is === "one" && token.fits(character),
  );
}

/**
 * Whether `parts` describe all of `items`, with a wildcard for any number of them. On a mismatch only the last wildcard
 * takes one more, which bounds the time by the product of both lengths.
 */
function matchesSequence<Part, Item>(
  parts: readonly Part[],
  items: readonly Item[],
  isWildcard: (part: Part) => boolean,
  fits: (part: Part, item: Item) => boolean,
): boolean {
  let part = 0;
  let afterWildcard = -1;
  let resumeAt = 0;
  for (let item = 0; item < items.length; ) {
    const current = parts[part];
    if (current !== undefined && isWildcard(current)) {
      part += 1;
      afterWildcard = part;
      resumeAt = item;
    } else if (current !== undefined && fits(current, items[item] as Item)) {
      part += 1;
      item += 1;
    } else if (afterWildcard >= 0) {
      resumeAt += 1;
      part = afterWildcard;
      item = resumeAt;
    } else {
      return false;
    }
  }
  return parts.slice(part).every(isWildcard);
}

function invalid(text: string, why: string): AssetError {
  return new AssetError(
    "INVALID_INPUT",
    `The pattern "${cutText(text, 100)}" ${why}`,
    'give names or globs of what lies in the directory, such as "private", "Spring/*.jpg" or "**/*.{jpg,png}"',
  );
}
