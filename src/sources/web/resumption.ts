import type { Dispatcher } from "undici";
import type { ByteCollector } from "../../core/memory/byte-collector.js";
import { headerOf } from "./open-url.js";

/** The beginning of a body that broke off, and what identifies the rest as part of the same file. */
export interface Beginning {
  readonly collector: ByteCollector;
  /** A strong ETag or a date, which If-Range takes (RFC 9110, section 13.1.5). */
  readonly validator: string;
}

/** What can be kept of a body that broke off; undefined if the rest could not be told from that of another file. */
export function beginningOf(
  response: Dispatcher.ResponseData,
  collector: ByteCollector,
  isEncoded: boolean,
): Beginning | undefined {
  const etag = headerOf(response, "etag");
  const validator = etag?.startsWith('"') ? etag : headerOf(response, "last-modified");
  if (isEncoded || validator === undefined || collector.length() === 0) return undefined;
  return headerOf(response, "accept-ranges") === "none" ? undefined : { collector, validator };
}

/** The headers that request the rest, or the whole file if it has changed. */
export function headersForRest({ collector, validator }: Beginning): Record<string, string> {
  return { range: `bytes=${collector.length()}-`, "if-range": validator };
}

/** Whether an answer continues exactly where the beginning ends. */
export function isRest(response: Dispatcher.ResponseData, { collector }: Beginning): boolean {
  const [, start] = /^bytes (\d+)-/.exec(headerOf(response, "content-range") ?? "") ?? [];
  const isEncoded = (headerOf(response, "content-encoding") ?? "identity") !== "identity";
  return response.statusCode === 206 && !isEncoded && Number(start) === collector.length();
}
