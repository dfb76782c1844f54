import { existsSync } from "node:fs";
import { copyFile, mkdir, readFile, realpath, rename, stat, writeFile } from "node:fs/promises";
import { dirname, isAbsolute, resolve } from "node:path";
import { expandHome } from "../../sources/local/allowed-directories.js";
import {
  CLIENTS,
  type Client,
  type ClientName,
  ENTRY_NAME,
  entryEnvironment,
  type Machine,
  type ServerEntry,
  TOKEN_PLACEHOLDER,
} from "./clients.js";
import { mergeEntry, textWithEntry, UnreadableConfiguration } from "./merge-entry.js";
import { readEntries, serverArguments } from "./read-entry.js";
import type { ServerStart } from "./server-start.js";
import { showDifference } from "./show-difference.js";

export interface ConfigCommand {
  readonly client: ClientName;
  /** As the user wrote them. */
  readonly directories: readonly string[];
  readonly write: boolean;
  /** From the environment: it is written where a client keeps tokens in its file, and never shown. */
  readonly token: string | undefined;
  readonly siteId: string | undefined;
  readonly readOnly: boolean;
}

export interface Output {
  /** What can be copied: the text of a configuration. */
  text(text: string): void;
  /** What a person reads along with it. */
  note(text: string): void;
}

/**
 * Prints the configuration of a client, or merges it into the client's file after copying that file and showing the
 * difference. Resolves to the exit code: 1 when the file cannot be read or written.
 */
export async function runConfigCommand(
  command: ConfigCommand,
  start: ServerStart,
  machine: Machine,
  output: Output,
): Promise<0 | 1> {
  const client = CLIENTS[command.client];
  const directories = command.directories.map((path) =>
    resolve(machine.workingDirectory, expandHome(path, machine.home || undefined)),
  );
  for (const directory of directories.filter((path) => !existsSync(path))) {
    output.note(`${directory} does not exist yet: create it before you upload from it.`);
  }
  const args = [...start.args, ...directories];
  const entry = { command: start.command, args, env: entryEnvironment(client.token, command) };
  const file = client.file(machine);
  if (!isAbsolute(file)) {
    output.text(textWithEntry(client, entry));
    output.note(
      "This user has no home directory (HOME), so the client's file cannot be located: set HOME, or copy the text.",
    );
    return command.write ? 1 : 0;
  }
  if (command.write) return writeInto(file, client, entry, command, output);
  output.text(textWithEntry(client, entry));
  output.note(`This goes into ${file}, or --write merges it there.`);
  printHints(client, entry, output);
  return 0;
}

async function writeInto(
  file: string,
  client: Client,
  entry: ServerEntry,
  { token, directories }: ConfigCommand,
  output: Output,
): Promise<0 | 1> {
  const takesToken = client.token === TOKEN_PLACEHOLDER && token !== undefined;
  const withToken = takesToken ? { ...entry, env: { ...entry.env, WEBFLOW_TOKEN: token } } : entry;
  try {
    const before = existsSync(file) ? await readFile(file, "utf8") : "";
    const filled = directories.length > 0 ? withToken : withCurrentDirectories(withToken, client, before);
    const after = mergeEntry(before, client, filled);
    if (after === before) {
      output.note(`${file} already has this entry; nothing was changed.`);
      return 0;
    }
    output.text(`${showDifference(file, before, after)}\n`);
    const copy = await replaceFile(file, after);
    output.note(`Written to ${file}${copy === undefined ? "" : `; as it was before: ${copy}`}`);
    printHints(client, filled, output);
    return 0;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    const what = error instanceof UnreadableConfiguration ? "cannot be read" : "could not be written";
    output.note(`${file} ${what}: ${reason}. It was left as it is; add this manually:\n`);
    output.text(textWithEntry(client, entry));
    return 1;
  }
}

/** A command without directories, for instance to update the version, keeps those of the entry. */
function withCurrentDirectories(entry: ServerEntry, client: Client, text: string): ServerEntry {
  const existing = readEntries(client, text).find(({ name }) => name === ENTRY_NAME);
  return existing ? { ...entry, args: [...entry.args, ...serverArguments(existing.entry)] } : entry;
}

/** Resolves to the name of the copy. A link stays a link, and a reader never sees half a file. */
async function replaceFile(file: string, text: string): Promise<string | undefined> {
  if (!existsSync(file)) {
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, text, { mode: 0o600 });
    return undefined;
  }
  const real = await realpath(file);
  const copy = `${real}.${new Date().toISOString().replace(/[:.]/g, "-")}.bak`;
  const { mode } = await stat(real);
  await copyFile(real, copy);
  const fresh = `${real}.${process.pid}.new`;
  await writeFile(fresh, text, { mode });
  await rename(fresh, real);
  return copy;
}

function printHints(client: Client, entry: ServerEntry, output: Output): void {
  if (entry.env["WEBFLOW_TOKEN"] === TOKEN_PLACEHOLDER) {
    output.note(
      `Replace ${TOKEN_PLACEHOLDER} with your token: Site settings > Apps & integrations > API access.`,
    );
  }
  for (const hint of client.hints) output.note(hint);
}
