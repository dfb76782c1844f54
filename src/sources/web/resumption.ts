import type { Dispatcher } from "undici";
import type { ByteCollector } from "../../core/memory/byte-collector.js";
import { headerOf } from "./open-url.js";

/** The beginning of a body that broke off, and what identifies the rest as part of the same file. */
export interface Beginning {
  readonly collector: ByteCollector;
  /** A strong ETag or a date, which If-Range takes (RFC 9110, section 13.1.5). */
  readonly validator: string;
  /** Bytes of the whole file, as far as the server says. */
  readonly total: number | undefined;
}

/** What can be kept of a body that broke off; undefined if the rest could not be told from that of another file. */
export function beginningOf(
  response: Dispatcher.ResponseData,
  collector: ByteCollector,
  isEncoded: boolean,
): Beginning | undefined {
  const validator = validatorOf(response);
  if (isEncoded || validator === undefined || collector.length() === 0) return undefined;
  return headerOf(response, "accept-ranges") === "none"
    ? undefined
    : { collector, validator, total: totalOf(response) };
}

function validatorOf(response: Dispatcher.ResponseData): string | undefined {
  const etag = headerOf(response, "etag");
  return etag?.startsWith('"') ? etag : headerOf(response, "last-modified");
}

/** Bytes of the whole file that an answer is, or is a part of; undefined where the server does not say. */
export function totalOf(response: Dispatcher.ResponseData): number | undefined {
  const name = response.statusCode === 206 ? "content-range" : "content-length";
  const [, total] = /(?:^|\/)(\d{1,15})$/.exec(headerOf(response, name) ?? "") ?? [];
  return total === undefined ? undefined : Number(total);
}

/** The headers that request the rest, or the whole file if it has changed. */
export function headersForRest({ collector, validator }: Beginning): Record<string, string> {
  return { range: `bytes=${collector.length()}-`, "if-range": validator };
}

/** Whether an answer continues exactly where the beginning ends, and belongs to the same file. */
export function isRest(response: Dispatcher.ResponseData, beginning: Beginning): boolean {
  const { collector, validator, total = totalOf(response) } = beginning;
  if ((validatorOf(response) ?? validator) !== validator || (totalOf(response) ?? total) !== total)
    return false;
  const [, start] = /^bytes (\d+)-/.exec(headerOf(response, "content-range") ?? "") ?? [];
  const isEncoded = (headerOf(response, "content-encoding") ?? "identity") !== "identity";
  return response.statusCode === 206 && !isEncoded && Number(start) === collector.length();
}
