import { join } from "node:path";

export const CLIENT_NAMES = [
  "claude-desktop",
  "claude-code",
  "vscode",
  "cursor",
  "codex",
  "gemini",
  "zed",
  "opencode",
  "qwen",
  "cline",
  "continue",
] as const;

export type ClientName = (typeof CLIENT_NAMES)[number];

/** The server's name in a client's file. */
export const ENTRY_NAME = "webflow-assets";

/** Stands for the token until the user replaces it. */
export const TOKEN_PLACEHOLDER = "your-site-token";

/** Where files of a user lie on this machine. */
export interface Machine {
  readonly platform: NodeJS.Platform;
  /** Empty where the user has none: then the files that would lie there have no absolute path. */
  readonly home: string;
  /** The directory that a project's own configuration belongs to. */
  readonly workingDirectory: string;
  readonly environment: NodeJS.ProcessEnv;
}

/** A server as most clients write it. */
export interface ServerEntry {
  readonly command: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
}

/** A client, where its configuration lies, and the form that an entry has there. */
export interface Client {
  readonly title: string;
  readonly format: "json" | "toml";
  file(machine: Machine): string;
  /** The key that holds the servers. */
  readonly serversKey: string;
  /** What the file says for the token: a reference that the client fills, or the placeholder. */
  readonly token: string;
  write(entry: ServerEntry): Readonly<Record<string, unknown>>;
  /** What else the file needs, by its key; a list is added to. */
  readonly besides?: Readonly<Record<string, readonly unknown[]>>;
  /** What to know, beyond where the text goes. */
  readonly hints: readonly string[];
}

const VS_CODE_TOKEN = "webflow-token";

/** What most clients have in common. */
const USUAL = { format: "json", serversKey: "mcpServers", token: TOKEN_PLACEHOLDER, write: plain } as const;

export const CLIENTS: Readonly<Record<ClientName, Client>> = {
  "claude-desktop": {
    title: "Claude Desktop",
    ...USUAL,
    file: (machine) => join(applicationData(machine), "Claude", "claude_desktop_config.json"),
    hints: ["Quit Claude Desktop and start it again; closing the window is not enough."],
  },
  "claude-code": {
    title: "Claude Code",
    ...USUAL,
    file: ({ workingDirectory }) => join(workingDirectory, ".mcp.json"),
    token: referenceTo("WEBFLOW_TOKEN"),
    hints: [
      "The file belongs to the project and holds no token: set WEBFLOW_TOKEN where you start claude.",
      "For yourself alone, in every project: claude mcp add --scope user, see docs/install.md.",
    ],
  },
  vscode: {
    title: "VS Code",
    ...USUAL,
    file: (machine) => join(applicationData(machine), "Code", "User", "mcp.json"),
    serversKey: "servers",
    token: referenceTo(`input:${VS_CODE_TOKEN}`),
    write: (entry) => ({ type: "stdio", ...plain(entry) }),
    besides: {
      inputs: [
        { type: "promptString", id: VS_CODE_TOKEN, description: "Webflow site token", password: true },
      ],
    },
    hints: [
      "VS Code asks for the token once and keeps it in its secret store.",
      "For one project: the same text in .vscode/mcp.json.",
    ],
  },
  cursor: {
    title: "Cursor",
    ...USUAL,
    file: ({ home }) => join(home, ".cursor", "mcp.json"),
    hints: ["Switch the server on in Settings > MCP when Cursor asks."],
  },
  codex: {
    title: "Codex",
    ...USUAL,
    format: "toml",
    file: ({ home, environment }) => join(environment["CODEX_HOME"] || join(home, ".codex"), "config.toml"),
    serversKey: "mcp_servers",
    write: (entry) => ({ ...plain(entry), startup_timeout_sec: 60 }),
    hints: ["For `codex exec` add `required = true`: without it a run starts before the server is ready."],
  },
  gemini: {
    title: "Gemini CLI",
    ...USUAL,
    file: ({ home }) => join(home, ".gemini", "settings.json"),
    hints: ["$WEBFLOW_TOKEN works in place of the token; when it is not set, the text itself is passed on."],
  },
  zed: {
    title: "Zed",
    ...USUAL,
    file: (machine) => join(zedDirectory(machine), "settings.json"),
    serversKey: "context_servers",
    hints: [],
  },
  opencode: {
    title: "opencode",
    ...USUAL,
    file: ({ home, environment }) =>
      join(environment["XDG_CONFIG_HOME"] || join(home, ".config"), "opencode", "opencode.json"),
    serversKey: "mcp",
    write: ({ command, args, env }) => ({
      type: "local",
      command: [command, ...args],
      environment: env,
      enabled: true,
    }),
    hints: ["{env:WEBFLOW_TOKEN} works in place of the token."],
  },
  qwen: {
    title: "Qwen Code",
    ...USUAL,
    file: ({ home }) => join(home, ".qwen", "settings.json"),
    hints: ["$WEBFLOW_TOKEN works in place of the token; when it is not set, the text itself is passed on."],
  },
  cline: {
    title: "Cline",
    ...USUAL,
    file: ({ home }) => join(home, ".cline", "data", "settings", "cline_mcp_settings.json"),
    hints: ["Cline waits 3 seconds for a server to start: run the command once by hand, so that npx has it."],
  },
  continue: {
    title: "Continue",
    ...USUAL,
    file: ({ home }) => join(home, ".continue", "mcpServers", `${ENTRY_NAME}.json`),
    hints: ["Continue offers tools in agent mode only."],
  },
};

/** The environment of an entry: the token, and the settings that are not the defaults. */
export function entryEnvironment(
  token: string,
  { siteId, readOnly }: { readonly siteId: string | undefined; readonly readOnly: boolean },
): ServerEntry["env"] {
  return {
    WEBFLOW_TOKEN: token,
    ...(siteId !== undefined && { WEBFLOW_SITE_ID: siteId }),
    ...(readOnly && { WEBFLOW_READ_ONLY: "1" }),
  };
}

function plain({ command, args, env }: ServerEntry): Readonly<Record<string, unknown>> {
  return { command, args, env };
}

/** A variable that the client replaces. */
function referenceTo(name: string): string {
  return `\${${name}}`;
}

/** Where applications keep their users' settings. */
function applicationData({ platform, home, environment }: Machine): string {
  if (platform === "darwin") return join(home, "Library", "Application Support");
  if (platform === "win32") return environment["APPDATA"] || join(home, "AppData", "Roaming");
  return environment["XDG_CONFIG_HOME"] || join(home, ".config");
}

function zedDirectory(machine: Machine): string {
  if (machine.platform === "win32") return join(applicationData(machine), "Zed");
  return join(machine.environment["XDG_CONFIG_HOME"] || join(machine.home, ".config"), "zed");
}
