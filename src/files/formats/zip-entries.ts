import { unzipSync } from "fflate";

/** Of a header in the central directory, without its name and what may follow (APPNOTE.TXT, section 4.3.12). */
const LEAST_HEADER_BYTES = 46;

/**
 * Unpacks the entries of a ZIP archive whose name is wanted, the first of each name, and at most `mostBytes` of them
 * in all: what is larger is left out. None for a damaged archive.
 */
export function unzipEntries(
  bytes: Buffer,
  isWanted: (name: string) => boolean,
  mostBytes: number,
): Map<string, Buffer> {
  const mostEntries = bytes.length / LEAST_HEADER_BYTES;
  const found = new Set<string>();
  let entries = 0;
  let left = mostBytes;
  try {
    const unzipped = unzipSync(bytes, {
      filter({ name, originalSize }) {
        entries += 1;
        // The number of entries is what the archive claims: it is not believed beyond what its bytes have room for.
        if (entries > mostEntries) throw new RangeError("more entries are claimed than the archive can hold");
        if (originalSize > left || found.has(name) || !isWanted(name)) return false;
        found.add(name);
        left -= originalSize;
        return true;
      },
    });
    return new Map(
      Object.entries(unzipped).map(([name, { buffer, byteOffset, length }]) => [
        name,
        Buffer.from(buffer, byteOffset, length),
      ]),
    );
  } catch {
    return new Map();
  }
}
