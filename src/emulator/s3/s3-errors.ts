import { randomBytes } from "node:crypto";
import type { Reply } from "../http/exchange.js";

/** An error as S3 answers it: a status, and XML with a code, a message and details of the case. */
export class S3Error extends Error {
  readonly status: number;
  readonly code: string;
  readonly details: Readonly<Record<string, string>>;

  constructor(status: number, code: string, message: string, details: Readonly<Record<string, string>> = {}) {
    super(message);
    this.status = status;
    this.code = code;
    this.details = details;
  }
}

export function accessDenied(message: string): S3Error {
  return new S3Error(403, "AccessDenied", message);
}

export function invalidArgument(message: string, details: Readonly<Record<string, string>>): S3Error {
  return new S3Error(400, "InvalidArgument", message, details);
}

export function malformedForm(): S3Error {
  const message = "The body of your POST request is not well-formed multipart/form-data.";
  return new S3Error(400, "MalformedPOSTRequest", message);
}

/** What S3 says of a field that the form lacks. The two spaces are S3's. */
export function missingField(field: string): S3Error {
  const message = `Bucket POST must contain a field named '${field}'.  If it is specified, please check the order of the fields.`;
  return invalidArgument(message, { ArgumentName: field, ArgumentValue: "" });
}

export function methodNotAllowed(method: string, resourceType: "OBJECT" | "SERVICE"): S3Error {
  const message = "The specified method is not allowed against this resource.";
  return new S3Error(405, "MethodNotAllowed", message, { Method: method, ResourceType: resourceType });
}

/** What S3 answers when its own service fails; 503 is its way to slow clients down. */
export function storageFailed(status: number): S3Error {
  if (status === 503) return new S3Error(503, "SlowDown", "Please reduce your request rate.");
  return new S3Error(status, "InternalError", "We encountered an internal error. Please try again.");
}

/** The error as S3's XML, and the headers that every answer of S3 has. */
export function errorReply(error: S3Error): Reply {
  const headers = s3Headers();
  const elements = {
    Code: error.code,
    Message: error.message,
    ...error.details,
    RequestId: headers["x-amz-request-id"],
    HostId: headers["x-amz-id-2"],
  };
  const xml = Object.entries(elements).map(([name, value]) => `<${name}>${escapeXml(value)}</${name}>`);
  return {
    status: error.status,
    headers: { ...headers, "content-type": "application/xml" },
    body: `<?xml version="1.0" encoding="UTF-8"?>\n<Error>${xml.join("")}</Error>`,
  };
}

export function s3Headers() {
  return {
    server: "AmazonS3",
    "x-amz-request-id": randomBytes(8).toString("hex").toUpperCase(),
    "x-amz-id-2": randomBytes(24).toString("base64"),
  };
}

export function escapeXml(text: string): string {
  return text.replace(/[<>&"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
