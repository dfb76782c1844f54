import { type Readable, Writable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { createBrotliDecompress, createGunzip, createInflate } from "node:zlib";
import type { ByteCollector } from "../../core/byte-collector.js";

const DECODERS: Readonly<Record<string, () => NodeJS.ReadWriteStream>> = {
  gzip: createGunzip,
  "x-gzip": createGunzip,
  deflate: createInflate,
  br: createBrotliDecompress,
};

/** The content codings of a response, in the order in which they were applied; RFC 9110, section 8.4. */
export function contentCodings(header: string | undefined): string[] {
  return (header ?? "")
    .split(",")
    .map((coding) => coding.trim().toLowerCase())
    .filter((coding) => coding !== "" && coding !== "identity");
}

/** Whether {@link collectBody} can undo these codings. More than two are no honest server's doing. */
export function canDecode(codings: readonly string[]): boolean {
  return codings.length <= 2 && codings.every((coding) => Object.hasOwn(DECODERS, coding));
}

/** Reads the whole body, decoded, into `collector`; what the collector throws ends the download. */
export async function collectBody(
  body: Readable,
  codings: readonly string[],
  collector: Pick<ByteCollector, "add">,
  signal: AbortSignal,
): Promise<void> {
  const decoders = codings.toReversed().flatMap((coding) => DECODERS[coding]?.() ?? []);
  const sink = new Writable({
    write(chunk: Buffer, _encoding, done) {
      try {
        collector.add(chunk);
        done();
      } catch (error) {
        done(error instanceof Error ? error : new Error(String(error)));
      }
    },
  });
  await pipeline([body, ...decoders, sink], { signal });
}
