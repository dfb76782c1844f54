import type { Place, Reference, Strength } from "../../references/references.js";

/** One place that refers to an asset. */
export interface Use {
  /** Where, as a person would find it: the path of a page, `CMS: Posts / Vase / main-image`. */
  readonly in: string;
  readonly place: Place;
  readonly strength: Strength;
  readonly detail?: string;
}

/** Where a text belongs that was searched. */
export interface Whereabouts {
  readonly in: string;
  readonly detail?: string;
  /** What every reference in it is called, instead of what the text itself tells. */
  readonly place?: Place;
}

/** Everything that is known to refer to the assets, in bounded memory and without any of the texts. */
export interface UsageRecord {
  add(where: Whereabouts, references: readonly Reference[]): void;
  /** The uses of an asset by its number, the strongest first, at most {@link MOST_USES}; `more` there are besides. */
  usesOf(asset: number): { readonly uses: readonly Use[]; readonly more: number };
}

/** Uses that are told of one asset. */
export const MOST_USES = 10;
/** Uses beyond those that are told are counted, and told from each other as far as this. */
const MOST_COUNTED = 300_000;
const ORDER: readonly Strength[] = ["strong", "style", "comment", "copy"];

interface Entry {
  uses: Use[];
  more: number;
}

export function createUsageRecord(): UsageRecord {
  const entries = new Map<number, Entry>();
  const counted = new Set<number>();

  function addOne(entry: Entry, asset: number, use: Use): void {
    const known = entry.uses.findIndex((other) => other.in === use.in && other.place === use.place);
    const other = entry.uses[known];
    if (other) {
      if (rank(use) < rank(other)) entry.uses[known] = use;
      return;
    }
    if (entry.uses.length < MOST_USES) {
      entry.uses.push(use);
      return;
    }
    const key = hashOf(`${asset} ${use.place} ${use.in}`);
    if (counted.has(key)) return;
    if (counted.size < MOST_COUNTED) counted.add(key);
    entry.more += 1;
    const weakest = entry.uses.reduce((worst, one, index, uses) => {
      return rank(one) > rank(uses[worst] ?? one) ? index : worst;
    }, 0);
    const displaced = entry.uses[weakest];
    if (displaced && rank(use) < rank(displaced)) entry.uses[weakest] = use;
  }

  return {
    add(where, references) {
      for (const { asset, place, strength } of references) {
        const entry = entries.get(asset) ?? { uses: [], more: 0 };
        entries.set(asset, entry);
        const { detail } = where;
        addOne(entry, asset, {
          in: where.in,
          place: where.place ?? place,
          strength,
          ...(detail !== undefined && { detail }),
        });
      }
    },
    usesOf(asset) {
      const { uses, more } = entries.get(asset) ?? { uses: [], more: 0 };
      return { uses: uses.toSorted((a, b) => rank(a) - rank(b)), more };
    },
  };
}

function rank({ strength }: Pick<Use, "strength">): number {
  return ORDER.indexOf(strength);
}

/** FNV-1a, 32 bits. */
function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < text.length; at += 1) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  return hash;
}
