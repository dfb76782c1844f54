import { resolve } from "node:path";
import { homeDirectory } from "../core/home-directory.js";
import { expandHome } from "../sources/local/allowed-directories.js";
import { ENTRY_NAME, entryEnvironment, TOKEN_PLACEHOLDER } from "./clients/clients.js";
import { type ServerStart, typed } from "./clients/server-start.js";
import type { Config } from "./config.js";

/** What was looked at, what was found, and what to do when it is not as it should be. */
export interface Check {
  readonly name: string;
  readonly state: "good" | "doubtful" | "wrong";
  readonly found: string;
  readonly fix?: string;
}

const MARKS = { good: "ok", doubtful: "??", wrong: "!!" } as const;

/** Prints a table and a configuration to copy, or one JSON document of both. The token is never printed. */
export function printReport(
  checks: readonly Check[],
  config: Config,
  start: ServerStart,
  print: (text: string) => void,
): void {
  const configuration = configurationOf(config, start);
  if (config.json) {
    const ok = checks.every(({ state }) => state !== "wrong");
    print(JSON.stringify({ ok, checks, configuration }, null, 2));
    return;
  }
  const width = Math.max(...checks.map(({ name }) => name.length));
  for (const { name, state, found, fix } of checks) {
    print(`${MARKS[state]}  ${name.padEnd(width)}  ${found}`);
    if (fix !== undefined) print(`${" ".repeat(width + 6)}-> ${fix}`);
  }
  print(`\nConfiguration of an MCP client (for a particular one: ${typed(start, "config", "CLIENT")}):\n`);
  print(JSON.stringify(configuration, null, 2));
}

/** The portable form that most clients read, with the settings of this run. */
function configurationOf(config: Config, start: ServerStart): object {
  const { allowedDirectories, demo } = config;
  const env = entryEnvironment(TOKEN_PLACEHOLDER, config);
  // Clients have another working directory.
  const directories = allowedDirectories.map((path) => resolve(expandHome(path, homeDirectory())));
  const args = [...start.args, ...(demo ? ["--demo"] : []), ...directories];
  // The site of the demo is gone with this process, and it needs no token.
  return { mcpServers: { [ENTRY_NAME]: { command: start.command, args, ...(!demo && { env }) } } };
}
