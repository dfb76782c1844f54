import { visibleText } from "../core/text.js";

/** Webflow: "Create Asset Metadata", `fileName`: "File names must be less than 100 characters". */
export const MAX_FILE_NAME_LENGTH = 99;

interface CleaningStep {
  /** What the step did, in the words of a note. */
  readonly change: string;
  readonly apply: (name: string) => string;
}

/** The order matters: what an earlier step leaves behind, a later one may have to trim. */
const CLEANING_STEPS: readonly CleaningStep[] = [
  {
    change: "invisible characters removed",
    apply: (name) => visibleText(name).replace(/[\p{Cc}\p{Zl}\p{Zp}]/gu, ""),
  },
  { change: "Unicode brought to its composed form (NFC)", apply: (name) => name.normalize("NFC") },
  {
    change: "path characters replaced",
    apply: (name) =>
      name
        .split(/[\\/]+/)
        .filter((segment) => !/^\.*$/.test(segment))
        .join("-"),
  },
  {
    change: "percent-encoded path and control characters replaced",
    apply: (name) => name.replace(/%(?:25)*(?:2f|5c|[01][0-9a-f]|7f)/gi, "-"),
  },
  {
    // S3 expands `${filename}` in a key, and reads `$$` there as one character: such a key never matches its signed
    // policy.
    change: "dollar signs that the storage would take for a variable dropped",
    apply: (name) => name.replace(/\${2,}/g, "$").replace(/\$\{([^{}]*)\}/g, "$1"),
  },
  { change: "reserved characters replaced", apply: (name) => name.replace(/[<>:"|?*]/g, "-") },
  {
    change: "the prefix that Webflow once added, or dots and spaces at the start, dropped",
    apply: (name) => name.replace(/^(?:[\s.]|[0-9a-f]{24}_)+/, ""),
  },
  { change: "dots and spaces at the end dropped", apply: trimEnd },
  {
    change: "a name reserved by Windows avoided",
    apply: (name) =>
      name.replace(/^(?:con|prn|aux|nul|conin\$|conout\$|(?:com|lpt)[0-9¹²³])(?=\s*(?:\.|$))/i, "_$&"),
  },
];

/** A file name without anything misleading or harmful, and what was changed to get there. */
export interface CleanedName {
  /** Empty if nothing of the name could be kept. */
  readonly name: string;
  readonly changes: readonly string[];
}

/**
 * Turns any text into a file name that is safe in a URL, in a multipart header and on every file system: NFC, no
 * control, bidirectional or path characters, no dot or space at either end, no reserved device name. Cleaning a clean
 * name changes nothing. Length and extension are left to {@link joinFileName}.
 */
export function cleanFileName(text: string): CleanedName {
  const changes = new Set<string>();
  let name = text;
  // Removing characters may leave a combining mark without its base, or a space at an end.
  let before: string | undefined;
  while (before !== name) {
    before = name;
    for (const { change, apply } of CLEANING_STEPS) {
      const cleaned = apply(name);
      if (cleaned !== name) changes.add(change);
      name = cleaned;
    }
  }
  return { name, changes: [...changes] };
}

/** The two parts of a name around its last dot; `extension` is empty if what follows does not look like one. */
export function splitExtension(name: string): { stem: string; extension: string } {
  const match = /^(.+)\.([a-z0-9]{1,10})$/is.exec(name);
  return { stem: match?.[1] ?? name, extension: match?.[2] ?? "" };
}

/** `stem.extension` in at most 99 UTF-16 units, cut at the end of the stem, never inside a character. */
export function joinFileName(stem: string, extension: string): string {
  const ending = extension === "" ? "" : `.${extension}`;
  return trimEnd(cut(trimEnd(stem), MAX_FILE_NAME_LENGTH - ending.length)) + ending;
}

/**
 * `name` or, if it is taken, `name-2`, `name-3` and so on, before the extension and within 99 characters. Names that
 * differ only in case or Unicode form count as one. Adds the result to `taken`.
 */
export function uniqueFileName(name: string, taken: Set<string>): string {
  const { stem, extension } = splitExtension(name);
  let candidate = name;
  for (let count = 2; taken.has(collisionKey(candidate)); count += 1) {
    const suffix = `-${count}`;
    const room = MAX_FILE_NAME_LENGTH - suffix.length - (extension === "" ? 0 : extension.length + 1);
    candidate = joinFileName(trimEnd(cut(stem, room)) + suffix, extension);
  }
  taken.add(collisionKey(candidate));
  return candidate;
}

/** A name as messages show it: in quotes, cleaned of what could mislead a reader, cut if long. */
export function quotedName(text: string): string {
  const { name } = cleanFileName(text);
  return `"${name.length > 120 ? `${cut(name, 120)}…` : name}"`;
}

/** What names have in common that differ only in case or Unicode form. */
export function collisionKey(name: string): string {
  return name.normalize("NFC").toLowerCase();
}

function trimEnd(text: string): string {
  return text.replace(/(?<![\s.])[\s.]+$/, "");
}

/** At most `length` UTF-16 units of `text`, without half a surrogate pair at the end. */
function cut(text: string, length: number): string {
  return text.slice(0, length).replace(/[\ud800-\udbff]$/, "");
}
