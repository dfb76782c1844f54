import { resolve } from "node:path";
import { parseArgs } from "node:util";
import { type AllowedHost, parseAllowedHosts } from "../core/allowed-hosts.js";
import { homeDirectory } from "../core/home-directory.js";
import { LOG_LEVELS } from "../core/logger.js";
import type { Proxies } from "../core/proxies.js";
import { expandHome } from "../sources/local/allowed-directories.js";
import { CLIENT_NAMES, type ClientName } from "./clients/clients.js";
import { mendSettings, readDirectories, unquoted } from "./mend-settings.js";
import { readProxies } from "./proxy.js";
import { readBaseUrl, readChoice, readFlag, readPort, readWebflowId } from "./read-values.js";
import { readToken } from "./token.js";

/** A setting that cannot be used. Its message names the setting and says what it should be. */
export class ConfigError extends Error {
  override readonly name = "ConfigError";
}

export const COMMANDS = ["serve", "demo", "doctor", "config", "sync", "emulator", "help", "version"] as const;
const SUB_COMMANDS = ["demo", "doctor", "config", "sync", "emulator"] as const;

const OPTIONS = {
  demo: { type: "boolean" },
  "read-only": { type: "boolean" },
  site: { type: "string" },
  version: { type: "boolean", short: "v" },
  help: { type: "boolean", short: "h" },
  port: { type: "string" },
  json: { type: "boolean" },
  write: { type: "boolean" },
  apply: { type: "boolean" },
  optimize: { type: "boolean" },
} as const;

/** Options that go with one sub-command alone, and how they are used. */
const OPTIONS_OF: readonly (readonly [keyof typeof OPTIONS, readonly string[], string])[] = [
  ["port", ["emulator"], "emulator --port 4010"],
  ["json", ["doctor", "sync"], "doctor --json"],
  ["write", ["config"], "config cursor --write"],
  ["apply", ["sync"], "sync DIRECTORY FOLDER --apply"],
  ["optimize", ["sync"], "sync DIRECTORY FOLDER --optimize"],
];

const URL_SOURCES = ["any", "listed", "off"] as const;

export interface SyncArguments {
  readonly directory: string;
  /** Path of the folder on the site. */
  readonly folder: string;
  readonly apply: boolean;
  readonly optimize: boolean;
}

/** Everything that can be set, read once and checked. */
export interface Config {
  readonly command: (typeof COMMANDS)[number];
  readonly demo: boolean;
  readonly readOnly: boolean;
  /** For unattended runs: `confirm: true` is enough, and nobody is asked. */
  readonly trustConfirm: boolean;
  readonly json: boolean;
  /** Of `config`: merge into the client's file. */
  readonly write: boolean;
  /** Of `config`; undefined with any other command. */
  readonly client: ClientName | undefined;
  /** The directories that the command line names. */
  readonly directories: readonly string[];
  /** Of `sync`; undefined with any other command. */
  readonly sync: SyncArguments | undefined;
  /** Of the emulator; 0 for any free one. */
  readonly port: number;
  readonly token: string | undefined;
  /** Why the configured token cannot be used. */
  readonly tokenProblem: string | undefined;
  readonly proxies: Proxies;
  readonly siteId: string | undefined;
  /** A sentence on each setting that is ignored; none of them keeps the server from starting. */
  readonly notes: readonly string[];
  /** As the user wrote them, those of the command line first. */
  readonly allowedDirectories: readonly string[];
  /** Those that the client was meant to fill in and did not. */
  readonly unfilledDirectories: readonly string[];
  readonly apiBaseUrl: string;
  readonly uploadHosts: readonly AllowedHost[];
  readonly urlHosts: readonly AllowedHost[];
  readonly urlSources: (typeof URL_SOURCES)[number];
  readonly logLevel: (typeof LOG_LEVELS)[number];
  /** A tool call is answered within this many seconds. */
  readonly callSeconds: number;
}

/**
 * Reads the command line and the environment. An empty string counts as unset, as does a variable that the client was
 * meant to fill in and did not; quotes around a value are ignored. What the server can do without is reported
 * in `notes`. Throws {@link ConfigError} for any other value that cannot be read and for an option that does not exist.
 */
export function readConfig(argv: readonly string[], environment: NodeJS.ProcessEnv): Config {
  const { command, values, operands } = readArguments(argv);
  const client = command === "config" ? readClient(operands[0]) : undefined;
  const sync = command === "sync" ? readSync(operands, values) : undefined;
  const directories = sync ? [sync.directory] : client ? operands.slice(1) : operands;
  const allowed = readDirectories(directories, environment["WEBFLOW_ASSET_DIRS"]);
  const { settings, notes } = mendSettings(relevantSettings(command, values.demo ?? false, environment));
  const env = readEnvironment(settings);
  const { token, problem: tokenProblem } = values.demo ? {} : readToken(environment);
  const site =
    values.site === undefined ? undefined : readOption("--site", unquoted(values.site), readWebflowId);
  return {
    ...env,
    command,
    demo: values.demo ?? false,
    readOnly: values["read-only"] ?? env.readOnly,
    json: values.json ?? false,
    write: values.write ?? false,
    client,
    directories,
    sync,
    port: readOption("--port", values.port ?? "0", readPort),
    token,
    tokenProblem,
    proxies: readProxies(environment),
    siteId: site ?? env.siteId,
    notes,
    allowedDirectories: allowed.directories,
    unfilledDirectories: allowed.unfilled,
  };
}

function readArguments(argv: readonly string[]) {
  const { values, positionals } = parseOptions(argv);
  const [first, ...rest] = positionals;
  const subCommand = argv[0] === first && isSubCommand(first) ? first : undefined;
  for (const [option, commands, example] of OPTIONS_OF) {
    if (values[option] === undefined || commands.includes(subCommand ?? "")) continue;
    throw new ConfigError(`--${option} goes with ${commands.join(" and ")}: webflow-assets-mcp ${example}`);
  }
  const command = values.help ? "help" : values.version ? "version" : (subCommand ?? "serve");
  return { command, values, operands: subCommand ? rest : positionals } as const;
}

function parseOptions(argv: readonly string[]) {
  try {
    return parseArgs({ args: [...argv], options: OPTIONS, allowPositionals: true });
  } catch (error) {
    const reason = error instanceof Error ? error.message.replace(/\. To specify a positional.*$/s, "") : "";
    throw new ConfigError(`${reason}; --help lists the options`);
  }
}

function isSubCommand(text: string | undefined): text is (typeof SUB_COMMANDS)[number] {
  return SUB_COMMANDS.some((name) => name === text);
}

function readClient(name: string | undefined): ClientName {
  const client = CLIENT_NAMES.find((known) => known === name);
  if (client) return client;
  const what = name === undefined ? "config needs the name of a client" : `no client is called ${name}`;
  throw new ConfigError(`${what}: one of ${CLIENT_NAMES.join(", ")}`);
}

function readSync(
  [directory, folder, ...others]: readonly string[],
  { apply = false, optimize = false }: { apply?: boolean | undefined; optimize?: boolean | undefined },
): SyncArguments {
  if (directory !== undefined && folder !== undefined && others.length === 0) {
    // Relative to where the command was typed; the server's own rule counts from the first allowed directory.
    return {
      directory: resolve(expandHome(directory, homeDirectory())),
      folder,
      apply,
      optimize,
    };
  }
  throw new ConfigError(
    'sync takes a directory and a folder: webflow-assets-mcp sync ./photos "Events/Summer"',
  );
}

/** What the emulator takes the place of. */
const REPLACED_BY_DEMO = ["WEBFLOW_SITE_ID", "SITE_ID", "WEBFLOW_API_BASE_URL", "WEBFLOW_UPLOAD_HOSTS"];

/** The environment without what this command does not use: a slip there must not keep it from starting. */
function relevantSettings(command: Config["command"], isDemo: boolean, environment: NodeJS.ProcessEnv) {
  if (!["serve", "doctor", "sync", "config"].includes(command)) return {};
  return Object.fromEntries(
    Object.entries(environment).filter(([name]) => !(isDemo && REPLACED_BY_DEMO.includes(name))),
  );
}

function readEnvironment(environment: Readonly<Record<string, string | undefined>>) {
  function read<Value>(name: string, reader: (text: string) => Value): Value | undefined {
    const text = environment[name];
    return text === undefined ? undefined : readValue(name, text, reader);
  }

  return {
    siteId: read("WEBFLOW_SITE_ID", readWebflowId) ?? read("SITE_ID", readWebflowId),
    readOnly: read("WEBFLOW_READ_ONLY", readFlag) ?? false,
    trustConfirm: read("WEBFLOW_TRUST_CONFIRM", readFlag) ?? false,
    apiBaseUrl: read("WEBFLOW_API_BASE_URL", readBaseUrl) ?? "https://api.webflow.com/v2",
    uploadHosts: read("WEBFLOW_UPLOAD_HOSTS", parseAllowedHosts) ?? [],
    urlHosts: read("WEBFLOW_URL_HOSTS", parseAllowedHosts) ?? [],
    urlSources: read("WEBFLOW_URL_SOURCES", (text) => readChoice(URL_SOURCES, text)) ?? "any",
    logLevel: read("WEBFLOW_LOG_LEVEL", (text) => readChoice(LOG_LEVELS, text)) ?? "info",
    callSeconds: read("WEBFLOW_CALL_SECONDS", Number) ?? 45,
  };
}

function readOption<Value>(name: string, text: string, reader: (text: string) => Value): Value {
  return readValue(`${name} "${text}"`, text, reader);
}

function readValue<Value>(name: string, text: string, reader: (text: string) => Value): Value {
  try {
    return reader(text);
  } catch (error) {
    throw new ConfigError(`${name} ${error instanceof Error ? error.message : "cannot be read"}`);
  }
}

export const HELP = `Usage: webflow-assets-mcp [options] [allowed-directory ...]
       webflow-assets-mcp demo | doctor [--json] | config CLIENT [--write] [allowed-directory ...]
       webflow-assets-mcp sync DIRECTORY FOLDER [--apply] [--optimize] [--json] | emulator [--port N]

Serves MCP on stdio: lets an AI assistant organise the assets of a Webflow site.
Local files may be uploaded from the allowed directories only.

  --demo        serve an embedded emulator of Webflow; needs no token
  --read-only   offer only the tools that change nothing
  --site ID     the site of calls that name none
  --version, --help

  demo          show the main job from end to end on the emulator
  doctor        check token, scopes, site, directories and the entries of clients, and say what to fix
  config        print the configuration of a client, or --write it into the client's file:
                ${CLIENT_NAMES.slice(0, 6).join(", ")},
                ${CLIENT_NAMES.slice(6).join(", ")}
  sync          compare a directory with a folder of the site, and with --apply upload what is new or changed; ends
                with 0 when everything is there, with 1 and a list when something is not
  emulator      serve the emulator alone, on loopback

Environment: WEBFLOW_TOKEN, WEBFLOW_SITE_ID, WEBFLOW_ASSET_DIRS, WEBFLOW_READ_ONLY, WEBFLOW_TRUST_CONFIRM,
WEBFLOW_API_BASE_URL, WEBFLOW_UPLOAD_HOSTS, WEBFLOW_URL_HOSTS, WEBFLOW_URL_SOURCES, WEBFLOW_LOG_LEVEL, WEBFLOW_CALL_SECONDS; see the README.
`;
