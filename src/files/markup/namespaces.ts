/** The prefixes of names, as they are declared from the root to the element that is read. */
export interface Namespaces {
  /** Enters an element; gives the first prefix of it and its attributes that stands for nothing. */
  enter(name: string, attributes: Readonly<Record<string, unknown>>): string | undefined;
  leave(): void;
  /** What the prefix of a name stands for here. */
  of(name: string): string | undefined;
}

const DECLARATION = /^xmlns(?::|$)/;
const BUILT_IN = ["", "xml", "xmlns"];

/** Namespaces in XML 1.0, https://www.w3.org/TR/xml-names/. (The reader's own take quadratic time.) */
export function createNamespaces(): Namespaces {
  const declared = new Map<string, string[]>();
  const scopes: string[][] = [];

  function declare(prefix: string, namespace: string): void {
    const outer = declared.get(prefix);
    if (outer) outer.push(namespace);
    else declared.set(prefix, [namespace]);
  }

  function isKnown(prefix: string): boolean {
    return BUILT_IN.includes(prefix) || (declared.get(prefix)?.length ?? 0) > 0;
  }

  return {
    enter(name, attributes) {
      const names = Object.keys(attributes);
      const prefixes = names.filter((key) => DECLARATION.test(key)).map((key) => key.slice("xmlns:".length));
      for (const prefix of prefixes) {
        declare(prefix, String(attributes[prefix === "" ? "xmlns" : `xmlns:${prefix}`]));
      }
      scopes.push(prefixes);
      return [name, ...names].map(prefixOf).find((prefix) => !isKnown(prefix));
    },
    leave() {
      for (const prefix of scopes.pop() ?? []) declared.get(prefix)?.pop();
    },
    of: (name) => declared.get(prefixOf(name))?.at(-1),
  };
}

function prefixOf(qualifiedName: string): string {
  return qualifiedName.slice(0, Math.max(0, qualifiedName.indexOf(":")));
}
