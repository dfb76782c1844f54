import { parseJson } from "../http/parse-json.js";
import { accessDenied, S3Error } from "./s3-errors.js";
import { S3_ACCOUNT } from "./signature.js";

/** How many bytes the file may have, both ends inclusive. */
export interface SizeRange {
  readonly min: number;
  readonly max: number;
}

interface Policy {
  readonly expiration: string;
  readonly conditions: readonly unknown[];
}

interface Match {
  readonly operator: "eq" | "starts-with";
  /** As the policy writes it. */
  readonly name: string;
  /** The name of the field that it is about, in lower case. */
  readonly field: string;
  readonly value: string;
}

/** AWS: what one PUT or POST may store, whatever the policy says. */
const LARGEST_OBJECT = 5 * 1024 ** 3;

/**
 * Checks that the policy has not expired, that all its conditions hold, and that it names every field (in lower case,
 * variables replaced). Throws an {@link S3Error}. Source: AWS, "Creating a POST Policy".
 */
export function checkPolicy(fields: ReadonlyMap<string, string>, nowMs: number): SizeRange {
  const { expiration, conditions } = readPolicy(fields.get("policy") ?? "");
  if (!(Date.parse(expiration) > nowMs)) throw accessDenied("Invalid according to Policy: Policy expired.");
  const matches = conditions.filter((condition) => !isSizeRange(condition)).flatMap(readMatches);
  for (const match of matches) {
    if (!holds(match, fields)) throw conditionFailed(match);
  }
  refuseExtraFields(fields, new Set(matches.map(({ field }) => field)));
  return readSizeRange(conditions.find(isSizeRange));
}

function readPolicy(base64: string): Policy {
  const policy = parseJson(Buffer.from(base64, "base64").toString("utf8"));
  if (typeof policy !== "object" || policy === null) throw invalidPolicy("Invalid JSON.");
  if (!("expiration" in policy) || typeof policy.expiration !== "string")
    throw invalidPolicy("Policy missing expiration.");
  if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/.test(policy.expiration))
    throw invalidPolicy(`Invalid 'expiration' value: '${policy.expiration}'`);
  if (!("conditions" in policy) || !Array.isArray(policy.conditions))
    throw invalidPolicy("Policy missing conditions.");
  return { expiration: policy.expiration, conditions: policy.conditions };
}

/** `{name: value}`, `["eq", "$name", value]` or `["starts-with", "$name", value]`. */
function readMatches(condition: unknown): Match[] {
  if (Array.isArray(condition)) {
    const [operator, name, value] = condition.map(String);
    const match = operator?.toLowerCase();
    if ((match !== "eq" && match !== "starts-with") || !name?.startsWith("$") || value === undefined) {
      throw invalidPolicy(`Invalid Condition: ${JSON.stringify(condition)}`);
    }
    return [matchOf(match, name.slice(1), value)];
  }
  if (typeof condition !== "object" || condition === null) throw invalidPolicy("Invalid Condition.");
  return Object.entries(condition).map(([name, value]) => matchOf("eq", name, String(value)));
}

function matchOf(operator: Match["operator"], name: string, value: string): Match {
  return { operator, name, field: name.toLowerCase(), value };
}

function holds({ operator, field, value }: Match, fields: ReadonlyMap<string, string>): boolean {
  // The bucket is that of the URL; a form need not name it.
  const actual = fields.get(field) ?? (field === "bucket" ? S3_ACCOUNT.bucket : "");
  return operator === "eq" ? actual === value : actual.startsWith(value);
}

function refuseExtraFields(fields: ReadonlyMap<string, string>, named: ReadonlySet<string>): void {
  const free = new Set(["x-amz-signature", "file", "policy"]);
  const extra = [...fields.keys()].filter(
    (name) => !named.has(name) && !free.has(name) && !name.startsWith("x-ignore-"),
  );
  if (extra.length === 0) return;
  throw accessDenied(`Invalid according to Policy: Extra input fields: ${extra.join(", ")}`);
}

function isSizeRange(condition: unknown): condition is unknown[] {
  return Array.isArray(condition) && String(condition[0]).toLowerCase() === "content-length-range";
}

function readSizeRange(condition: readonly unknown[] | undefined): SizeRange {
  if (!condition) return { min: 0, max: LARGEST_OBJECT };
  const [min, max] = [Number(condition[1]), Number(condition[2])];
  if (Number.isNaN(min) || Number.isNaN(max))
    throw invalidPolicy(`Invalid content-length-range: ${JSON.stringify(condition)}`);
  return { min, max };
}

function conditionFailed({ operator, name, value }: Match): S3Error {
  const condition = `["${operator}", "$${name}", "${value}"]`;
  return accessDenied(`Invalid according to Policy: Policy Condition failed: ${condition}`);
}

function invalidPolicy(problem: string): S3Error {
  return new S3Error(400, "InvalidPolicyDocument", `Invalid Policy: ${problem}`);
}
