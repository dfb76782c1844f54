/** The entries that are there: `present(isNew && "new", reason)`. */
export function present<Entry>(...entries: readonly (Entry | false | undefined)[]): Entry[] {
  return entries.filter((entry): entry is Entry => entry !== false && entry !== undefined);
}
