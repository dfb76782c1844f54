import { createHash } from "node:crypto";
import type { EmulatorSwitches } from "../behaviour/switches.js";

/**
 * The ETag of an object as it is sent, with its quotes. AWS: "Objects ... encrypted by SSE-KMS have ETags that are not
 * an MD5 digest of their object data"; they look like one.
 */
export function shownEtag(md5: string, how: EmulatorSwitches["s3Etags"]): string {
  if (how === "weak") return `W/"${md5}"`;
  if (how === "kms") return `"${createHash("md5").update(`kms ${md5}`).digest("hex")}"`;
  return `"${md5}"`;
}
