type Headers = { get(name: string): string | null };

/**
 * Retry-After in milliseconds: RFC 9110, section 10.2.3, seconds or an HTTP date. A date is compared with the Date
 * header of the same answer if it has one, because this machine's clock may be wrong.
 */
export function readRetryAfter(headers: Headers, now = Date.now()): number | undefined {
  const header = headers.get("retry-after")?.trim() ?? "";
  if (/^\d{1,9}(?:\.\d+)?$/.test(header)) return Number(header) * 1000;
  const date = readDate(header);
  return date === undefined ? undefined : Math.max(0, date - (readDate(headers.get("date")) ?? now));
}

function readDate(text: string | null): number | undefined {
  const date = /^[A-Z]/i.test(text ?? "") ? Date.parse(text ?? "") : Number.NaN;
  return Number.isNaN(date) ? undefined : date;
}
