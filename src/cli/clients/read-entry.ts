import { readFile } from "node:fs/promises";
import { isAbsolute } from "node:path";
import { CLIENTS, type Client, ENTRY_NAME, type Machine, type ServerEntry } from "./clients.js";
import { readConfiguration } from "./merge-entry.js";

/** An entry of this server in a client's file. */
export interface FoundEntry {
  readonly client: Client;
  readonly file: string;
  readonly entry: ServerEntry;
}

const PACKAGE = /(?:^|[\\/])webflow-assets-mcp(?:@[^\\/]*)?$/;
const MAIN_FILE = /[\\/]dist[\\/]main\.js$/;

/** The entries of this server in the files of the known clients. A file that is missing or cannot be read has none. */
export async function findEntries(machine: Machine): Promise<FoundEntry[]> {
  const found = await Promise.all(Object.values(CLIENTS).map((client) => entriesOf(client, machine)));
  return found.flat();
}

async function entriesOf(client: Client, machine: Machine): Promise<FoundEntry[]> {
  const file = client.file(machine);
  if (!isAbsolute(file)) return [];
  try {
    const text = await readFile(file, "utf8");
    return readEntries(client, text).map(({ entry }) => ({ client, file, entry }));
  } catch {
    return [];
  }
}

/** Throws when the text is not of the client's format. */
export function readEntries(client: Client, text: string): { name: string; entry: ServerEntry }[] {
  const servers = readConfiguration(text, client.format)[client.serversKey];
  if (typeof servers !== "object" || servers === null) return [];
  return Object.entries(servers).flatMap(([name, value]) => {
    const entry = toEntry(value);
    return entry && (name === ENTRY_NAME || launcherLength(entry.args) > 0) ? [{ name, entry }] : [];
  });
}

/** Some clients write the program and its arguments as one list, and the environment under its whole name. */
function toEntry(value: unknown): ServerEntry | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  const { command, args, env, environment } = value as Record<string, unknown>;
  const [program, ...rest] = [command, args].flat().filter((part) => typeof part === "string");
  if (program === undefined) return undefined;
  const variables = Object.entries(env ?? environment ?? {}).filter(
    (variable): variable is [string, string] => typeof variable[1] === "string",
  );
  return { command: program, args: rest, env: Object.fromEntries(variables) };
}

/** What the server itself gets: the arguments after its own file, or after the name of its package. */
export function serverArguments({ args }: ServerEntry): readonly string[] {
  return args.slice(launcherLength(args));
}

function launcherLength(args: readonly string[]): number {
  return args.findIndex((text) => PACKAGE.test(text) || MAIN_FILE.test(text)) + 1;
}
