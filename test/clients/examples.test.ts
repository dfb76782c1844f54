import { readFileSync } from "node:fs";
import { parse as parseToml } from "smol-toml";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { cursorLink, vsCodeLink } from "../../scripts/clients.mjs";
import { type Emulator, startEmulator } from "../../src/emulator/emulator.js";
import { makeTree } from "../builders/file-tree.js";
import { emulatorEnvironment, startServer } from "../builders/server-process.js";
import { expand, type ServerEntry } from "./expand.js";

const README = readFileSync("README.md", "utf8");
const home = makeTree({ "Pictures/website": "directory" });

let emulator: Emulator;

beforeAll(async () => {
  emulator = await startEmulator();
});

afterAll(async () => {
  await emulator.close();
  home.remove();
});

/** The code blocks under a client's heading. */
function examples(client: string, language: string): string[] {
  const section = README.split(`\n### ${client}\n`)[1]?.split(/\n##+ /)[0] ?? "";
  return [...section.matchAll(new RegExp(`\`\`\`${language}\n([^]*?)\`\`\``, "g"))].map(
    ([, code]) => code ?? "",
  );
}

function onlyExample(client: string, language: string): string {
  const [example, ...others] = examples(client, language);
  expect(others).toEqual([]);
  return example ?? "";
}

function entryOf(servers: unknown): ServerEntry {
  const entries = servers as Record<string, ServerEntry>;
  expect(Object.keys(entries)).toEqual(["webflow-assets"]);
  return entries["webflow-assets"] as ServerEntry;
}

/** What `claude mcp add NAME -e KEY=VALUE -- command args` writes. */
function entryOfCommand(line: string): ServerEntry {
  const [options = "", start = ""] = line.trim().split(" -- ");
  const [command = "", ...args] = start.split(" ");
  const [, name = "", value = ""] = / -e (\w+)=(\S+)/.exec(options) ?? [];
  return { command, args, env: { [name]: value } };
}

const ENTRIES: [string, () => ServerEntry][] = [
  ["mcp.json.example", () => entryOf(JSON.parse(readFileSync("mcp.json.example", "utf8")).mcpServers)],
  ["Claude Desktop", () => entryOf(JSON.parse(onlyExample("Claude Desktop", "json")).mcpServers)],
  ["Claude Code's command", () => entryOfCommand(onlyExample("Claude Code", "sh"))],
  ["Claude Code's .mcp.json", () => entryOf(JSON.parse(onlyExample("Claude Code", "json")).mcpServers)],
  ["VS Code", () => entryOf(JSON.parse(onlyExample("VS Code", "json")).servers)],
  ["Cursor", () => entryOf(JSON.parse(onlyExample("Cursor", "json")).mcpServers)],
  ["Codex", () => entryOf(parseToml(onlyExample("Codex", "toml"))["mcp_servers"])],
  ["Gemini CLI", () => entryOf(JSON.parse(onlyExample("Gemini CLI", "json")).mcpServers)],
  ["Zed", () => entryOf(JSON.parse(onlyExample("Zed", "json")).context_servers)],
  ["VS Code's link", () => JSON.parse(new URL(vsCodeLink()).searchParams.get("config") ?? "")],
  [
    "Cursor's link",
    () =>
      JSON.parse(Buffer.from(new URL(cursorLink()).searchParams.get("config") ?? "", "base64").toString()),
  ],
];

describe("the server as a client starts it", () => {
  it.each(ENTRIES)("by %s answers, with the token that the user gave", async (_, read) => {
    const { token } = emulator;
    const { command, args, env } = expand(read(), {
      environment: { WEBFLOW_TOKEN: token },
      inputs: { "webflow-token": token, WEBFLOW_TOKEN: token },
      home: home.root,
    });
    expect([command, ...args.slice(0, 2)]).toEqual(["npx", "-y", "webflow-assets-mcp"]);
    const server = startServer({
      args: args.slice(2),
      env: {
        ...emulatorEnvironment(emulator),
        ...env,
        ...(env["WEBFLOW_TOKEN"] === "your-site-token" && { WEBFLOW_TOKEN: token }),
        HOME: home.root,
      },
    });
    await server.initialize();
    expect(await server.call("listFolders", {})).toMatchObject({ siteId: emulator.siteId });
    expect(await server.close()).toBe(0);
  });
});

describe("what is generated from the sources", () => {
  it("stands in README: the install links", () => {
    expect(README).toContain(vsCodeLink());
    expect(README).toContain(cursorLink());
  });

  it("asks for every variable that VS Code's link uses", () => {
    const { searchParams } = new URL(vsCodeLink());
    const inputs = JSON.parse(searchParams.get("inputs") ?? "") as { id: string; password: boolean }[];
    const used = [...(searchParams.get("config") ?? "").matchAll(/input:(\w+)/g)].map(([, id]) => id);
    expect(inputs.map(({ id }) => id)).toEqual(used);
    expect(inputs.find(({ id }) => id === "WEBFLOW_TOKEN")?.password).toBe(true);
  });
});
