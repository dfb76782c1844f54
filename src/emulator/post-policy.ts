import { createHmac, timingSafeEqual } from "node:crypto";
import { accessDenied, invalidArgument, S3Error } from "./s3-errors.js";

/** The fake keys that the emulated Webflow signs its forms with. */
export const S3_CREDENTIALS = {
  accessKeyId: "AKIAEMULATEDWEBFLOW0",
  secretAccessKey: "emulated/secret/of/the/embedded/webflow/00",
  region: "us-east-1",
  bucket: "webflow-emulated-assets",
} as const;

const LIFETIME_MS = 3_600_000;
/** 30 MiB: the only size limit in the policies that Webflow signs. */
const LARGEST_OBJECT = 31_457_280;

export interface FormToSign {
  readonly siteId: string;
  readonly key: string;
  readonly contentType: string;
  readonly atMs: number;
  readonly lifetimeMs?: number;
}

/**
 * The fields of an upload form as Webflow gives them, in its order: the conditions and their order are those of a
 * policy seen from Webflow, which `createPresignedPost` of the AWS SDK gives as well.
 */
export function signForm({
  siteId,
  key,
  contentType,
  atMs,
  lifetimeMs = LIFETIME_MS,
}: FormToSign): Record<string, string> {
  const { accessKeyId, region, bucket } = S3_CREDENTIALS;
  const amzDate = basicDate(atMs);
  const credential = `${accessKeyId}/${amzDate.slice(0, 8)}/${region}/s3/aws4_request`;
  const cacheControl = "max-age=31536000";
  const policy = Buffer.from(
    JSON.stringify({
      expiration: new Date(atMs + lifetimeMs).toISOString().replace(/\.\d{3}Z$/, "Z"),
      conditions: [
        ["starts-with", "$key", `${siteId}/`],
        { "cache-control": cacheControl },
        { "Content-Type": contentType },
        { success_action_status: "201" },
        ["starts-with", "$Content-Type", contentType],
        ["content-length-range", 0, LARGEST_OBJECT],
        { acl: "public-read" },
        { bucket },
        { "X-Amz-Algorithm": "AWS4-HMAC-SHA256" },
        { "X-Amz-Credential": credential },
        { "X-Amz-Date": amzDate },
        { key },
      ],
    }),
  ).toString("base64");
  return {
    acl: "public-read",
    bucket,
    "X-Amz-Algorithm": "AWS4-HMAC-SHA256",
    "X-Amz-Credential": credential,
    "X-Amz-Date": amzDate,
    key,
    Policy: policy,
    "X-Amz-Signature": sign(policy, amzDate.slice(0, 8), region),
    success_action_status: "201",
    "content-type": contentType,
    "Cache-Control": cacheControl,
  };
}

/** `YYYYMMDDTHHMMSSZ`. */
function basicDate(atMs: number): string {
  return new Date(atMs).toISOString().replace(/[-:]|\.\d{3}/g, "");
}

/** AWS: "Calculating a signature" for POST policies: the string to sign is the base64 policy itself. */
function sign(policy: string, day: string, region: string): string {
  const keyOfDay = hmac(`AWS4${S3_CREDENTIALS.secretAccessKey}`, day);
  const signingKey = hmac(hmac(hmac(keyOfDay, region), "s3"), "aws4_request");
  return createHmac("sha256", signingKey).update(policy).digest("hex");
}

function hmac(key: string | Buffer, text: string): Buffer {
  return createHmac("sha256", key).update(text).digest();
}

const SIGNATURE_FIELDS = ["X-Amz-Algorithm", "X-Amz-Credential", "X-Amz-Date", "X-Amz-Signature"];

interface Policy {
  readonly expiration: string;
  readonly conditions: readonly unknown[];
}

/**
 * Checks a form as S3 does, in S3's order; `fields` has lower-case names, as S3 ignores their case.
 * Returns the size range of the policy. Throws an {@link S3Error}.
 * Source: AWS, "POST Policy" and "POST Object".
 */
export function checkForm(fields: ReadonlyMap<string, string>, nowMs: number): { min: number; max: number } {
  if (!fields.has("key")) throw invalidArgument("key");
  const hasAnySignature = SIGNATURE_FIELDS.some((name) => fields.has(name.toLowerCase()));
  if (!fields.has("policy") || !hasAnySignature) throw accessDenied("Access Denied");
  checkSignature(fields);
  const policy = readPolicy(fields.get("policy") ?? "");
  const expiration = Date.parse(policy.expiration);
  if (Number.isNaN(expiration)) throw invalidPolicy("Invalid 'expiration' value");
  if (expiration <= nowMs) throw accessDenied("Invalid according to Policy: Policy expired.");
  return checkConditions(policy.conditions, fields);
}

function checkSignature(fields: ReadonlyMap<string, string>): void {
  // S3 names the signature first when several are missing.
  for (const name of ["X-Amz-Signature", ...SIGNATURE_FIELDS]) {
    if (!fields.has(name.toLowerCase())) throw invalidArgument(name);
  }
  const policy = fields.get("policy") ?? "";
  const signature = fields.get("x-amz-signature") ?? "";
  const [accessKeyId, day, region, service, terminator] = (fields.get("x-amz-credential") ?? "").split("/");
  if (fields.get("x-amz-algorithm") !== "AWS4-HMAC-SHA256") {
    throw new S3Error(400, "InvalidArgument", 'X-Amz-Algorithm only supports "AWS4-HMAC-SHA256"');
  }
  if (service !== "s3" || terminator !== "aws4_request" || !/^\d{8}$/.test(day ?? "")) {
    throw new S3Error(400, "InvalidArgument", "Error parsing the X-Amz-Credential parameter");
  }
  if (accessKeyId !== S3_CREDENTIALS.accessKeyId) {
    throw new S3Error(
      403,
      "InvalidAccessKeyId",
      "The AWS Access Key Id you provided does not exist in our records.",
      {
        AWSAccessKeyId: accessKeyId ?? "",
      },
    );
  }
  if (region !== S3_CREDENTIALS.region) {
    throw new S3Error(
      400,
      "AuthorizationQueryParametersError",
      `Error parsing the X-Amz-Credential parameter; the region '${region}' is wrong; expecting '${S3_CREDENTIALS.region}'`,
      { Region: S3_CREDENTIALS.region },
    );
  }
  if (!/^\d{8}T\d{6}Z$/.test(fields.get("x-amz-date") ?? "")) {
    throw new S3Error(403, "AccessDenied", "Invalid X-Amz-Date");
  }
  const expected = Buffer.from(sign(policy, day ?? "", region));
  const given = Buffer.from(signature);
  if (given.length !== expected.length || !timingSafeEqual(given, expected)) {
    throw new S3Error(
      403,
      "SignatureDoesNotMatch",
      "The request signature we calculated does not match the signature you provided. Check your key and signing method.",
      {
        AWSAccessKeyId: accessKeyId,
        StringToSign: policy,
        SignatureProvided: signature,
        StringToSignBytes: [...Buffer.from(policy)]
          .map((byte) => byte.toString(16).padStart(2, "0"))
          .join(" "),
      },
    );
  }
}

function readPolicy(base64: string): Policy {
  try {
    const policy: unknown = JSON.parse(Buffer.from(base64, "base64").toString("utf8"));
    if (isPolicy(policy)) return policy;
  } catch {
    throw invalidPolicy("Invalid Policy: Invalid JSON.");
  }
  throw invalidPolicy("Invalid Policy: Policy must have 'expiration' and 'conditions'.");
}

function isPolicy(value: unknown): value is Policy {
  if (typeof value !== "object" || value === null) return false;
  return (
    "expiration" in value &&
    typeof value.expiration === "string" &&
    "conditions" in value &&
    Array.isArray(value.conditions)
  );
}

function checkConditions(
  conditions: readonly unknown[],
  fields: ReadonlyMap<string, string>,
): { min: number; max: number } {
  const named = new Set(["x-amz-signature", "file", "policy"]);
  let range = { min: 0, max: 5 * 1024 ** 3 };
  for (const condition of conditions) {
    if (Array.isArray(condition) && String(condition[0]).toLowerCase() === "content-length-range") {
      range = { min: Number(condition[1]), max: Number(condition[2]) };
      continue;
    }
    for (const [operator, name, value] of matchers(condition)) {
      named.add(name);
      const actual =
        name === "bucket" ? (fields.get(name) ?? S3_CREDENTIALS.bucket) : (fields.get(name) ?? "");
      const holds = operator === "eq" ? actual === value : actual.startsWith(value);
      if (!holds) throw conditionFailed(operator, name, value);
    }
  }
  const extra = [...fields.keys()].filter((name) => !named.has(name) && !name.startsWith("x-ignore-"));
  if (extra.length > 0)
    throw accessDenied(`Invalid according to Policy: Extra input fields: ${extra.join(", ")}`);
  return range;
}

type Matcher = readonly ["eq" | "starts-with", string, string];

function matchers(condition: unknown): Matcher[] {
  if (Array.isArray(condition)) {
    const [operator, name, value] = condition;
    const lower = String(operator).toLowerCase();
    if ((lower !== "eq" && lower !== "starts-with") || !String(name).startsWith("$")) {
      throw invalidPolicy(`Invalid Policy: Invalid Condition: ${JSON.stringify(condition)}`);
    }
    return [[lower, String(name).slice(1).toLowerCase(), String(value)]];
  }
  if (typeof condition !== "object" || condition === null)
    throw invalidPolicy("Invalid Policy: Invalid Condition.");
  return Object.entries(condition).map(([name, value]) => ["eq", name.toLowerCase(), String(value)]);
}

function conditionFailed(operator: string, name: string, value: string): S3Error {
  return accessDenied(
    `Invalid according to Policy: Policy Condition failed: ["${operator}", "$${name}", "${value}"]`,
  );
}

function invalidPolicy(message: string): S3Error {
  return new S3Error(400, "InvalidPolicyDocument", message);
}
