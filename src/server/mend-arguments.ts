import { isRecord, parseJson } from "../core/parse-json.js";
import { WEBFLOW_ID } from "../webflow/ids.js";

/** What in a JSON schema says which values are meant; our schemas use no more. */
export interface ArgumentSchema {
  readonly type?: unknown;
  readonly enum?: readonly unknown[] | undefined;
  readonly properties?: Readonly<Record<string, ArgumentSchema>> | undefined;
  readonly required?: readonly string[] | undefined;
  readonly items?: ArgumentSchema | undefined;
}

/** Keys that clients add to every call on their own (Gemini CLI, n8n, Cline and others). */
const CLIENT_KEYS = [
  "action",
  "chatInput",
  "sessionId",
  "task_progress",
  "tool",
  "toolCallId",
  "wait_for_previous",
];
/** An agreement of a person is read from nothing but JSON's own `true`. */
const AGREEMENTS = ["confirm", "evenIfUsed", "evenIfSecret"];
/** An empty text is a value of its own: it clears. */
const CLEARABLE = ["altText"];

/**
 * The arguments as they were meant, if they can mean only one thing: clients send arrays and objects as JSON text,
 * one text in a list or a list where one text is expected, numbers and booleans in quotes, null or an empty text for
 * what is left out, and keys of their own. Everything else is left as it is, for the tool's schema to refuse.
 */
export function mendArguments(args: unknown, schema: ArgumentSchema): Record<string, unknown> {
  const given = asMeant(args ?? {}, { ...schema, type: "object" });
  const own = isRecord(given) ? given : {};
  const known = schema.properties ?? {};
  return Object.fromEntries(
    Object.entries(own).filter(([key]) => key in known || !CLIENT_KEYS.includes(key)),
  );
}

function asMeant(value: unknown, schema: ArgumentSchema): unknown {
  switch (schema.type) {
    case "object":
      return objectAsMeant(value, schema);
    case "array":
      return arrayAsMeant(value, schema.items ?? {});
    case "integer":
    case "number":
      return typeof value === "string" && /^\s*-?\d+(?:\.\d+)?\s*$/.test(value) ? Number(value) : value;
    case "boolean":
      return booleanAsMeant(value);
    case "string":
      return textAsMeant(value, schema);
    default:
      return value;
  }
}

function objectAsMeant(value: unknown, schema: ArgumentSchema): unknown {
  const record = typeof value === "string" ? (parseJson(value) ?? value) : value;
  if (!isRecord(record)) return value;
  const entries = Object.entries(record).flatMap(([key, own]) => {
    const property = schema.properties?.[key];
    if (own === null) return [];
    if (property === undefined) return [[key, own]];
    if (own === "" && isLeftOutWhenEmpty(key, schema)) return [];
    return [[key, AGREEMENTS.includes(key) ? own : trimmedId(key, asMeant(own, property))]];
  });
  return Object.fromEntries(entries);
}

function isLeftOutWhenEmpty(key: string, { required = [] }: ArgumentSchema): boolean {
  return !required.includes(key) && !CLEARABLE.includes(key);
}

/** A single entry stands for a list of one, and ids may be listed in a text. */
function arrayAsMeant(value: unknown, items: ArgumentSchema): unknown {
  const parsed = typeof value === "string" ? (parseJson(value) ?? value) : value;
  if (Array.isArray(parsed)) return parsed.map((entry) => trimmedId("", entryAsMeant(entry, items)));
  if (isRecord(parsed) && items.type === "object") return [asMeant(parsed, items)];
  if (typeof value !== "string" || items.type !== "string") return value;
  const parts = value.split(/[\s,;]+/).filter((part) => part !== "");
  const areIds = parts.length > 0 && parts.every((part) => WEBFLOW_ID.test(part));
  return areIds ? parts : [value];
}

/** A text stands for an object that needs nothing but one text, as a source does for a file to upload. */
function entryAsMeant(entry: unknown, items: ArgumentSchema): unknown {
  const meant = asMeant(entry, items);
  const [key, ...others] = items.required ?? [];
  const needsOneText = key !== undefined && others.length === 0 && items.properties?.[key]?.type === "string";
  return typeof meant === "string" && needsOneText ? { [key]: meant } : meant;
}

function booleanAsMeant(value: unknown): unknown {
  if (typeof value !== "string") return value;
  const word = value.trim().toLowerCase();
  return word === "true" ? true : word === "false" ? false : value;
}

function textAsMeant(value: unknown, schema: ArgumentSchema): unknown {
  const one = Array.isArray(value) && value.length === 1 ? value[0] : value;
  const text = typeof one === "number" ? String(one) : one;
  if (typeof text !== "string") return value;
  return (
    schema.enum?.find((known) => String(known).toLowerCase() === text.trim().toLowerCase()) ??
    text.toWellFormed()
  );
}

/** Blanks around an id, a cursor or a handle are never a part of it; around a name or a path they may be. */
function trimmedId(key: string, value: unknown): unknown {
  if (typeof value !== "string") return value;
  return /(?:Id|^cursor|^job|^md5)$/.test(key) || WEBFLOW_ID.test(value.trim()) ? value.trim() : value;
}
