import { createHmac } from "node:crypto";

/** The account that the emulated Webflow signs its forms for, and the bucket that it opens. Its secret is the start's own. */
export const S3_ACCOUNT = {
  accessKeyId: "AKIAEMULATEDWEBFLOW0",
  region: "us-east-1",
  bucket: "webflow-emulated-assets",
} as const;

/** What opens the bucket for a client that signs for itself. */
export type S3Credentials = typeof S3_ACCOUNT & { readonly secretAccessKey: string };

/**
 * The signature of a POST policy, in hex: the string to sign is the base64 policy itself. `day` is `YYYYMMDD`.
 * Source: AWS, "Authenticating Requests in Browser-Based Uploads Using POST (AWS Signature Version 4)".
 */
export function signPolicy(base64Policy: string, day: string, secretAccessKey: string): string {
  const keyOfDay = hmac(`AWS4${secretAccessKey}`, day);
  const signingKey = hmac(hmac(hmac(keyOfDay, S3_ACCOUNT.region), "s3"), "aws4_request");
  return createHmac("sha256", signingKey).update(base64Policy).digest("hex");
}

function hmac(key: string | Buffer, text: string): Buffer {
  return createHmac("sha256", key).update(text).digest();
}
