const LONG = 1_000;
/** What a path, a list of points or the data of an embedded picture is written with. No equals sign is among it. */
const NOT_IN_PATHS = /[^A-Za-z0-9+\s.,-]/;
const NOT_IN_DATA = /[^A-Za-z0-9+/\s]/;
/** Of a path, so that the name of a file stays a value. */
const KEPT = 100;
const DATA = ";base64,";

/**
 * A document without most of any long path between two quotes, and without the data of embedded pictures: they take
 * most of a reader's time, and nothing in them is run or loaded. What reaches from one attribute into the next holds
 * an equals sign, and stays.
 */
export function withoutLongValues(text: string): string {
  const parts: string[] = [];
  const quote = /["']/g;
  let [keptUntil, start] = [0, 0];
  for (let found = quote.exec(text); found; found = quote.exec(text)) {
    const from = found.index - start < LONG ? undefined : startOfData(text.slice(start, found.index));
    if (from !== undefined) {
      parts.push(text.slice(keptUntil, start + from));
      keptUntil = found.index;
    }
    start = found.index + 1;
  }
  return parts.length === 0 ? text : [...parts, text.slice(keptUntil)].join("");
}

/** Where in a value begins what can be left out. */
function startOfData(value: string): number | undefined {
  const data = value.indexOf(DATA);
  if (data === -1) return NOT_IN_PATHS.test(value) ? undefined : KEPT;
  const start = data + DATA.length;
  const isPadded = value.endsWith("=");
  const content = value.slice(start, isPadded ? value.indexOf("=", value.length - 2) : undefined);
  return NOT_IN_DATA.test(content) ? undefined : start;
}
