/** Where the text of a JSON value begins and ends. */
export interface JsonPart {
  readonly start: number;
  readonly end: number;
}

/** Deeper than any file that a program writes. */
const MOST_LEVELS = 1_000;

const NUMBER_OR_WORD = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null/y;
const SPACE = /[ \t\n\r]*/y;
// biome-ignore lint/suspicious/noControlCharactersInRegex: a string of JSON has none of them
const STOP_IN_STRING = /["\\\0-\x1f]/g;
const ESCAPE = /\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})/y;

const [QUOTE, COMMA, COLON] = [0x22, 0x2c, 0x3a];
const [OPEN_BRACKET, CLOSE_BRACKET, OPEN_BRACE, CLOSE_BRACE] = [0x5b, 0x5d, 0x7b, 0x7d];

/**
 * Whether a text is JSON (RFC 8259). Its values are not built, since those of a file may take
 * forty times its size in memory. Anything nested deeper than 1,000 levels counts as not JSON.
 */
export function isJson(text: string): boolean {
  const end = endOfValue(text, 0);
  return end !== undefined && afterSpace(text, end) === text.length;
}

/**
 * Those members of the object that begins at `start` that have one of these names, the last one of each; undefined if there
 * is no whole object.
 */
export function membersOf(
  text: string,
  start: number,
  names: readonly string[],
): Map<string, JsonPart> | undefined {
  const members = new Map<string, JsonPart>();
  const isWhole = readParts(text, start, OPEN_BRACE, (part, name) => {
    if (names.includes(name)) members.set(name, part);
  });
  return isWhole ? members : undefined;
}

/** The elements of the array that begins at `start`; undefined if there is no whole one. */
export function elementsOf(text: string, start: number): JsonPart[] | undefined {
  const elements: JsonPart[] = [];
  const isWhole = readParts(text, start, OPEN_BRACKET, (part) => elements.push(part));
  return isWhole ? elements : undefined;
}

function readParts(
  text: string,
  start: number,
  opening: number,
  add: (part: JsonPart, name: string) => void,
): boolean {
  let position = afterSpace(text, start);
  if (text.charCodeAt(position) !== opening) return false;
  const closing = opening === OPEN_BRACE ? CLOSE_BRACE : CLOSE_BRACKET;
  position = afterSpace(text, position + 1);
  if (text.charCodeAt(position) === closing) return true;
  for (;;) {
    const valueStart = opening === OPEN_BRACE ? endOfName(text, position) : position;
    const end = valueStart === undefined ? undefined : endOfValue(text, valueStart);
    if (valueStart === undefined || end === undefined) return false;
    add({ start: afterSpace(text, valueStart), end }, opening === OPEN_BRACE ? nameAt(text, position) : "");
    position = afterSpace(text, end);
    const next = text.charCodeAt(position);
    if (next === closing) return true;
    if (next !== COMMA) return false;
    position = afterSpace(text, position + 1);
  }
}

/** Where the value that begins at `start` ends, after any space; undefined if there is no whole one. */
function endOfValue(text: string, start: number): number | undefined {
  /** What closes each array and object that is open. */
  const open: number[] = [];
  let position: number | undefined = start;
  while (position !== undefined) {
    position = afterSpace(text, position);
    const first = text.charCodeAt(position);
    if (first !== OPEN_BRACE && first !== OPEN_BRACKET) position = endOfScalar(text, position);
    else {
      const closing = first === OPEN_BRACE ? CLOSE_BRACE : CLOSE_BRACKET;
      position = afterSpace(text, position + 1);
      if (text.charCodeAt(position) !== closing) {
        if (open.length === MOST_LEVELS) return undefined;
        open.push(closing);
        if (closing === CLOSE_BRACE) position = endOfName(text, position);
        continue;
      }
      position += 1;
    }
    if (position === undefined) return undefined;
    position = closeAll(text, position, open);
    if (open.length === 0) return position;
  }
  return undefined;
}

/** Closes what ends after a value; gives where the next value begins, or, if nothing is open any more, the end. */
function closeAll(text: string, end: number, open: number[]): number | undefined {
  let position = end;
  while (open.length > 0) {
    position = afterSpace(text, position);
    const next = text.charCodeAt(position);
    position += 1;
    if (next === COMMA) return open.at(-1) === CLOSE_BRACE ? endOfName(text, position) : position;
    if (next !== open.pop()) {
      open.length = 0;
      return undefined;
    }
  }
  return position;
}

/** Where the value of the member begins whose name is at `start`, after any space. */
function endOfName(text: string, start: number): number | undefined {
  const name = afterSpace(text, start);
  if (text.charCodeAt(name) !== QUOTE) return undefined;
  const end = endOfString(text, name);
  const colon = end === undefined ? text.length : afterSpace(text, end);
  return text.charCodeAt(colon) === COLON ? colon + 1 : undefined;
}

function nameAt(text: string, start: number): string {
  const name = text.slice(start, endOfString(text, start));
  return name.includes("\\") ? String(JSON.parse(name)) : name.slice(1, -1);
}

function endOfScalar(text: string, start: number): number | undefined {
  if (text.charCodeAt(start) === QUOTE) return endOfString(text, start);
  const end = endOfMatch(NUMBER_OR_WORD, text, start);
  return end === start ? undefined : end;
}

function endOfString(text: string, start: number): number | undefined {
  STOP_IN_STRING.lastIndex = start + 1;
  for (let stop = STOP_IN_STRING.exec(text); stop; stop = STOP_IN_STRING.exec(text)) {
    if (text.charCodeAt(stop.index) === QUOTE) return stop.index + 1;
    const end = endOfMatch(ESCAPE, text, stop.index);
    if (end === stop.index) return undefined;
    STOP_IN_STRING.lastIndex = end;
  }
  return undefined;
}

function afterSpace(text: string, start: number): number {
  return text.charCodeAt(start) > 0x20 ? start : endOfMatch(SPACE, text, start);
}

/** `start` itself where a sticky expression does not match. */
function endOfMatch(expression: RegExp, text: string, start: number): number {
  expression.lastIndex = start;
  return expression.test(text) ? expression.lastIndex : start;
}
