/**
 * Roughly how many tokens (o200k) a text costs; for natural language it errs on the high side. A real tokenizer
 * weighs megabytes. A word costs a token per five letters, anything else a token per two or three characters, digits
 * come in threes, and a character of a script that is rare on the web costs more than one token.
 */
export function estimateTokens(text: string): number {
  let tokens = 0;
  for (const [run] of text.matchAll(RUNS)) tokens += costOf(run);
  return Math.ceil(tokens);
}

const RUNS =
  /[A-Z]?[a-z]+|[A-Z]+|\d+|[ \n]+|[!-/:-@[-`{-~]+|[\u00a1-\u024f]+|[\u0370-\u0d7f\u0e00-\u0e7f\u10a0-\u10ff]+|./gsu;

function costOf(run: string): number {
  const code = run.codePointAt(0) ?? 0;
  const { length } = run;
  if (code === 0x20 || code === 0x0a) return length === 1 ? 0.1 : 1;
  if (/^\d/.test(run)) return Math.ceil(length / 3);
  if (/^[A-Z]{2}/.test(run)) return length / (length <= 12 ? 3 : 1.7);
  if (/^[A-Za-z]/.test(run)) return costOfWord(run);
  if (code < 0x80) return Math.ceil(length / 1.6);
  if (code < 0x250) return length;
  if (code > 0xffff) return 3;
  if (length > 1 || code < 0x300) return length / 2;
  return code >= 0x0d80 && code < 0x2000 ? 1.8 : 1.3;
}

function costOfWord(word: string): number {
  const isHardlyAWord = word.length > 12 || /[bcdfghj-np-tvwxz]{4}/i.test(word);
  return isHardlyAWord ? Math.max(1, word.length / 1.9) : Math.max(1, word.length / 5);
}

/** The token budget for the records of one page, so that a whole answer stays below 8,000 tokens and 200 kB. */
export const PAGE_TOKENS = 7_300;

/** How many of the records, counted from the first, cost at most `maxTokens` as JSON; at least one. */
export function countFitting(records: readonly unknown[], maxTokens: number = PAGE_TOKENS): number {
  let tokens = 0;
  for (const [index, record] of records.entries()) {
    tokens += estimateTokens(JSON.stringify(record)) + 1;
    if (tokens > maxTokens) return Math.max(1, index);
  }
  return records.length;
}
