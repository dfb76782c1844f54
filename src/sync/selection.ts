import { type IgnoreRule, ignoreRuleFor } from "./ignore-rules.js";
import {
  leadsInto,
  matchPattern,
  type Pattern,
  type PatternOptions,
  parsePattern,
  segmentKey,
  segmentsOf,
} from "./patterns.js";

export interface SelectionOptions extends Pick<PatternOptions, "roots"> {
  readonly include?: readonly string[] | undefined;
  readonly exclude?: readonly string[] | undefined;
}

/** What the patterns of one sync include and exclude; it keeps track of which of them matched something. */
export interface Selection {
  /** Whether an entry, or a directory that it is in, is excluded. */
  excludes(path: readonly string[]): boolean;
  /** Whether `include` names an entry that a rule leaves out. */
  asksFor(name: string, rule: IgnoreRule): boolean;
  /** Called for a directory that nobody looked into: what is excluded there needs no other match. */
  passedOver(path: readonly string[]): void;
  /** The files that `include` selects: by name if there is one, or else by glob. All without `include`. */
  included<File>(files: readonly File[], pathOf: (file: File) => readonly string[]): File[];
  /** The patterns of `include` that selected nothing. Call it after `included`. */
  unmatchedIncludes(): string[];
  /** The patterns of `exclude` that matched nothing, although something was meant to stay private. */
  unmatchedExcludes(): string[];
}

/** Throws INVALID_INPUT for a pattern that cannot be parsed. */
export function createSelection({ include = [], exclude = [], roots }: SelectionOptions): Selection {
  const included = include.map((text) => parsePattern(text, { roots, starTakesFilesOnly: true }));
  const excluded = exclude.map((text) => parsePattern(text, { roots, starTakesFilesOnly: false }));
  const met = new Set<Pattern>();

  return {
    excludes(path) {
      const keys = path.map(segmentKey);
      const matching = excluded.filter((pattern) => matchPattern(pattern, keys) !== undefined);
      for (const pattern of matching) met.add(pattern);
      return matching.length > 0;
    },

    asksFor: (name, { kind, rule }) =>
      kind !== "hidden" &&
      kind !== "placeholder" &&
      included.flatMap(segmentsOf).some((own) => [name, rule].map(segmentKey).includes(own)),

    passedOver(path) {
      const keys = path.map(segmentKey);
      for (const pattern of excluded) if (leadsInto(pattern, keys)) met.add(pattern);
    },

    included(files, pathOf) {
      if (included.length === 0) return [...files];
      const paths = files.map((file) => pathOf(file).map(segmentKey));
      const taken = new Set<number>();
      for (const pattern of included) {
        const matches = paths.map((path) => matchPattern(pattern, path));
        const kind = matches.includes("name") ? "name" : "glob";
        for (const [index, match] of matches.entries()) {
          if (match !== kind) continue;
          taken.add(index);
          met.add(pattern);
        }
      }
      return files.filter((_, index) => taken.has(index));
    },

    unmatchedIncludes: () => textsOf(included.filter((pattern) => !met.has(pattern))),

    unmatchedExcludes: () =>
      textsOf(excluded.filter((pattern) => !met.has(pattern) && !namesIgnored(pattern))),
  };
}

/** A pattern out of habit, such as `.git` or `Thumbs.db`: what it names is left out anyway. */
function namesIgnored(pattern: Pattern): boolean {
  return segmentsOf(pattern).some((segment) => ignoreRuleFor(segment) !== undefined);
}

function textsOf(patterns: readonly Pattern[]): string[] {
  return patterns.map(({ text }) => text);
}
