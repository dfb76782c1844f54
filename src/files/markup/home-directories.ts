import { readDrawing } from "./drawing-text.js";

/** A path into a home directory, up to the last separator: of macOS, Linux, Windows, a share, or a URL of one. */
const HOME_PATH =
  /(?<![\w.~%/-])(?:file:\/\/(?:localhost)?\/?)?(?<home>(?:(?:\/(?:private|var|export|mnt\/[a-z]|Volumes\/[^/"'<>\n]{1,100}))?\/(?:Users|home)\/|[A-Za-z]:[\\/](?:Users|Documents and Settings)[\\/]|\\\\[^\\"'<>\n]{1,100}\\Users\\)[^/\\"'<>\n]{1,64})(?:[\\/](?:[^/\\"'<>\n():;,]{1,200}[\\/])*|(?=["'<]))/g;
/** What an address of the web may begin with as well, where one stands. */
const WEB_PATH = /^\/home\//;
const BEFORE_ADDRESS = /(?:\b(?:href|src)\s*=\s*["']|url\(\s*["']?)\s*$/;
const LINK = /^<(?:\w+:)?a\s/;

/** Parts of an SVG that begin so and end so, and that are not drawn. */
const UNDRAWN: readonly (readonly [begin: string, end: string])[] = [
  ["<!--", "-->"],
  ["<metadata", "</metadata>"],
  ["<svg:metadata", "</svg:metadata>"],
  ["<desc", "</desc>"],
  ["<title", "</title>"],
];

/** The first home directory that a text names, such as `/Users/jane`. */
export function homeDirectoryIn(text: string): string | undefined {
  const { value } = text.matchAll(HOME_PATH).next();
  return value?.groups?.["home"];
}

/**
 * The first home directory that an SVG names in an attribute, a comment or its metadata, where drawing programs write
 * what they exported it to; undefined for any other bytes.
 */
export function homeDirectoryInSvg(bytes: Buffer): string | undefined {
  let found: string | undefined;
  withoutPaths(bytes, (home) => {
    found ??= home;
  });
  return found;
}

/** The SVG, drawn as before, with such paths cut down to the names of the files; the same `bytes` without any. */
export function withoutHomeDirectories(bytes: Buffer): Buffer {
  return withoutPaths(bytes, () => {}) ?? bytes;
}

function withoutPaths(bytes: Buffer, tell: (home: string) => void): Buffer | undefined {
  const drawing = readDrawing(bytes);
  if (!drawing || !/<(?:\w+:)?svg[\s>/]/.test(drawing.text)) return undefined;
  const { text } = drawing;
  const parts: string[] = [];
  let position = 0;
  for (const { start, end } of undrawnParts(text)) {
    const part = withoutPathsOf(text.slice(start, end), (home) => tell(drawing.shown(home)));
    parts.push(text.slice(position, start), part);
    position = end;
  }
  const result = [...parts, text.slice(position)].join("");
  return result === text ? undefined : drawing.encoded(result);
}

function withoutPathsOf(part: string, tell: (home: string) => void): string {
  return part.replace(HOME_PATH, (path: string, ...more: unknown[]) => {
    const [at, , { home }] = more.slice(-3) as [number, string, { home: string }];
    const isFile = path.startsWith("file:");
    const isAddress =
      LINK.test(part) || (WEB_PATH.test(path) && BEFORE_ADDRESS.test(part.slice(Math.max(0, at - 20), at)));
    if (isAddress && !isFile) return path;
    tell(home);
    return "";
  });
}

/** Tags, comments and metadata, in order: all but the text that is drawn. */
function* undrawnParts(svg: string): Generator<{ start: number; end: number }> {
  let start = svg.indexOf("<");
  while (start !== -1) {
    const end = partEnd(svg, start);
    yield { start, end };
    start = svg.indexOf("<", end);
  }
}

function partEnd(svg: string, start: number): number {
  const [begin, last] = UNDRAWN.find(([beginning]) => svg.startsWith(beginning, start)) ?? [];
  if (begin === undefined || last === undefined) return tagEnd(svg, start);
  const end = svg.indexOf(last, start);
  return end === -1 ? svg.length : end + last.length;
}

/** A tag may hold `>` between quotes. */
function tagEnd(svg: string, start: number): number {
  const quoteOrEnd = /["'>]/g;
  quoteOrEnd.lastIndex = start;
  for (let found = quoteOrEnd.exec(svg); found; found = quoteOrEnd.exec(svg)) {
    if (found[0] === ">") return found.index + 1;
    const closing = svg.indexOf(found[0], found.index + 1);
    if (closing === -1) return svg.length;
    quoteOrEnd.lastIndex = closing + 1;
  }
  return svg.length;
}
