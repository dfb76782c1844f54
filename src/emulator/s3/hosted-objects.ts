import type { Reply, RequestHead } from "../exchange.js";
import type { S3Context } from "./s3-context.js";
import { accessDenied, errorReply, methodNotAllowed, S3Error, s3Headers } from "./s3-errors.js";
import { S3_CREDENTIALS } from "./signature.js";

/** Answers GET and HEAD of `/<bucket>/<key>` and `/cdn/<key>`, and refuses every other request for an object. */
export function serveObject({ method, path }: RequestHead, { database, switches }: S3Context): Reply {
  if (method !== "GET" && method !== "HEAD") return errorReply(methodNotAllowed(method, "OBJECT"));
  const [, root = "", ...rest] = path.split("/");
  if (root !== "" && root !== "cdn" && root !== S3_CREDENTIALS.bucket) {
    const message = "The specified bucket does not exist";
    return errorReply(new S3Error(404, "NoSuchBucket", message, { BucketName: root }));
  }
  const key = rest.join("/");
  const stored = database.object(key) ?? database.object(originalOf(key, switches.variantWidths));
  // Who may not list a bucket is not told whether a key exists.
  if (!stored) return errorReply(accessDenied("Access Denied"));
  return {
    status: 200,
    headers: {
      ...s3Headers(),
      "content-type": stored.contentType,
      "cache-control": stored.cacheControl,
      "last-modified": new Date(stored.storedAtMs).toUTCString(),
      ETag: `"${stored.etag}"`,
    },
    body: stored.bytes,
  };
}

/** A variant is served with the bytes of the original. */
function originalOf(key: string, widths: readonly number[]): string {
  return key.replace(/-p-(\d+)(\.[^./]*)?$/, (suffix, width, extension = "") =>
    widths.includes(Number(width)) ? extension : suffix,
  );
}
