import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { CLIENTS, type ClientName, ENTRY_NAME } from "../../../src/cli/clients/clients.js";
import { textWithEntry } from "../../../src/cli/clients/merge-entry.js";

/** A run of an agent: its own home, the project that it works in, and the model that it talks to. */
export interface Run {
  readonly home: string;
  readonly project: string;
  readonly modelUrl: string;
  readonly prompt: string;
}

/** A program that has an MCP client and can be run without a person, with a model on loopback. */
export interface Agent {
  readonly title: string;
  /** Its package and the version that these runs were written for. */
  readonly package: string;
  readonly program: string;
  /** Its name for `config`, whose text it gets. */
  readonly client: ClientName;
  readonly args: (run: Run) => readonly string[];
  readonly env: (run: Run) => Readonly<Record<string, string>>;
  /** What else has to stand in its JSON file, beside the server's entry. */
  readonly settings?: (run: Run) => Readonly<Record<string, unknown>>;
}

const KEY = "not-a-key";

export const AGENTS: readonly Agent[] = [
  {
    title: "Claude Code",
    package: "@anthropic-ai/claude-code@2.1.332",
    program: "claude",
    client: "claude-code",
    args: ({ prompt, project }) => [
      "-p",
      prompt,
      "--mcp-config",
      join(project, ".mcp.json"),
      "--strict-mcp-config",
      "--allowedTools",
      `mcp__${ENTRY_NAME}`,
    ],
    env: ({ modelUrl }) => ({
      ANTHROPIC_BASE_URL: modelUrl,
      ANTHROPIC_API_KEY: KEY,
      CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: "1",
      DISABLE_AUTOUPDATER: "1",
    }),
  },
  {
    title: "Gemini CLI",
    package: "@google/gemini-cli@0.61.0",
    program: "gemini",
    client: "gemini",
    // A named model, since otherwise a model chooses the model.
    args: ({ prompt }) => ["-p", prompt, "--yolo", "--skip-trust", "--model", "gemini-2.5-flash"],
    env: ({ modelUrl }) => ({ GOOGLE_GEMINI_BASE_URL: modelUrl, GEMINI_API_KEY: KEY }),
    settings: () => ({
      security: { auth: { selectedType: "gemini-api-key" } },
      general: { disableAutoUpdate: true, enableAutoUpdate: false },
      privacy: { usageStatisticsEnabled: false },
    }),
  },
  {
    title: "Qwen Code",
    package: "@qwen-code/qwen-code@0.24.4",
    program: "qwen",
    client: "qwen",
    args: ({ prompt }) => ["-p", prompt, "--yolo"],
    env: ({ modelUrl }) => ({
      OPENAI_BASE_URL: `${modelUrl}/v1`,
      OPENAI_API_KEY: KEY,
      OPENAI_MODEL: "scripted",
    }),
    settings: () => ({
      security: { auth: { selectedType: "openai" } },
      general: { enableAutoUpdate: false },
      privacy: { usageStatisticsEnabled: false },
    }),
  },
  {
    title: "Codex",
    package: "@openai/codex@0.171.0",
    program: "codex",
    client: "codex",
    args: ({ prompt, modelUrl }) => [
      "exec",
      "--skip-git-repo-check",
      "--dangerously-bypass-approvals-and-sandbox",
      ...Object.entries({
        model: "scripted",
        // As for the models that Codex knows; it cuts results for others at 10 kB.
        tool_output_token_limit: "10000",
        model_provider: "scripted",
        "model_providers.scripted": `{ name = "scripted", base_url = "${modelUrl}/v1", env_key = "OPENAI_API_KEY", wire_api = "responses" }`,
        [`mcp_servers.${ENTRY_NAME}.required`]: "true",
      }).flatMap(([name, value]) => ["-c", `${name}=${value}`]),
      prompt,
    ],
    env: () => ({ OPENAI_API_KEY: KEY }),
  },
  {
    title: "opencode",
    package: "opencode-ai@1.18.33",
    program: "opencode",
    client: "opencode",
    args: ({ prompt }) => ["run", "--model", "scripted/scripted", prompt],
    env: () => ({ OPENCODE_DISABLE_AUTOUPDATE: "1" }),
    settings: ({ modelUrl }) => ({
      provider: {
        scripted: {
          npm: "@ai-sdk/openai-compatible",
          options: { baseURL: `${modelUrl}/v1`, apiKey: KEY },
          models: { scripted: { name: "scripted", tool_call: true } },
        },
      },
      autoupdate: false,
      share: "disabled",
    }),
  },
];

/** Writes the agent's files as `config` writes them, for a server that starts with these arguments and this environment. */
export function configure(
  agent: Agent,
  run: Run,
  server: { readonly args: readonly string[]; readonly env: Readonly<Record<string, string>> },
): void {
  const client = CLIENTS[agent.client];
  const { home, project } = run;
  const environment = {};
  const file = client.file({ platform: process.platform, home, workingDirectory: project, environment });
  const text = textWithEntry(client, { command: process.execPath, ...server });
  const settings = agent.settings?.(run);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, settings ? JSON.stringify({ ...JSON.parse(text), ...settings }) : text);
}
