import { createHash } from "node:crypto";
import type { EmulatorSwitches } from "../behaviour/switches.js";
import type { StoredObject } from "../database/records.js";
import { decodePath, type Reply, type RequestHead } from "../http/exchange.js";
import type { EmulatorContext } from "../urls/content-urls.js";
import { accessDenied, errorReply, methodNotAllowed, S3Error, s3Headers } from "./s3-errors.js";
import { S3_ACCOUNT } from "./signature.js";

/** Answers GET and HEAD of `/<bucket>/<key>` and `/cdn/<key>`, and refuses every other request for an object. */
export function createObjectServer(context: EmulatorContext): (head: RequestHead) => Reply {
  const { database, switches } = context;
  /** When the CDN's edge forgets that it missed a key, in milliseconds since the epoch. */
  const missedUntilMs = new Map<string, number>();

  function find(key: string): StoredObject | undefined {
    const original = originalOf(key, switches.variantWidths);
    return database.object(key) ?? database.object(original) ?? database.object(otherFormatOf(key, context));
  }

  function refuseAtEdge(key: string): Reply | undefined {
    const isByApi = database.assetRecords.get(idIn(key))?.madeBy === "api";
    return isByApi && !switches.cdnServesApiUploads ? errorReply(accessDenied("Access Denied")) : undefined;
  }

  function serveFromEdge(key: string): Reply {
    const nowMs = database.now();
    if ((missedUntilMs.get(key) ?? 0) > nowMs) return missedAtEdge(key);
    missedUntilMs.delete(key);
    const refused = refuseAtEdge(key);
    if (refused) return refused;
    const deleted = database.deletedObjects.get(key);
    if (deleted && switches.deletedFiles === 404) return missedAtEdge(key);
    const stored = find(key) ?? (switches.deletedFiles === "served" ? deleted : undefined);
    if (stored && nowMs - stored.storedAtMs >= switches.cdnDelayMs) return objectReply(stored, context);
    if (switches.cdnMissCacheMs > 0) missedUntilMs.set(key, nowMs + switches.cdnMissCacheMs);
    return errorReply(accessDenied("Access Denied"));
  }

  return ({ method, rawPath }) => {
    if (method !== "GET" && method !== "HEAD") return errorReply(methodNotAllowed(method, "OBJECT"));
    const [, root = "", ...rest] = readPath(rawPath, switches.rawPlusInUrls).split("/");
    if (root !== "" && root !== "cdn" && root !== S3_ACCOUNT.bucket) {
      const message = "The specified bucket does not exist";
      return errorReply(new S3Error(404, "NoSuchBucket", message, { BucketName: root }));
    }
    const key = rest.join("/");
    if (root === "cdn") return serveFromEdge(key);
    const stored = find(key);
    // Who may not list a bucket is not told whether a key exists.
    return stored ? objectReply(stored, context) : errorReply(accessDenied("Access Denied"));
  };
}

function objectReply(stored: StoredObject, { switches }: EmulatorContext): Reply {
  return {
    status: 200,
    headers: {
      ...s3Headers(),
      "content-type": stored.contentType,
      "cache-control": stored.cacheControl,
      "last-modified": new Date(stored.storedAtMs).toUTCString(),
      ETag: shownEtag(stored.etag, switches.s3Etags),
    },
    body: stored.bytes,
  };
}

function missedAtEdge(key: string): Reply {
  const reply = errorReply(new S3Error(404, "NoSuchKey", "The specified key does not exist.", { Key: key }));
  return { ...reply, headers: { ...reply.headers, "x-cache": "Error from cloudfront", age: "1" } };
}

/** S3 takes a `+` in a path for a space; a key's own `+` has to come as `%2B`. */
function readPath(rawPath: string, isStrict: boolean): string {
  return decodePath(isStrict ? rawPath.replaceAll("+", " ") : rawPath);
}

/** The original key of a picture that is requested in a compressed format. */
function otherFormatOf(key: string, { database, switches }: EmulatorContext): string {
  if (!switches.compressesImages && switches.servedImages !== "avif") return key;
  if (!/\.(avif|webp)$/.test(key)) return key;
  const asset = database.assetRecords.get(idIn(key));
  const bucket = key.slice(0, key.indexOf("/"));
  return asset?.key ?? `${bucket}/${database.content.cmsFiles.get(idIn(key))?.hostedName}`;
}

/** The id in a key, which is that of an asset or a CMS file. */
function idIn(key: string): string {
  return key.slice(key.indexOf("/") + 1).split("_")[0] ?? "";
}

/** A variant is served with the bytes of the original. */
function originalOf(key: string, widths: readonly number[]): string {
  return key.replace(/-p-(\d+)(\.[^./]*)?$/, (suffix, width, extension = "") =>
    widths.includes(Number(width)) ? extension : suffix,
  );
}

/** The quoted ETag. AWS: objects under SSE-KMS "have ETags that are not an MD5 digest of their object data". */
export function shownEtag(md5: string, how: EmulatorSwitches["s3Etags"]): string {
  if (how === "weak") return `W/"${md5}"`;
  if (how === "kms") return `"${createHash("md5").update(`kms ${md5}`).digest("hex")}"`;
  return `"${md5}"`;
}
