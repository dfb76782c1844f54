/** The ledger's key of what a source was optimized to: by one recipe, or by any. */
export function optimizedKey(sourceMd5: string, recipe = "any"): string {
  return `${sourceMd5} optimized by ${recipe}`;
}

/** The keys under which the ledger knows the asset of a source: its own MD5, or that and the recipe it is optimized by. */
export function ledgerKeysOf(sourceMd5: string, recipe: string | undefined): string[] {
  if (recipe === undefined) return [sourceMd5];
  return [optimizedKey(sourceMd5, recipe), optimizedKey(sourceMd5)];
}
