import { isRecord, parseJson } from "../../core/parse-json.js";
import { unzipEntries } from "./zip-entries.js";

const MANIFEST = "manifest.json";
const MAX_MANIFEST_BYTES = 1024 * 1024;

/**
 * Whether a ZIP archive is a dotLottie animation, which file-type does not know; false for a damaged one. Unpacks the
 * first manifest at most, and 1 MiB of it.
 */
export function isDotLottie(bytes: Buffer): boolean {
  const manifest = unzipEntries(bytes, (name) => name === MANIFEST, MAX_MANIFEST_BYTES).get(MANIFEST);
  return isManifest(parseJson(new TextDecoder().decode(manifest)));
}

/** dotLottie 2.0, "Manifest": https://dotlottie.io/spec/2.0/ */
function isManifest(value: unknown): boolean {
  if (!isRecord(value)) return false;
  const { animations } = value;
  return Array.isArray(animations) && animations.length > 0;
}
