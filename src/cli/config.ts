import { resolve } from "node:path";
import { parseArgs } from "node:util";
import * as z from "zod";
import { type AllowedHost, parseAllowedHosts } from "../core/allowed-hosts.js";
import { homeDirectory } from "../core/home-directory.js";
import { LOG_LEVELS } from "../core/logger.js";
import type { Proxies } from "../core/proxies.js";
import { expandHome } from "../sources/local/allowed-directories.js";
import { WEBFLOW_ID } from "../webflow/ids.js";
import { CLIENT_NAMES, type ClientName } from "./clients/clients.js";
import { mendSettings, readDirectories, unquoted } from "./mend-settings.js";
import { readProxies } from "./proxy.js";
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

const hostList = z.string().transform((text, context): AllowedHost[] => {
  try {
    return parseAllowedHosts(text);
  } catch (error) {
    context.addIssue({ code: "custom", message: error instanceof Error ? error.message : "cannot be read" });
    return z.NEVER;
  }
});

const flag = z.string().transform((text, context): boolean => {
  const value = text.trim().toLowerCase();
  if (["1", "true", "yes", "on"].includes(value)) return true;
  if (["0", "false", "no", "off"].includes(value)) return false;
  context.addIssue({ code: "custom", message: `"${text}" is neither 1 nor 0` });
  return z.NEVER;
});

const webflowId = z.string().trim().regex(WEBFLOW_ID, "is not a Webflow id (24 hex digits)");

const port = z
  .string()
  .regex(/^\d{1,5}$/, "is not a port (0 to 65535)")
  .transform(Number)
  .refine((number) => number <= 65_535, "is not a port (0 to 65535)");

const environmentSchema = z.object({
  WEBFLOW_SITE_ID: webflowId.optional(),
  SITE_ID: webflowId.optional(),
  WEBFLOW_READ_ONLY: flag.optional(),
  WEBFLOW_TRUST_CONFIRM: flag.optional(),
  WEBFLOW_API_BASE_URL: z
    .url({ protocol: /^https?$/, error: "is not an http(s) URL" })
    .refine((url) => !URL.canParse(url) || new URL(url).username + new URL(url).password === "", {
      error: "contains a user name or a password, which the Data API does not take",
    })
    .transform((url) => url.replace(/\/+$/, ""))
    .default("https://api.webflow.com/v2"),
  WEBFLOW_UPLOAD_HOSTS: hostList.default([]),
  WEBFLOW_URL_HOSTS: hostList.default([]),
  WEBFLOW_URL_SOURCES: z
    .string()
    .toLowerCase()
    .pipe(z.enum(["any", "listed", "off"], "is none of any, listed, off"))
    .default("any"),
  WEBFLOW_LOG_LEVEL: z.enum(LOG_LEVELS).default("info"),
  WEBFLOW_CALL_SECONDS: z.coerce.number().default(45),
});

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
  /** What is set and counts for nothing, a sentence each: no reason not to start. */
  readonly notes: readonly string[];
  /** As the user wrote them, those of the command line first. */
  readonly allowedDirectories: readonly string[];
  /** Those that the client was meant to fill in and did not. */
  readonly unfilledDirectories: readonly string[];
  readonly apiBaseUrl: string;
  readonly uploadHosts: readonly AllowedHost[];
  readonly urlHosts: readonly AllowedHost[];
  readonly urlSources: "any" | "listed" | "off";
  readonly logLevel: (typeof LOG_LEVELS)[number];
  /** A tool call is answered within this many seconds. */
  readonly callSeconds: number;
}

/**
 * Reads the command line and the environment. An empty string counts as unset, as does a variable that the client was
 * meant to fill in and did not; quotes around a value count for nothing. What the server can do without is told in
 * `notes`. Throws {@link ConfigError} for any other value that cannot be read and for an option that does not exist.
 */
export function readConfig(argv: readonly string[], environment: NodeJS.ProcessEnv): Config {
  const { command, values, operands } = readArguments(argv);
  const client = command === "config" ? readClient(operands[0]) : undefined;
  const sync = command === "sync" ? readSync(operands, values) : undefined;
  const directories = sync ? [sync.directory] : client ? operands.slice(1) : operands;
  const allowed = readDirectories(directories, environment["WEBFLOW_ASSET_DIRS"]);
  const { settings, notes } = mendSettings(settingsThatCount(command, values.demo ?? false, environment));
  const env = readEnvironment(settings);
  const { token, problem: tokenProblem } = values.demo ? {} : readToken(environment);
  const site = values.site === undefined ? undefined : check(webflowId, unquoted(values.site), "--site");
  return {
    command,
    demo: values.demo ?? false,
    readOnly: values["read-only"] ?? env.WEBFLOW_READ_ONLY ?? false,
    trustConfirm: env.WEBFLOW_TRUST_CONFIRM ?? false,
    json: values.json ?? false,
    write: values.write ?? false,
    client,
    directories,
    sync,
    port: check(port, values.port ?? "0", "--port"),
    token,
    tokenProblem,
    proxies: readProxies(environment),
    siteId: site ?? env.WEBFLOW_SITE_ID ?? env.SITE_ID,
    notes,
    allowedDirectories: allowed.directories,
    unfilledDirectories: allowed.unfilled,
    apiBaseUrl: env.WEBFLOW_API_BASE_URL,
    uploadHosts: env.WEBFLOW_UPLOAD_HOSTS,
    urlHosts: env.WEBFLOW_URL_HOSTS,
    urlSources: env.WEBFLOW_URL_SOURCES,
    logLevel: env.WEBFLOW_LOG_LEVEL,
    callSeconds: env.WEBFLOW_CALL_SECONDS,
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
function settingsThatCount(command: Config["command"], isDemo: boolean, environment: NodeJS.ProcessEnv) {
  if (!["serve", "doctor", "sync", "config"].includes(command)) return {};
  return Object.fromEntries(
    Object.entries(environment).filter(([name]) => !(isDemo && REPLACED_BY_DEMO.includes(name))),
  );
}

function readEnvironment(environment: NodeJS.ProcessEnv): z.output<typeof environmentSchema> {
  const parsed = environmentSchema.safeParse(environment);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new ConfigError(`${issue?.path.join(".")} ${issue?.message}`);
}

function check<Schema extends z.ZodType>(schema: Schema, value: unknown, name: string): z.output<Schema> {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new ConfigError(`${name} "${String(value)}" ${parsed.error.issues[0]?.message}`);
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
