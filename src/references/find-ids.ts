/** The assets to search for by their ids. */
export interface IdIndex {
  /** The number of an id in lower case. */
  readonly numbers: ReadonlyMap<string, number>;
  /** One bit for each value to which the last eight digits of a known id can be hashed. */
  readonly filter: Uint32Array;
}

/** Where ids occur in a text: `assets[n]` is the number of the asset whose id begins at byte `positions[n]`. */
export interface FoundIds {
  readonly positions: readonly number[];
  readonly assets: readonly number[];
}

/** Digits of an id: MongoDB's ObjectId, 12 bytes. */
export const ID_LENGTH = 24;

const FILTER_BITS = 20;
/** Knuth's multiplicative hash: the golden ratio of 32 bits. */
const GOLDEN_RATIO = 0x9e3779b1;
const NO_DIGIT = 0xff;
const DIGITS = digitTable();

/**
 * `ids` have 24 hex digits each, in any case; their order gives the numbers. `aliases[n]` is another id under which
 * asset `n` may be referred to, unless it is the id of an asset itself.
 */
export function createIdIndex(
  ids: readonly string[],
  aliases: readonly (string | undefined)[] = [],
): IdIndex {
  const filter = new Uint32Array(2 ** FILTER_BITS / 32);
  const numbers = new Map<string, number>();
  for (const [number, id] of [...ids.entries(), ...aliases.entries()]) {
    const lowerCased = id?.toLowerCase();
    if (lowerCased === undefined || numbers.has(lowerCased)) continue;
    numbers.set(lowerCased, number);
    const slot = slotOf(Number.parseInt(lowerCased.slice(-8), 16));
    filter[slot >>> 5] = (filter[slot >>> 5] ?? 0) | (1 << (slot & 31));
  }
  return { numbers, filter };
}

/**
 * Every place where a known id occurs in `text`, whatever surrounds it: each window of 24 hex digits is looked up,
 * because the character before an id may itself be a hex digit (`%2F`, `\u002f`) and the one after it a word
 * character (`_`). Hex digits are never escaped, so nothing has to be decoded; text in any encoding that keeps ASCII
 * will do. Takes time proportional to the length of the text.
 */
export function findIds(text: Buffer, { filter, numbers }: IdIndex): FoundIds {
  const positions: number[] = [];
  const assets: number[] = [];
  const { length } = text;
  const lastStart = length - ID_LENGTH;
  let start = 0;
  while (start <= lastStart) {
    // From the end: one byte that is not a hex digit rules out every window that contains it.
    let back = start + ID_LENGTH - 1;
    while (back >= start && DIGITS[text[back] as number] !== NO_DIGIT) back -= 1;
    if (back >= start) {
      start = back + 1;
      continue;
    }
    let end = start + ID_LENGTH;
    let lastEight = 0;
    for (let at = end - 8; at < end; at += 1)
      lastEight = (lastEight << 4) | (DIGITS[text[at] as number] as number);
    for (;;) {
      const slot = slotOf(lastEight);
      if (((filter[slot >>> 5] as number) >>> (slot & 31)) & 1) {
        const number = numbers.get(idAt(text, end - ID_LENGTH));
        if (number !== undefined) {
          positions.push(end - ID_LENGTH);
          assets.push(number);
        }
      }
      const digit = end < length ? (DIGITS[text[end] as number] as number) : NO_DIGIT;
      if (digit === NO_DIGIT) break;
      lastEight = (lastEight << 4) | digit;
      end += 1;
    }
    start = end + 1;
  }
  return { positions, assets };
}

/**
 * Whether the id at `position` is not the first of its file name but what that was copied from:
 * `<id of the copy>_<id of the original>_<name>`. Webflow names copies in the CMS and duplicated assets so. The id of
 * the site in front makes no copy: a proxy may join the parts of a URL like that; nor does a hash, which is longer.
 */
export function isSecondId(text: Buffer, position: number, siteId: string): boolean {
  const first = position - ID_LENGTH - 1;
  if (first < 0 || text[position - 1] !== UNDERSCORE) return false;
  for (let at = first; at < position - 1; at += 1) if (DIGITS[text[at] as number] === NO_DIGIT) return false;
  if (digitsBefore(text, first) > LONGEST_ESCAPE) return false;
  return idAt(text, first) !== siteId.toLowerCase();
}

const UNDERSCORE = 0x5f;
/** Hex digits of an escaped slash, which may come right before an id: `%2F`, `%252F`, `\\u002f`. */
const LONGEST_ESCAPE = 4;

/** How many hex digits come right before a position, as far as it matters. */
function digitsBefore(text: Buffer, position: number): number {
  let count = 0;
  while (
    count <= LONGEST_ESCAPE &&
    count < position &&
    DIGITS[text[position - count - 1] as number] !== NO_DIGIT
  )
    count += 1;
  return count;
}

function idAt(text: Buffer, start: number): string {
  return text.toString("latin1", start, start + ID_LENGTH).toLowerCase();
}

function slotOf(lastEight: number): number {
  return Math.imul(lastEight, GOLDEN_RATIO) >>> (32 - FILTER_BITS);
}

function digitTable(): Uint8Array {
  const table = new Uint8Array(256).fill(NO_DIGIT);
  for (const [value, digit] of [..."0123456789abcdef"].entries()) {
    table[digit.charCodeAt(0)] = value;
    table[digit.toUpperCase().charCodeAt(0)] = value;
  }
  return table;
}
