import { readFileSync } from "node:fs";
import { afterAll, describe, expect, it } from "vitest";
import { cursorLink, vsCodeLink } from "../../scripts/clients.mjs";
import { CLIENTS, type Client } from "../../src/cli/clients/clients.js";
import { readEntries, serverArguments } from "../../src/cli/clients/read-entry.js";
import { readConfig } from "../../src/cli/config.js";
import { startEmulator } from "../../src/emulator/emulator.js";
import { makeTree } from "../builders/file-tree.js";
import { emulatorEnvironment, startServer } from "../builders/server-process.js";
import { expand, type ServerEntry } from "./expand.js";

const README = readFileSync("README.md", "utf8");
const INSTALL = readFileSync("docs/install.md", "utf8");
const home = makeTree({ "Pictures/website": "directory" });

afterAll(() => home.remove());

/** The first code block of a language under a heading of docs/install.md. */
function example(heading: string, language: string): string {
  const section = INSTALL.split(`# ${heading}\n`)[1]?.split(/\n##+ /)[0] ?? "";
  return new RegExp(`\`\`\`${language}\n(.*?)\`\`\``, "s").exec(section)?.[1] ?? "";
}

function entryOf(servers: unknown): ServerEntry {
  const entries = servers as Record<string, Partial<ServerEntry>>;
  expect(Object.keys(entries)).toEqual(["webflow-assets"]);
  return { command: "", args: [], env: {}, ...entries["webflow-assets"] };
}

/** What `claude mcp add NAME -e KEY=VALUE -- command args` writes. */
function entryOfCommand(line: string): ServerEntry {
  const [options = "", start = ""] = line.trim().split(" -- ");
  const [command = "", ...args] = start.split(" ");
  const [, name = "", value = ""] = / -e (\w+)=(\S+)/.exec(options) ?? [];
  return { command, args, env: { [name]: value } };
}

function readJson(file: string) {
  return JSON.parse(readFileSync(file, "utf8"));
}

function entryOnPage(client: Client): ServerEntry {
  const [found, ...others] = readEntries(client, example(client.title, client.format));
  expect(others).toEqual([]);
  return found?.entry ?? { command: "", args: [], env: {} };
}

const PLUGIN = "plugins/webflow-assets";
const ENTRIES: [string, () => ServerEntry][] = [
  ["mcp.json.example", () => entryOf(readJson("mcp.json.example").mcpServers)],
  ...Object.values(CLIENTS).map((client): [string, () => ServerEntry] => [
    `docs/install.md for ${client.title}`,
    () => entryOnPage(client),
  ]),
  ["Claude Code's command", () => entryOfCommand(example("Claude Code, as a plugin", "sh"))],
  ["VS Code's link", () => JSON.parse(new URL(vsCodeLink()).searchParams.get("config") ?? "")],
  [
    "Cursor's link",
    () =>
      JSON.parse(Buffer.from(new URL(cursorLink()).searchParams.get("config") ?? "", "base64").toString()),
  ],
  ["the plugin of Claude Code", () => entryOf(readJson(`${PLUGIN}/.claude-plugin/plugin.json`).mcpServers)],
  [
    "the Agent Plugin, whose client passes the environment on",
    () => ({
      ...entryOf(readJson(`${PLUGIN}/mcp.json`).mcpServers),
      env: { WEBFLOW_TOKEN: "$WEBFLOW_TOKEN" },
    }),
  ],
];

/** The entry as a client uses it, once the user has given the token. */
function filledIn(entry: ServerEntry, token: string): ServerEntry {
  const { command, args, env } = expand(entry, {
    environment: { WEBFLOW_TOKEN: token, "user_config.token": token },
    inputs: { "webflow-token": token, WEBFLOW_TOKEN: token },
    home: home.root,
  });
  const isForTheUser = env["WEBFLOW_TOKEN"] === "your-site-token";
  return { command, args, env: { ...env, ...(isForTheUser && { WEBFLOW_TOKEN: token }) } };
}

describe("the server as a client starts it", () => {
  it.each(
    ENTRIES,
  )("a client's entry by %s comes from the registry and is given the user's token", (_, read) => {
    const entry = filledIn(read(), "the-token");
    const { command, args, env } = entry;
    expect([command, ...args.slice(0, 2)]).toEqual([
      "npx",
      "-y",
      expect.stringMatching(/^webflow-assets-mcp(@\d+\.\d+\.\d+)?$/),
    ]);
    expect(readConfig([...serverArguments(entry)], { ...env })).toMatchObject({
      command: "serve",
      token: "the-token",
      tokenProblem: undefined,
      notes: [],
    });
  });

  it("a client's entry by mcp.json.example starts a server that answers", async () => {
    const emulator = await startEmulator();
    const entry = filledIn(entryOf(readJson("mcp.json.example").mcpServers), emulator.token);
    const server = startServer({
      args: [...serverArguments(entry)],
      env: { ...emulatorEnvironment(emulator), ...entry.env, HOME: home.root },
    });
    await server.initialize();
    expect(await server.call("listFolders", {})).toMatchObject({ siteId: emulator.siteId });
    expect(await server.close()).toBe(0);
    await emulator.close();
  });
});

describe("what is generated from the sources", () => {
  it("README contains the install links", () => {
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
