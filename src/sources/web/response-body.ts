import { pipeline as connect, type Duplex, Readable, Writable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { createBrotliDecompress, createGunzip, createInflate, createInflateRaw } from "node:zlib";
import type { ByteCollector } from "../../core/memory/byte-collector.js";
import type { BodyIntake } from "./body-intake.js";

/** Chooses by the first bytes of a body; undefined for one that is plain, whatever its label says. */
type ChooseDecoder = (beginning: Buffer) => Duplex | undefined;

const DECODERS: Readonly<Record<string, ChooseDecoder>> = {
  gzip: gunzipIfPacked,
  "x-gzip": gunzipIfPacked,
  deflate: inflateWithOrWithoutHeader,
  br: () => createBrotliDecompress(),
};
/** What servers send as a coding although the body is plain: S3's way to upload, character sets, words for none. */
const NO_CODING =
  /^(?:identity|aws-chunked|chunked|binary|[78]bit|utf-?8|iso-8859-1|us-ascii|none|null|false)$/;

/** The content codings of a response, in the order in which they were applied; RFC 9110, section 8.4. */
export function contentCodings(header: string | undefined): string[] {
  return (header ?? "")
    .split(",")
    .map((coding) => coding.trim().toLowerCase())
    .filter((coding) => coding !== "" && !NO_CODING.test(coding));
}

/** Whether {@link collectBody} can undo these codings. No honest server uses more than two. */
export function canDecode(codings: readonly string[]): boolean {
  return codings.length <= 2 && codings.every((coding) => Object.hasOwn(DECODERS, coding));
}

/** Reads the whole body, decoded, into `collector`, as `intake` lets it in; what either throws ends the download. */
export async function collectBody(
  body: Readable,
  codings: readonly string[],
  collector: Pick<ByteCollector, "add">,
  signal: AbortSignal,
  intake: Pick<BodyIntake, "take"> = { take: async () => {} },
): Promise<void> {
  let decoded: AsyncIterable<Buffer> = body;
  for (const coding of codings.toReversed()) decoded = decode(decoded, DECODERS[coding]);
  const sink = new Writable({
    write(chunk: Buffer, _encoding, done) {
      intake
        .take(chunk.length)
        .then(() => collector.add(chunk))
        .then(() => done(), done);
    },
  });
  await pipeline(decoded, sink, { signal });
}

async function* decode(encoded: AsyncIterable<Buffer>, choose: ChooseDecoder | undefined) {
  const chunks = encoded[Symbol.asyncIterator]();
  let beginning = Buffer.alloc(0);
  for (let next = await chunks.next(); !next.done; next = await chunks.next()) {
    beginning = Buffer.concat([beginning, next.value]);
    if (beginning.length >= 2) break;
  }
  async function* whole(): AsyncGenerator<Buffer> {
    yield beginning;
    yield* { [Symbol.asyncIterator]: () => chunks };
  }
  const decoder = choose?.(beginning);
  // The callback has nothing to do: an error on the way ends the decoder, which is read to its end here.
  yield* decoder ? connect(Readable.from(whole()), decoder, () => {}) : whole();
}

/** RFC 1952, section 2.3.1: the two bytes with which every gzip file begins. */
function gunzipIfPacked(beginning: Buffer): Duplex | undefined {
  return beginning[0] === 0x1f && beginning[1] === 0x8b ? createGunzip() : undefined;
}

/** RFC 1950, section 2.2: the header that "deflate" has by RFC 9110, and that some servers leave out. */
function inflateWithOrWithoutHeader(beginning: Buffer): Duplex {
  const [first = 0, second = 0] = beginning;
  return (first & 0x0f) === 8 && (first * 256 + second) % 31 === 0 ? createInflate() : createInflateRaw();
}
