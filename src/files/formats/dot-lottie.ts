import { unzipSync } from "fflate";
import { isRecord, parseJson } from "../../core/parse-json.js";

const MANIFEST = "manifest.json";
const MAX_MANIFEST_BYTES = 1024 * 1024;
/** Of a header in the central directory, without the name and all else that may follow (APPNOTE.TXT, section 4.3.12). */
const LEAST_HEADER_BYTES = 46;

/**
 * Whether a ZIP archive is a dotLottie animation, which file-type does not know; false for a damaged one. Unpacks at most
 * the first manifest, and 1 MiB of it.
 */
export function isDotLottie(bytes: Buffer): boolean {
  return isManifest(parseJson(readManifest(bytes) ?? ""));
}

/** dotLottie 2.0, "Manifest": https://dotlottie.io/spec/2.0/ */
function isManifest(value: unknown): boolean {
  if (!isRecord(value)) return false;
  const { animations } = value;
  return Array.isArray(animations) && animations.length > 0;
}

function readManifest(bytes: Buffer): string | undefined {
  const mostEntries = bytes.length / LEAST_HEADER_BYTES;
  let entries = 0;
  let isFound = false;
  try {
    const unzipped = unzipSync(bytes, {
      filter({ name, originalSize }) {
        entries += 1;
        // The number of entries is what the archive claims: it is not believed beyond what its bytes have room for.
        if (entries > mostEntries) throw new RangeError("more entries are claimed than the archive can hold");
        if (name !== MANIFEST || isFound) return false;
        isFound = true;
        return originalSize <= MAX_MANIFEST_BYTES;
      },
    });
    return new TextDecoder().decode(unzipped[MANIFEST]);
  } catch {
    return undefined;
  }
}
