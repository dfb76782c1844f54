import { S3_ACCOUNT, signPolicy } from "./signature.js";

/** 30 MiB: the only size limit in the policies that Webflow signs. */
const LARGEST_OBJECT = 31_457_280;
const CACHE_CONTROL = "max-age=31536000";
const ALGORITHM = "AWS4-HMAC-SHA256";

export interface FormToSign {
  readonly siteId: string;
  readonly key: string;
  readonly contentType: string;
  /** Milliseconds since the epoch. */
  readonly atMs: number;
  /** Milliseconds until the policy expires. */
  readonly lifetimeMs: number;
  readonly secretAccessKey: string;
}

/** The fields of an upload form, in the order of Webflow's and of the AWS SDK's `createPresignedPost`. */
export function signForm(form: FormToSign): Record<string, string> {
  const { siteId, key, contentType, atMs, lifetimeMs, secretAccessKey } = form;
  const { accessKeyId, region, bucket } = S3_ACCOUNT;
  const amzDate = basicDate(atMs);
  const day = amzDate.slice(0, 8);
  const credential = `${accessKeyId}/${day}/${region}/s3/aws4_request`;
  const policy = base64Json({
    expiration: new Date(atMs + lifetimeMs).toISOString().replace(/\.\d{3}Z$/, "Z"),
    conditions: [
      ["starts-with", "$key", `${siteId}/`],
      { "cache-control": CACHE_CONTROL },
      { "Content-Type": contentType },
      { success_action_status: "201" },
      ["starts-with", "$Content-Type", contentType],
      ["content-length-range", 0, LARGEST_OBJECT],
      { acl: "public-read" },
      { bucket },
      { "X-Amz-Algorithm": ALGORITHM },
      { "X-Amz-Credential": credential },
      { "X-Amz-Date": amzDate },
      { key },
    ],
  });
  return {
    acl: "public-read",
    bucket,
    "X-Amz-Algorithm": ALGORITHM,
    "X-Amz-Credential": credential,
    "X-Amz-Date": amzDate,
    key,
    Policy: policy,
    "X-Amz-Signature": signPolicy(policy, day, secretAccessKey),
    success_action_status: "201",
    "content-type": contentType,
    "Cache-Control": CACHE_CONTROL,
  };
}

/** `YYYYMMDDTHHMMSSZ`. */
function basicDate(atMs: number): string {
  return new Date(atMs).toISOString().replace(/[-:]|\.\d{3}/g, "");
}

function base64Json(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString("base64");
}
