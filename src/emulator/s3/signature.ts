import { createHmac } from "node:crypto";

/** The fake keys that the emulated Webflow signs its forms with, and the bucket that they open. */
export const S3_CREDENTIALS = {
  accessKeyId: "AKIAEMULATEDWEBFLOW0",
  secretAccessKey: "emulated/secret/of/the/embedded/webflow/00",
  region: "us-east-1",
  bucket: "webflow-emulated-assets",
} as const;

/**
 * The signature of a POST policy, in hex: the string to sign is the base64 policy itself. `day` is `YYYYMMDD`.
 * Source: AWS, "Authenticating Requests in Browser-Based Uploads Using POST (AWS Signature Version 4)".
 */
export function signPolicy(base64Policy: string, day: string): string {
  const keyOfDay = hmac(`AWS4${S3_CREDENTIALS.secretAccessKey}`, day);
  const signingKey = hmac(hmac(hmac(keyOfDay, S3_CREDENTIALS.region), "s3"), "aws4_request");
  return createHmac("sha256", signingKey).update(base64Policy).digest("hex");
}

function hmac(key: string | Buffer, text: string): Buffer {
  return createHmac("sha256", key).update(text).digest();
}
