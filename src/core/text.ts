/**
 * The same text in memory of its own. What is cut out of a long text keeps all of it in memory for as long as it lives
 * itself.
 */
export function ownCopy(text: string): string {
  return Buffer.from(text, "utf16le").toString("utf16le");
}

/** Text without case and accents, as people search. */
export function searchable(text: string): string {
  return text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
}
