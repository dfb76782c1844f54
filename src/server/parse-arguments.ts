import { distance } from "fastest-levenshtein";
import type * as z from "zod";
import { AssetError } from "../core/errors.js";
import { quotedLine } from "../core/text.js";
import type { Tool } from "../tools/definition/tool.js";
import { describeTool } from "./describe-tool.js";
import { type ArgumentSchema, mendArguments } from "./mend-arguments.js";

/**
 * The arguments as the tool's schema reads them, mended by the same schema as clients see it. Throws INVALID_INPUT with
 * everything that is wrong.
 */
export function parseArguments(
  tool: Tool,
  args: unknown,
  schema: ArgumentSchema = describeTool(tool).inputSchema,
): Record<string, unknown> {
  const own = mendArguments(args, schema);
  const parsed = tool.input.safeParse(own);
  if (parsed.success) return parsed.data;
  const { issues } = parsed.error;
  const sentences = issues.slice(0, MOST_SENTENCES).map((issue) => explain(issue, schema, own));
  throw new AssetError(
    "INVALID_INPUT",
    `${tool.name}: ${sentences.join("; ")}${andMore(issues.length - sentences.length)}`,
    "correct the arguments and call again",
  );
}

type Issue = z.core.$ZodIssue;
const MOST_SENTENCES = 5;

function andMore(count: number): string {
  return count > 0 ? `; and ${count} more` : "";
}

function explain(issue: Issue, schema: ArgumentSchema, args: unknown): string {
  const place = formatPath(issue.path);
  switch (issue.code) {
    case "unrecognized_keys":
      return explainUnknownKeys(issue.keys, place, nodeAt(schema, issue.path), valueAt(args, issue.path));
    case "invalid_type":
      return isMissing(issue, args)
        ? `"${place}" is missing`
        : `"${place}" must be ${described(issue.expected, keysOf(nodeAt(schema, issue.path)))}`;
    case "too_small":
      return `"${place}" must ${has(issue.origin)} at least ${issue.minimum}${unit(issue.origin, issue.minimum)}`;
    case "too_big":
      return `"${place}" must ${has(issue.origin)} at most ${issue.maximum}${unit(issue.origin, issue.maximum)}`;
    case "invalid_value":
      return `"${place}" must be one of ${issue.values.map((value) => JSON.stringify(value)).join(", ")}`;
    case "invalid_format":
      return place === "md5" || place.endsWith(".md5")
        ? `"${place}" must be 32 hex digits`
        : `"${place}" has the wrong form (${issue.format})`;
    default:
      return `"${place}": ${issue.message}`;
  }
}

function explainUnknownKeys(
  keys: readonly string[],
  place: string,
  node: ArgumentSchema,
  given: unknown,
): string {
  const where = place === "" ? "" : ` in "${place}"`;
  const standIn = keyForMissing(keys, node, given);
  const sentences = keys.slice(0, MOST_SENTENCES).map((key) => {
    const meant = key === standIn?.key ? didYouMean(standIn.missing) : suggestion(key.slice(0, 60), node);
    return `there is no ${quotedLine(key, 60)}${where}${meant}`;
  });
  return sentences.join("; ") + andMore(keys.length - sentences.length);
}

/**
 * The unknown key that stands for the one required key that is missing: of the same type, and the first that does not
 * resemble another key.
 */
function keyForMissing(
  keys: readonly string[],
  node: ArgumentSchema,
  given: unknown,
): { key: string; missing: string } | undefined {
  const values = (given ?? {}) as Readonly<Record<string, unknown>>;
  const [missing, ...others] = (node.required ?? []).filter((key) => values[key] === undefined);
  if (missing === undefined || others.length > 0) return undefined;
  const type = node.properties?.[missing]?.type;
  const isAlike = (value: unknown) => (Array.isArray(value) ? type === "array" : typeof value === type);
  const possible = keys
    .slice(0, MOST_SENTENCES)
    .filter((key) => isAlike(values[key]) && listThatTakes(key, node) === undefined);
  const optional = keysOf(node).filter((key) => key !== missing);
  const key = possible.find((one) => !optional.some((other) => difference(one, other) <= 1)) ?? possible[0];
  return key === undefined ? undefined : { key, missing };
}

function suggestion(key: string, node: ArgumentSchema): string {
  const list = listThatTakes(key, node);
  if (list !== undefined) return ` (it belongs into an entry of "${list}")`;
  const valid = keysOf(node);
  const [nearest] = [...valid].sort((a, b) => difference(key, a) - difference(key, b));
  if (nearest === undefined) return " (it takes none)";
  if (difference(key, nearest) <= Math.max(2, key.length / 2)) return didYouMean(nearest);
  return ` (there are ${valid.join(", ")})`;
}

function didYouMean(key: string): string {
  return ` (did you mean "${key}"?)`;
}

/** The list whose entries have the key. */
function listThatTakes(key: string, node: ArgumentSchema): string | undefined {
  return keysOf(node).find((list) => keysOf(node.properties?.[list]?.items).includes(key));
}

/** How many letters two names differ by; next to none where one is a part of the other, as `alt` is of `altText`. */
function difference(key: string, other: string): number {
  const [a = "", b = ""] = [key, other].map((text) => text.toLowerCase().replace(/[^a-z0-9]/g, ""));
  const isPart = a.length > 2 && (b.startsWith(a) || b.endsWith(a));
  return isPart ? 1 : distance(a, b);
}

function nodeAt(schema: ArgumentSchema, path: readonly PropertyKey[]): ArgumentSchema {
  const node = path.reduce<ArgumentSchema | undefined>(
    (one, step) => (typeof step === "number" ? one?.items : one?.properties?.[String(step)]),
    schema,
  );
  return node ?? {};
}

function keysOf(node: ArgumentSchema | undefined): string[] {
  return Object.keys(node?.properties ?? {});
}

function isMissing(issue: Issue, args: unknown): boolean {
  return valueAt(args, issue.path) === undefined;
}

function valueAt(args: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>((node, step) => (node as Record<PropertyKey, unknown>)?.[step], args);
}

function formatPath(path: readonly PropertyKey[]): string {
  return path.reduce<string>(
    (text, step) =>
      typeof step === "number" ? `${text}[${step}]` : text === "" ? String(step) : `${text}.${String(step)}`,
    "",
  );
}

function described(expected: string, keys: readonly string[]): string {
  if (expected === "int") return "a whole number";
  if (expected === "boolean") return "true or false";
  if (expected === "object") return `an object with ${keys.join(", ")}`;
  return /^[aeiou]/.test(expected) ? `an ${expected}` : `a ${expected}`;
}

function has(origin: string): string {
  return origin === "string" || origin === "array" ? "have" : "be";
}

function unit(origin: string, count: number | bigint): string {
  if (origin === "string") return " characters";
  if (origin !== "array") return "";
  return count === 1 ? " entry" : " entries";
}
