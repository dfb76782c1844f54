import { cutMiddle } from "./text.js";

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
  if (code === 0x20 || code === 0x0a) return length === 1 ? 0.1 : 1 + length / 80;
  if (/^\d/.test(run)) return Math.ceil(length / 3);
  if (/^[A-Z]{2}/.test(run)) return length / (length <= 12 ? 3 : 1.7);
  if (/^[A-Za-z]/.test(run)) return costOfWord(run);
  if (code < 0x80) return Math.ceil(length / 1.6);
  if (code < 0x250) return length;
  if (code <= 0xffff && (length > 1 || code < 0x300)) return length / 2;
  return costOfRare(code);
}

/** Of a character that stands for itself: what scripts cost whose letters the tokenizer has hardly ever seen. */
function costOfRare(code: number): number {
  const isEmojiOrJoiner = (code >= 0x1f000 && code < 0x1fb00) || code === 0x200d || code === 0xfe0f;
  if (isEmojiOrJoiner) return code > 0xffff ? 3 : 1.3;
  if (code > 0xffff) return 4;
  if (code < 0xd80) return 1.3;
  if (code < 0x1200) return 1.9;
  if (code < 0x2000) return code < 0x13a0 ? 2.1 : 3;
  if (code < 0x2e80) return 2.1;
  if (code < 0x3400) return 1.3;
  if (code < 0x4e00) return 3;
  return code < 0xa000 || code >= 0xac00 ? 1.3 : 3;
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

/** What a whole answer may cost, by the estimate, and its size as JSON, which is sent twice: as text and structured. */
const ANSWER_TOKENS = 8_000;
const ANSWER_BYTES = 60_000;
/** How long texts may stay in an answer that is too large, from generous to short. */
const TEXT_LENGTHS = [1_000, 500, 250, 120, 60];
/** A part of these would be of no use. */
const WHOLE = new Set(["nextCursor", "url"]);

/**
 * The same answer, its longest texts shortened in the middle where it would cost more than clients take: sites hold
 * texts of any length. The number of its records is not its business.
 */
export function withShortTexts<Answer>(answer: Answer): Answer {
  let shortened = answer;
  for (const length of TEXT_LENGTHS) {
    if (isAffordable(shortened)) break;
    shortened = shorten(answer, length) as Answer;
  }
  return shortened;
}

function isAffordable(answer: unknown): boolean {
  const json = JSON.stringify(answer);
  return Buffer.byteLength(json) <= ANSWER_BYTES && estimateTokens(json) <= ANSWER_TOKENS;
}

function shorten(value: unknown, length: number): unknown {
  if (typeof value === "string") return cutMiddle(value, length);
  if (Array.isArray(value)) return value.map((item) => shorten(item, length));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [key, WHOLE.has(key) ? item : shorten(item, length)]),
  );
}
