import { createHash } from "node:crypto";
import type { Fault } from "../behaviour/faults.js";
import type { StoredObject } from "../database/records.js";
import type { PendingRequest, Reply, RequestHead } from "../http/exchange.js";
import type { EmulatorContext } from "../urls/content-urls.js";
import { encodeKey } from "../urls/object-urls.js";
import type { FormFile } from "./form-parts.js";
import { checkPolicy, type SizeRange } from "./form-policy.js";
import { checkSignature } from "./form-signature.js";
import { shownEtag } from "./hosted-objects.js";
import { createMultipartReader, type MultipartReader } from "./multipart-form.js";
import {
  errorReply,
  escapeXml,
  invalidArgument,
  methodNotAllowed,
  missingField,
  S3Error,
  s3Headers,
} from "./s3-errors.js";
import { S3_ACCOUNT } from "./signature.js";

/** In a key it stands for the name of the file part. */
const FILE_NAME_VARIABLE = "$" + "{filename}";
const MEBIBYTE = 1024 * 1024;
const MOST_KEPT_BYTES = 64 * MEBIBYTE;
const IMAGE_LIMIT = 4 * MEBIBYTE;
const DOCUMENT_LIMIT = 10 * MEBIBYTE;

/** With the secret of the account that forms are signed for. */
type S3Context = EmulatorContext & { readonly secretAccessKey: string };

/** A form upload, checked in S3's order: request, form, signature, policy, file (AWS, "POST Object"). */
export function receiveUpload(head: RequestHead, context: S3Context): PendingRequest {
  const refusal = refuseRequest(head);
  const reader = createMultipartReader(head.headers["content-type"] ?? "", MOST_KEPT_BYTES);
  return {
    take: (piece) => {
      if (!refusal) reader.take(piece);
    },
    answer: (fault) => {
      if (refusal) return errorReply(refusal);
      try {
        return store(reader, fault, context);
      } catch (error) {
        if (error instanceof S3Error) return errorReply(error);
        throw error;
      }
    },
  };
}

function refuseRequest({ path, headers }: RequestHead): S3Error | undefined {
  if (path !== "/") return methodNotAllowed("POST", "OBJECT");
  if (headers["content-length"] === undefined) {
    return new S3Error(411, "MissingContentLength", "You must provide the Content-Length HTTP header.");
  }
  if (headers.authorization !== undefined) {
    return invalidArgument("Unsupported Authorization Type", { ArgumentName: "Authorization" });
  }
  if (!/^multipart\/form-data\s*(;|$)/i.test(headers["content-type"] ?? "")) {
    const message = "At least one of the pre-conditions you specified did not hold";
    const Condition = "Bucket POST must be of the enclosure-type multipart/form-data";
    return new S3Error(412, "PreconditionFailed", message, { Condition });
  }
  return undefined;
}

function store(reader: MultipartReader, fault: Fault | undefined, context: S3Context): Reply {
  const { database, switches } = context;
  const form = reader.end();
  if (!form.file) {
    throw invalidArgument("POST requires exactly one file upload per request.", {
      ArgumentName: "file",
      ArgumentValue: "0",
    });
  }
  const fields = withFileName(form.fields, form.file.name);
  const key = fields.get("key");
  if (key === undefined) throw missingField("key");
  checkSignature(fields, context.secretAccessKey);
  checkFile(form.file, checkPolicy(fields, database.now()), fields.get("content-md5"));

  const bytes = fault?.kind === "corrupted" ? corrupt(form.file.bytes) : form.file.bytes;
  const contentType = fields.get("content-type") ?? "binary/octet-stream";
  const stored = database.putObject(key, bytes, contentType, fields.get("cache-control"));
  if (switches.enforcesSizes && isAboveWebflowsLimit(stored)) database.objects.delete(key);
  return storedReply(key, stored.etag, fields.get("success_action_status"), fault, context);
}

/** AWS: "Variables in the form are expanded before the POST policy is validated." */
function withFileName(fields: ReadonlyMap<string, string>, fileName: string): ReadonlyMap<string, string> {
  const key = fields.get("key");
  if (key === undefined) return fields;
  return new Map(fields).set(
    "key",
    key.replaceAll(FILE_NAME_VARIABLE, () => fileName),
  );
}

function checkFile({ bytes, size }: FormFile, { min, max }: SizeRange, contentMd5: string | undefined): void {
  const limit = Math.min(max, MOST_KEPT_BYTES);
  if (size > limit) {
    throw new S3Error(400, "EntityTooLarge", "Your proposed upload exceeds the maximum allowed size", {
      ProposedSize: String(size),
      MaxSizeAllowed: String(limit),
    });
  }
  if (size < min) {
    throw new S3Error(
      400,
      "EntityTooSmall",
      "Your proposed upload is smaller than the minimum allowed size",
      {
        ProposedSize: String(size),
        MinSizeAllowed: String(min),
      },
    );
  }
  if (contentMd5 === undefined) return;
  if (Buffer.from(contentMd5, "base64").length !== 16) {
    throw new S3Error(400, "InvalidDigest", "The Content-MD5 you specified was invalid.", {
      "Content-MD5": contentMd5,
    });
  }
  const actual = createHash("md5").update(bytes).digest("base64");
  if (actual !== contentMd5) {
    throw new S3Error(400, "BadDigest", "The Content-MD5 you specified did not match what we received.", {
      ExpectedDigest: contentMd5,
      CalculatedDigest: actual,
    });
  }
}

function isAboveWebflowsLimit({ size, contentType }: StoredObject): boolean {
  return size > (contentType.startsWith("image/") ? IMAGE_LIMIT : DOCUMENT_LIMIT);
}

/** Different bytes of the same length; one byte where there was none. */
function corrupt(bytes: Buffer): Buffer {
  const [first = 0] = bytes;
  return Buffer.concat([Buffer.from([first ^ 0xff]), bytes.subarray(1)]);
}

function storedReply(
  key: string,
  storedEtag: string,
  status: string | undefined,
  fault: Fault | undefined,
  { switches, urls }: S3Context,
): Reply {
  const shownKey = fault?.kind === "wrong-key" ? `${key}.other` : key;
  const etag = shownEtag(fault?.kind === "wrong-etag" ? "0".repeat(32) : storedEtag, switches.s3Etags);
  if (fault?.kind === "s3-success") {
    const headers = fault.etag ? { ...s3Headers(), ETag: etag } : s3Headers();
    return { status: fault.status, headers, body: "" };
  }
  const encode = switches.encodesSlashInLocation ? encodeURIComponent : encodeKey;
  const location = urls.onS3("") + encode(shownKey);
  const headers = { ...s3Headers(), Location: location, ETag: etag };
  // AWS: without success_action_status, or with an invalid one, S3 answers 204 without a document.
  if (status !== "201") return { status: status === "200" ? 200 : 204, headers, body: "" };
  const body =
    '<?xml version="1.0" encoding="UTF-8"?>\n' +
    `<PostResponse><Location>${escapeXml(location)}</Location><Bucket>${S3_ACCOUNT.bucket}</Bucket>` +
    `<Key>${escapeXml(shownKey)}</Key><ETag>${etag}</ETag></PostResponse>`;
  return { status: 201, headers: { ...headers, "content-type": "application/xml" }, body };
}
