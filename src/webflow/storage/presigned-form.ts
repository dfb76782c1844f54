import * as z from "zod";
import { type AllowedHost, isHostAllowed } from "../../core/allowed-hosts.js";
import { AssetError } from "../../core/errors.js";
import { parseJson } from "../../core/parse-json.js";
import type { CreatedAsset } from "../data-api/responses.js";

/** What S3 expects: the form fields under S3's own names, and where to send them. */
export interface PresignedForm {
  readonly url: URL;
  /** In the given order, without `file`. */
  readonly fields: ReadonlyMap<string, string>;
  /** The key that was signed. */
  readonly key: string | undefined;
  /** The media type that the object will be served with. */
  readonly contentType: string | undefined;
  /** When S3 stops accepting the form: milliseconds since the epoch, by this machine's clock. */
  readonly expiresAt: number;
}

/** S3's names for the fields that the webflow-api SDK spells its own way; the others have S3's already. */
const S3_FIELD_NAMES: Readonly<Record<string, string>> = {
  xAmzAlgorithm: "X-Amz-Algorithm",
  xAmzCredential: "X-Amz-Credential",
  xAmzDate: "X-Amz-Date",
  xAmzSecurityToken: "X-Amz-Security-Token",
  xAmzSignature: "X-Amz-Signature",
  policy: "Policy",
  successActionStatus: "success_action_status",
  contentType: "content-type",
  cacheControl: "Cache-Control",
};

/** Webflow signs its forms for an hour. */
const USUAL_LIFETIME_MS = 3_600_000;
const CLOSE_TO_EXPIRY_MS = 30_000;

/**
 * The form for stage 2 from Webflow's answer to stage 1; undefined if the answer has none, as it may for bytes that
 * Webflow knows already, or none that can be used. Null fields are left out: S3 would read them as the text "null".
 */
export function readPresignedForm(created: CreatedAsset, receivedAt = Date.now()): PresignedForm | undefined {
  const { uploadDetails, uploadUrl } = created;
  if (uploadDetails === undefined || uploadUrl === undefined || !URL.canParse(uploadUrl)) return undefined;
  const fields = readFields(uploadDetails);
  if (fields.size === 0) return undefined;
  return {
    url: new URL(uploadUrl),
    fields,
    key: field(fields, "key"),
    contentType: field(fields, "content-type"),
    expiresAt: receivedAt + lifetimeOf(field(fields, "policy"), signingTime(created)),
  };
}

/** When Webflow signed the form, by Webflow's clock and to the second: milliseconds since the epoch. */
export function signingTime({ uploadDetails }: CreatedAsset): number | undefined {
  return readAmzDate(field(readFields(uploadDetails ?? {}), "x-amz-date"));
}

function readFields(uploadDetails: Readonly<Record<string, unknown>>): Map<string, string> {
  const fields = new Map<string, string>();
  for (const [name, value] of Object.entries(uploadDetails)) {
    if (typeof value === "string" || typeof value === "number") {
      fields.set(S3_FIELD_NAMES[name] ?? name, String(value));
    }
  }
  return fields;
}

export function hasExpired(form: PresignedForm): boolean {
  return Date.now() > form.expiresAt - CLOSE_TO_EXPIRY_MS;
}

/**
 * S3's own hosts, by path or by bucket: `s3.amazonaws.com`, `s3.eu-west-1.amazonaws.com`,
 * `bucket.s3-us-west-2.amazonaws.com`, with `accelerate` and `dualstack` in between. Anybody can have other names
 * below amazonaws.com. AWS: "Virtual hosting of buckets".
 */
const S3_HOST =
  /^(?:[a-z0-9][a-z0-9.-]*\.)?s3(?:[.-](?:accelerate|dualstack|fips|external-1|[a-z]{2}(?:-[a-z]+)+-\d)){0,3}\.amazonaws\.com(?:\.cn)?$/;

/**
 * Throws URL_BLOCKED unless files may be sent to the form's URL: https on one of S3's hosts, or a host that
 * `uploadHosts` allows. Whoever answers in Webflow's place must not be able to divert files.
 */
export function assertUploadHost(form: PresignedForm, uploadHosts: readonly AllowedHost[]): void {
  const { url } = form;
  const isAmazon = url.protocol === "https:" && url.port === "" && S3_HOST.test(url.hostname);
  const isWeb = url.protocol === "https:" || url.protocol === "http:";
  const hasCredentials = url.username !== "" || url.password !== "";
  if (!hasCredentials && (isAmazon || (isWeb && isHostAllowed(url, uploadHosts)))) return;
  throw new AssetError(
    "URL_BLOCKED",
    `Webflow asked to send the file to ${url.protocol}//${url.host}, which is not on the list of upload hosts`,
    "if you run this host yourself, add it to WEBFLOW_UPLOAD_HOSTS; otherwise check WEBFLOW_API_BASE_URL",
  );
}

/** S3 ignores the case of field names. */
function field(fields: ReadonlyMap<string, string>, name: string): string | undefined {
  for (const [key, value] of fields) if (key.toLowerCase() === name) return value;
  return undefined;
}

/** `20260730T220613Z` as milliseconds since the epoch. */
function readAmzDate(text: string | undefined): number | undefined {
  const match = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(text ?? "");
  if (!match) return undefined;
  const [, year, month, day, hour, minute, second] = match;
  return Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
}

const policySchema = z.object({ expiration: z.string() });

function lifetimeOf(policy: string | undefined, signedAt: number | undefined): number {
  if (policy === undefined || signedAt === undefined) return USUAL_LIFETIME_MS;
  const parsed = policySchema.safeParse(parseJson(Buffer.from(policy, "base64").toString("utf8")));
  const lifetime = Date.parse(parsed.data?.expiration ?? "") - signedAt;
  return Number.isNaN(lifetime) ? USUAL_LIFETIME_MS : lifetime;
}
