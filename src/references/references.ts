import { type FoundIds, findIds, type IdIndex, isSecondId } from "./find-ids.js";

/** What an asset is referred to as. */
export type Place =
  | "image"
  | "background"
  | "ogImage"
  | "favicon"
  | "video"
  | "lottie"
  | "lightbox"
  | "link"
  | "font"
  | "richText"
  | "field"
  | "code"
  | "other";

/**
 * What a reference proves: `strong`, use; `style`, that a style sheet names it, perhaps for elements that are long
 * gone; `comment` and `copy` are weak: somebody wrote it down, or a copy of it is in use.
 */
export type Strength = "strong" | "style" | "comment" | "copy";

export interface Label {
  readonly place: Place;
  readonly strength: Strength;
}

/** One asset in one place of a text. */
export interface Reference extends Label {
  /** The number of the asset in the index used for the search. */
  readonly asset: number;
}

/** What a text is searched for, and the site that it belongs to. */
export interface Search {
  readonly index: IdIndex;
  readonly siteId: string;
}

/** Labels the ids of a text in the order in which they occur there. */
export interface Labeller {
  /** Whether an id without a label begins before `end`. */
  reaches(end: number): boolean;
  /** Ids that begin before `start` get {@link UNLABELLED}, those from there to before `end` get `label`. */
  cover(start: number, end: number, label: Label): void;
  /** Each asset in each place once. */
  finish(): Reference[];
}

/** An id that is in the text for no recognizable reason: a use all the same. */
export const UNLABELLED: Label = { place: "other", strength: "strong" };

export function createLabeller(text: Buffer, { index, siteId }: Search): Labeller {
  const found: FoundIds = findIds(text, index);
  const references = new Map<string, Reference>();
  let next = 0;

  function put(label: Label): void {
    const asset = found.assets[next] as number;
    const isCopy = isSecondId(text, found.positions[next] as number, siteId);
    const { place, strength } = isCopy ? ({ ...label, strength: "copy" } as const) : label;
    references.set(`${asset} ${place} ${strength}`, { asset, place, strength });
    next += 1;
  }

  function cover(start: number, end: number, label: Label): void {
    for (; next < found.positions.length; ) {
      const position = found.positions[next] as number;
      if (position >= end) return;
      put(position < start ? UNLABELLED : label);
    }
  }

  return {
    reaches: (end) => (found.positions[next] ?? Number.POSITIVE_INFINITY) < end,
    cover,
    finish() {
      cover(text.length, text.length, UNLABELLED);
      return [...references.values()];
    },
  };
}

/** The references of a text about which nothing else is known than what it is used for. */
export function findReferences(text: Buffer, search: Search, label: Label): Reference[] {
  const labeller = createLabeller(text, search);
  labeller.cover(0, text.length, label);
  return labeller.finish();
}
