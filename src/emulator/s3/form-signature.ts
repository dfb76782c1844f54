import { timingSafeEqual } from "node:crypto";
import { accessDenied, invalidArgument, missingField, S3Error } from "./s3-errors.js";
import { S3_ACCOUNT, signPolicy } from "./signature.js";

// S3 names the signature first when several fields are missing.
const SIGNATURE_FIELDS = ["X-Amz-Signature", "X-Amz-Algorithm", "X-Amz-Credential", "X-Amz-Date"];

/**
 * Checks who signed a form, and that its policy is the one that was signed. `fields` has lower-case names.
 * Throws an {@link S3Error}. Source: AWS, "Browser-Based Uploads Using POST (AWS Signature Version 4)".
 */
export function checkSignature(fields: ReadonlyMap<string, string>, secretAccessKey: string): void {
  const isSigned = SIGNATURE_FIELDS.some((name) => fields.has(name.toLowerCase()));
  if (!fields.has("policy") || !isSigned) throw accessDenied("Access Denied");
  for (const name of SIGNATURE_FIELDS) {
    if (!fields.has(name.toLowerCase())) throw missingField(name);
  }
  if (fields.get("x-amz-algorithm") !== "AWS4-HMAC-SHA256") {
    throw invalidArgument('X-Amz-Algorithm only supports "AWS4-HMAC-SHA256"', {});
  }
  const day = checkCredential(fields.get("x-amz-credential") ?? "", fields.get("x-amz-date") ?? "");
  const policy = fields.get("policy") ?? "";
  const signature = fields.get("x-amz-signature") ?? "";
  if (!isEqual(signature, signPolicy(policy, day, secretAccessKey)))
    throw signatureDoesNotMatch(policy, signature);
}

/** The day of a credential `KEY/day/region/s3/aws4_request` that opens the bucket on the day of `amzDate`. */
function checkCredential(credential: string, amzDate: string): string {
  const [accessKeyId = "", day = "", region, service, terminator, ...rest] = credential.split("/");
  if (service !== "s3" || terminator !== "aws4_request" || !/^\d{8}$/.test(day) || rest.length > 0) {
    throw invalidArgument("Error parsing the X-Amz-Credential parameter", {
      ArgumentName: "X-Amz-Credential",
    });
  }
  if (accessKeyId !== S3_ACCOUNT.accessKeyId) {
    const message = "The AWS Access Key Id you provided does not exist in our records.";
    throw new S3Error(403, "InvalidAccessKeyId", message, { AWSAccessKeyId: accessKeyId });
  }
  if (region !== S3_ACCOUNT.region) {
    const message = `Error parsing the X-Amz-Credential parameter; the region '${region}' is wrong; expecting '${S3_ACCOUNT.region}'`;
    throw new S3Error(400, "AuthorizationQueryParametersError", message, { Region: S3_ACCOUNT.region });
  }
  if (!/^\d{8}T\d{6}Z$/.test(amzDate)) throw accessDenied("Invalid X-Amz-Date");
  if (!amzDate.startsWith(day)) {
    throw invalidArgument("The date of X-Amz-Credential is not that of X-Amz-Date", {
      ArgumentName: "X-Amz-Credential",
    });
  }
  return day;
}

function isEqual(given: string, expected: string): boolean {
  const left = Buffer.from(given);
  const right = Buffer.from(expected);
  return left.length === right.length && timingSafeEqual(left, right);
}

function signatureDoesNotMatch(policy: string, signature: string): S3Error {
  const message =
    "The request signature we calculated does not match the signature you provided. Check your key and signing method.";
  return new S3Error(403, "SignatureDoesNotMatch", message, {
    AWSAccessKeyId: S3_ACCOUNT.accessKeyId,
    StringToSign: policy,
    SignatureProvided: signature,
    StringToSignBytes: Buffer.from(policy)
      .toString("hex")
      .replace(/..(?=.)/g, "$& "),
  });
}
