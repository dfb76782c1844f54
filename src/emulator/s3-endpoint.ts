import { createHash } from "node:crypto";
import { encodeKey } from "./asset-endpoints.js";
import type { EmulatedRequest, Reply } from "./exchange.js";
import type { Fault } from "./faults.js";
import type { Library, StoredObject } from "./library.js";
import { type MultipartForm, readMultipartForm } from "./multipart-form.js";
import { checkForm, S3_CREDENTIALS } from "./post-policy.js";
import { accessDenied, errorReply, escapeXml, S3Error, s3Headers } from "./s3-errors.js";
import type { EmulatorSwitches } from "./switches.js";

/** The bucket: takes form uploads at its root, and serves what it holds. */
export interface S3Endpoint {
  post(request: EmulatedRequest, fault: Fault | undefined): Reply;
  get(key: string, method: string): Reply;
}

interface S3Context {
  readonly library: Library;
  readonly switches: EmulatorSwitches;
  readonly origin: () => string;
}

/** In a key it stands for the name of the file part. */
const FILE_NAME_VARIABLE = "$" + "{filename}";
const IMAGE_LIMIT = 4 * 1024 * 1024;
const DOCUMENT_LIMIT = 10 * 1024 * 1024;

export function createS3Endpoint({ library, switches, origin }: S3Context): S3Endpoint {
  function store(request: EmulatedRequest, fault: Fault | undefined): Reply {
    const form = readForm(request);
    const { fields, file } = form;
    const range = checkForm(fields, library.now());
    const bytes = checkedFile(file, range, fields.get("content-md5"));
    const key = (fields.get("key") ?? "").replaceAll(FILE_NAME_VARIABLE, file?.name ?? "");
    const contentType = fields.get("content-type") ?? "binary/octet-stream";
    const kept = fault?.kind === "corrupted" ? Buffer.concat([bytes.subarray(1), Buffer.from([0])]) : bytes;
    const stored = library.putObject(key, kept, contentType, fields.get("cache-control"));
    if (
      switches.enforcesSizes &&
      bytes.length > (contentType.startsWith("image/") ? IMAGE_LIMIT : DOCUMENT_LIMIT)
    ) {
      library.objects.delete(key);
    }
    return storedReply(key, stored, fields.get("success_action_status"), fault);
  }

  function storedReply(
    key: string,
    stored: StoredObject,
    asked: string | undefined,
    fault: Fault | undefined,
  ): Reply {
    const shownKey = fault?.kind === "wrong-key" ? `${key}.other` : key;
    const etag = fault?.kind === "wrong-etag" ? "0".repeat(32) : stored.etag;
    const encoded = switches.encodesSlashInLocation ? encodeURIComponent(shownKey) : encodeKey(shownKey);
    const location = `${origin()}/${S3_CREDENTIALS.bucket}/${encoded}`;
    if (fault?.kind === "s3-success") {
      return {
        status: fault.status,
        headers: { ...s3Headers(), ...(fault.etag && { ETag: `"${etag}"` }) },
        body: "",
      };
    }
    const headers = { ...s3Headers(), Location: location, ETag: `"${etag}"` };
    if (asked !== "201") return { status: asked === "200" ? 200 : 204, headers, body: "" };
    const body =
      '<?xml version="1.0" encoding="UTF-8"?>\n' +
      `<PostResponse><Location>${escapeXml(location)}</Location><Bucket>${S3_CREDENTIALS.bucket}</Bucket>` +
      `<Key>${escapeXml(shownKey)}</Key><ETag>"${etag}"</ETag></PostResponse>`;
    return { status: 201, headers: { ...headers, "content-type": "application/xml" }, body };
  }

  return {
    post(request, fault) {
      try {
        return store(request, fault);
      } catch (error) {
        if (error instanceof S3Error) return errorReply(error);
        throw error;
      }
    },

    get(key, method) {
      const stored = library.object(key) ?? library.object(key.replace(/-p-\d+(\.[^.]+)$/, "$1"));
      if (!stored) return errorReply(accessDenied("Access Denied"));
      return {
        status: 200,
        headers: {
          ...s3Headers(),
          "content-type": stored.contentType,
          "content-length": String(stored.bytes.length),
          ETag: `"${stored.etag}"`,
          ...(stored.cacheControl !== undefined && { "cache-control": stored.cacheControl }),
        },
        body: method === "HEAD" ? "" : stored.bytes,
      };
    },
  };
}

function readForm({ headers, path, body }: EmulatedRequest): MultipartForm {
  if (path !== "/") {
    throw new S3Error(405, "MethodNotAllowed", "The specified method is not allowed against this resource.", {
      Method: "POST",
      ResourceType: "OBJECT",
    });
  }
  if (headers["content-length"] === undefined) {
    throw new S3Error(411, "MissingContentLength", "You must provide the Content-Length HTTP header.");
  }
  if (headers.authorization !== undefined) {
    throw new S3Error(400, "InvalidArgument", "Unsupported Authorization Type", {
      ArgumentName: "Authorization",
      ArgumentValue: "[hidden]",
    });
  }
  const contentType = headers["content-type"] ?? "";
  if (!/^multipart\/form-data\b/i.test(contentType)) {
    throw new S3Error(
      412,
      "PreconditionFailed",
      "At least one of the pre-conditions you specified did not hold",
      {
        Condition: "Bucket POST must be of the enclosure-type multipart/form-data",
      },
    );
  }
  return readMultipartForm(body, contentType);
}

function checkedFile(
  file: MultipartForm["file"],
  { min, max }: { min: number; max: number },
  contentMd5: string | undefined,
): Buffer {
  if (!file) {
    throw new S3Error(400, "InvalidArgument", "POST requires exactly one file upload per request.", {
      ArgumentName: "file",
      ArgumentValue: "0",
    });
  }
  const size = file.bytes.length;
  if (size > max) {
    throw new S3Error(400, "EntityTooLarge", "Your proposed upload exceeds the maximum allowed size", {
      ProposedSize: String(size),
      MaxSizeAllowed: String(max),
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
  if (contentMd5 !== undefined && createHash("md5").update(file.bytes).digest("base64") !== contentMd5) {
    throw new S3Error(400, "BadDigest", "The Content-MD5 you specified did not match what we received.");
  }
  return file.bytes;
}
