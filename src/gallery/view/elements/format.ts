let locale: string | undefined;
let timeZone: string | undefined;

/** Writes numbers and dates as the client's user does; what cannot be read is left as the browser has it. */
export function useLocale(wantedLocale: unknown, wantedTimeZone: unknown): void {
  if (typeof wantedLocale === "string" && isUsable({ locale: wantedLocale })) locale = wantedLocale;
  if (typeof wantedTimeZone === "string" && isUsable({ timeZone: wantedTimeZone })) timeZone = wantedTimeZone;
}

export function formatCount(count: number): string {
  return count.toLocaleString(locale);
}

/** `3 assets`, `1 asset`. */
export function formatCounted(count: number, singular: string, plural = `${singular}s`): string {
  return `${formatCount(count)} ${count === 1 ? singular : plural}`;
}

/** Bytes in powers of ten, as Webflow writes its limits. */
export function formatSize(bytes: number): string {
  if (bytes < 1_000) return `${formatCount(bytes)} B`;
  if (bytes < 1_000_000) return `${formatCount(Math.round(bytes / 1_000))} kB`;
  return `${(bytes / 1_000_000).toLocaleString(locale, { maximumFractionDigits: 1 })} MB`;
}

/** A day and a time; the text as it came when it is no date. */
export function formatDate(date: string): string {
  const time = Date.parse(date);
  if (Number.isNaN(time)) return date;
  return new Date(time).toLocaleString(locale, { dateStyle: "medium", timeStyle: "short", timeZone });
}

function isUsable({ locale: tag, timeZone: zone }: { locale?: string; timeZone?: string }): boolean {
  try {
    new Date().toLocaleString(tag, { timeZone: zone });
    return true;
  } catch {
    return false;
  }
}
