import { createHash } from "node:crypto";
import { AssetError } from "../errors.js";

/** Gathers the bytes of one source and hashes them as they come. */
export interface ByteCollector {
  add(chunk: Uint8Array): void;
  /** How many bytes have arrived so far. */
  length(): number;
  /** The bytes so far and their MD5 in hex. Call it once, at the end. */
  finish(): { bytes: Buffer; md5: string };
}

/** For a source that does not announce its size, in bytes. */
const FIRST_BYTES = 64 * 1024;

/**
 * A collector that throws FILE_TOO_LARGE on the first byte over `maxBytes`. `expectedBytes`, the announced size, saves
 * copies and is not trusted. What is reserved doubles with what has come: V8 counts all of it as garbage to come.
 */
export function createByteCollector(
  origin: string,
  maxBytes: number,
  expectedBytes = FIRST_BYTES,
): ByteCollector {
  const hash = createHash("md5");
  let buffer: Buffer = Buffer.allocUnsafeSlow(Math.min(expectedBytes, maxBytes));
  let length = 0;

  return {
    length: () => length,
    add(chunk) {
      if (length + chunk.length > maxBytes) throw tooLarge(origin, maxBytes);
      const needed = length + chunk.length;
      if (needed > buffer.length)
        buffer = copied(buffer, Math.min(maxBytes, Math.max(needed, 2 * buffer.length)));
      buffer.set(chunk, length);
      hash.update(chunk);
      length += chunk.length;
    },
    finish() {
      const bytes = buffer.subarray(0, length);
      return { bytes: length * 2 < buffer.length ? copied(bytes, length) : bytes, md5: hash.digest("hex") };
    },
  };
}

export function tooLarge(origin: string, maxBytes: number): AssetError {
  return new AssetError(
    "FILE_TOO_LARGE",
    `${origin} has more than ${maxBytes} bytes`,
    "set optimize: true for a photo of up to 40 MiB, or send a smaller file: Webflow takes images up to 4 MB and " +
      "documents up to 10 MB",
  );
}

function copied(bytes: Buffer, size: number): Buffer {
  const copy = Buffer.allocUnsafeSlow(size);
  copy.set(bytes);
  return copy;
}
