import { isDeepStrictEqual } from "node:util";
import {
  applyEdits,
  type FormattingOptions,
  type JSONPath,
  modify,
  type ParseError,
  parse,
} from "jsonc-parser";
import { parse as parseToml, stringify as stringifyToml } from "smol-toml";
import { isRecord } from "../../core/parse-json.js";
import { type Client, ENTRY_NAME, type ServerEntry, TOKEN_PLACEHOLDER } from "./clients.js";

/** A client's file that cannot be read as what it should be; it is left alone. */
export class UnreadableConfiguration extends Error {
  override readonly name = "UnreadableConfiguration";
}

type Keys = Readonly<Record<string, unknown>>;

/** The whole text of a client's file that holds the entry and nothing else. */
export function textWithEntry(client: Client, entry: ServerEntry): string {
  return mergeEntry("", client, entry);
}

/**
 * The text of a client's file with the server's entry in it and the rest as it was, comments and order too. An entry
 * that is there already keeps the keys that this one does not set, and its token where this one has none.
 * Throws {@link UnreadableConfiguration} for a text that cannot be read.
 */
export function mergeEntry(text: string, client: Client, entry: ServerEntry): string {
  const content = readConfiguration(text, client.format);
  const servers = asKeys(content[client.serversKey]);
  const written = mergeKeys(client.write(entry), asKeys(servers[ENTRY_NAME]));
  const merged =
    client.format === "toml" ? mergeToml(text, client, written) : mergeJson(text, client, content, written);
  assertRestUnchanged(content, readConfiguration(merged, client.format), client);
  return merged;
}

/** The content of a client's file; an empty one has no keys. Throws {@link UnreadableConfiguration}. */
export function readConfiguration(text: string, format: Client["format"]): Keys {
  if (text.trim() === "") return {};
  const errors: ParseError[] = [];
  let content: unknown;
  try {
    content = format === "toml" ? parseToml(text) : parse(text, errors, { allowTrailingComma: true });
  } catch (error) {
    throw new UnreadableConfiguration(error instanceof Error ? error.message : String(error));
  }
  if (errors.length > 0) throw new UnreadableConfiguration(`not JSON at character ${errors[0]?.offset}`);
  if (!isRecord(content))
    throw new UnreadableConfiguration("it contains something other than keys and values");
  return content;
}

function mergeKeys(fresh: Keys, existing: Keys): Keys {
  const merged = Object.fromEntries(
    Object.entries(fresh).map(([key, value]) => [
      key,
      isRecord(value) ? mergeKeys(value, asKeys(existing[key])) : value,
    ]),
  );
  const token = existing["WEBFLOW_TOKEN"];
  const keepsToken = !isToken(fresh["WEBFLOW_TOKEN"]) && typeof token === "string" && token !== "";
  return { ...existing, ...merged, ...(keepsToken && { WEBFLOW_TOKEN: token }) };
}

/** Neither what the user has yet to replace nor a variable that the client fills. */
function isToken(value: unknown): boolean {
  return typeof value === "string" && value !== TOKEN_PLACEHOLDER && !value.startsWith("$");
}

function mergeJson(text: string, client: Client, content: Keys, entry: Keys): string {
  const indented = /^([ \t]+)\S/m.exec(text)?.[1];
  const formattingOptions: FormattingOptions = {
    insertSpaces: !indented?.startsWith("\t"),
    tabSize: indented?.startsWith(" ") ? indented.length : 2,
    eol: text.includes("\r\n") ? "\r\n" : "\n",
  };
  const set = (before: string, path: JSONPath, value: unknown): string =>
    applyEdits(before, modify(before, path, value, { formattingOptions }));
  let merged = text.trim() === "" ? "{}" : text;
  for (const [key, wanted] of Object.entries(client.besides ?? {})) {
    const present = Array.isArray(content[key]) ? (content[key] as unknown[]) : [];
    const missing = wanted.filter((item) => !present.some((other) => hasSameId(item, other)));
    if (missing.length > 0) merged = set(merged, [key], [...present, ...missing]);
  }
  const existing = asKeys(content[client.serversKey])[ENTRY_NAME];
  if (!isDeepStrictEqual(existing, entry)) merged = set(merged, [client.serversKey, ENTRY_NAME], entry);
  return merged.endsWith("\n") ? merged : `${merged}\n`;
}

function hasSameId(item: unknown, other: unknown): boolean {
  return asKeys(item)["id"] === asKeys(other)["id"];
}

/** No library edits TOML and keeps comments: the entry's own tables are replaced, or written at the end. */
function mergeToml(text: string, { serversKey }: Client, entry: Keys): string {
  const table = stringifyToml({ [serversKey]: { [ENTRY_NAME]: entry } }).trim();
  const own = new RegExp(String.raw`^\s*\[\s*${serversKey}\s*\.\s*(["']?)${ENTRY_NAME}\1\s*[.\]]`);
  const kept: string[] = [];
  let position: number | undefined;
  let isOwn = false;
  for (const line of text.split("\n")) {
    if (/^\s*\[/.test(line)) isOwn = own.test(line);
    if (isOwn) position ??= kept.length;
    else kept.push(line);
  }
  if (position === undefined)
    return `${[text.trimEnd(), table].filter((part) => part !== "").join("\n\n")}\n`;
  const parts = [kept.slice(0, position), kept.slice(position)].map((lines) => lines.join("\n").trim());
  return `${[parts[0], table, parts[1]].filter((part) => part !== "").join("\n\n")}\n`;
}

/** Whatever the form of the file: no other setting may have changed. */
function assertRestUnchanged(before: Keys, after: Keys, { serversKey, besides = {} }: Client): void {
  const rest = (content: Keys): Keys => ({
    ...Object.fromEntries(Object.entries(content).filter(([key]) => !(key in besides))),
    [serversKey]: { ...asKeys(content[serversKey]), [ENTRY_NAME]: undefined },
  });
  if (isDeepStrictEqual(rest(before), rest(after))) return;
  throw new UnreadableConfiguration("the entry cannot be put into it without changing other settings");
}

function asKeys(value: unknown): Keys {
  return isRecord(value) ? value : {};
}
