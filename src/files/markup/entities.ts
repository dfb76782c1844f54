import { characterOfReference } from "../../core/encodings.js";

/** How many entities a document may declare, and how many characters each may stand for. */
const MOST_ENTITIES = 1_000;
const MOST_CHARACTERS = 10_000;
/** So many characters all of them together, which few drawings come near to. */
const MOST_IN_ALL = 500_000;
/** How often one entity may stand for another. */
const MOST_LEVELS = 8;

/** What the declarations in a document type say. */
export interface Entities {
  /** What each name stands for, with all that it refers to in turn. */
  readonly values: ReadonlyMap<string, string>;
  /** Whether some of them name another file that they would be read from. */
  readonly areExternal: boolean;
  /** Whether they stand for more than any drawing needs; then some are left out. */
  readonly areEndless: boolean;
}

/**
 * The general entities that a document type declares (XML 1.0, section 4.2), each as a reader would expand it, cut at
 * {@link MOST_CHARACTERS}. Declarations inside of others count, since a parameter entity may insert them.
 */
export function readEntities(doctype: string): Entities {
  const literals = new Map<string, string>();
  let areExternal = false;
  for (const declaration of declarationsIn(doctype)) {
    if (/^(?:%\s+)?[\w:.-]+\s+(?:SYSTEM|PUBLIC)\b/.test(declaration)) areExternal = true;
    const [, name, double, single] = /^(?:%\s+)?([\w:.-]+)\s+(?:"([^"]*)"|'([^']*)')/.exec(declaration) ?? [];
    // The first declaration of a name counts.
    if (name !== undefined && !literals.has(name)) literals.set(name, double ?? single ?? "");
  }
  const values = new Map<string, string>();
  let left = MOST_IN_ALL;
  for (const name of literals.keys()) {
    const value = expanded(name, literals);
    left -= value.length;
    if (left < 0) break;
    values.set(name, value);
  }
  return { values, areExternal, areEndless: left < 0 };
}

/** What follows each `<!ENTITY `, as far as a declaration may reach. */
function declarationsIn(doctype: string): string[] {
  const rest = doctype.split(/<!ENTITY\s+/, MOST_ENTITIES + 1).slice(1);
  return rest.map((declaration) => declaration.slice(0, 2 * MOST_CHARACTERS));
}

function expanded(name: string, literals: ReadonlyMap<string, string>): string {
  let value = literals.get(name) ?? "";
  for (let level = 0; level < MOST_LEVELS && value.includes("&"); level += 1) {
    let added = 0;
    const next = value.replace(/&(#?[\w:.-]{1,100});/g, (reference, referred: string) => {
      if (added > MOST_CHARACTERS) return "";
      const meant = literals.get(referred) ?? characterOfReference(referred) ?? reference;
      added += meant.length;
      return meant.slice(0, MOST_CHARACTERS);
    });
    if (next === value) break;
    value = next.slice(0, MOST_CHARACTERS);
  }
  return value;
}
