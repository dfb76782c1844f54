import type { Place, Reference, Search, Strength } from "../../references/references.js";
import type { Gaps } from "./gaps.js";

/** One place that refers to an asset. */
export interface Use {
  /** Where, in a person's terms: the path of a page, `CMS: Posts / Vase / main-image`. */
  readonly in: string;
  readonly place: Place;
  readonly strength: Strength;
  readonly detail?: string;
  /** Of a published page: where it is like that. */
  readonly hosts?: readonly string[];
}

/** Where a searched text belongs. */
export interface Whereabouts {
  readonly in: string;
  readonly detail?: string;
  /** Of a published page. */
  readonly host?: string;
  /** What every reference in it is called, overriding what the text itself says. */
  readonly place?: Place;
}

/** What a site is searched for, and where its readers put what they find and what they cannot read. */
export interface SearchParts {
  readonly search: Search;
  readonly record: UsageRecord;
  readonly gaps: Gaps;
}

/** Everything that is known to refer to the assets, in bounded memory and without any of the texts. */
export interface UsageRecord {
  add(where: Whereabouts, references: readonly Reference[]): void;
  /** The uses of an asset by its number, strongest first, at most {@link MOST_USES}; there are `more` besides. */
  usesOf(asset: number): { readonly uses: readonly Use[]; readonly more: number };
}

/** How many uses of one asset are listed. */
export const MOST_USES = 10;
/** Further uses are counted, and told apart only up to this number. */
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
      entry.uses[known] = rank(use) < rank(other) ? use : withHosts(other, use);
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
        const { detail, host } = where;
        addOne(entry, asset, {
          in: where.in,
          place: where.place ?? place,
          strength,
          ...(detail !== undefined && { detail }),
          ...(host !== undefined && { hosts: [host] }),
        });
      }
    },
    usesOf(asset) {
      const { uses, more } = entries.get(asset) ?? { uses: [], more: 0 };
      return { uses: uses.toSorted((a, b) => rank(a) - rank(b)), more };
    },
  };
}

function withHosts(use: Use, { strength, hosts = [] }: Use): Use {
  const others = hosts.filter((host) => !use.hosts?.includes(host));
  return use.hosts && others.length > 0 && strength === use.strength
    ? { ...use, hosts: [...use.hosts, ...others] }
    : use;
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
