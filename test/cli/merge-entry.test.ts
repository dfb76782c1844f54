import { describe, expect, it } from "vitest";
import { CLIENTS } from "../../src/cli/clients/clients.js";
import { mergeEntry, readConfiguration, UnreadableConfiguration } from "../../src/cli/clients/merge-entry.js";

const ENTRY = {
  command: "node",
  args: ["/srv/main.js", "/photos"],
  env: { WEBFLOW_TOKEN: "your-site-token" },
};
const { cursor, zed, codex, vscode } = CLIENTS;

describe("an entry merged into a client's JSON", () => {
  it("leaves comments, order, tabs and other programs' settings as they were", () => {
    const before = '// mine\n{\n\t"theme": "One", // dark\n\t"context_servers": {},\n\t"z": 1,\n}\n';
    const after = mergeEntry(before, zed, ENTRY);
    expect(after).toContain(
      '// mine\n{\n\t"theme": "One", // dark\n\t"context_servers": {\n\t\t"webflow-assets": {',
    );
    expect(after).toContain('\n\t"z": 1,\n}\n');
    expect(readConfiguration(after, "json")).toEqual({
      theme: "One",
      z: 1,
      context_servers: { "webflow-assets": ENTRY },
    });
  });

  it("is made of nothing where the file is empty or missing", () => {
    expect(readConfiguration(mergeEntry("", cursor, ENTRY), "json")).toEqual({
      mcpServers: { "webflow-assets": ENTRY },
    });
  });

  it("keeps the token and other keys of an entry that is there already", () => {
    const old = {
      command: "npx",
      args: ["-y", "webflow-assets-mcp"],
      env: { WEBFLOW_TOKEN: "real" },
      disabled: true,
    };
    const before = JSON.stringify({ mcpServers: { "webflow-assets": old } });
    const { mcpServers } = readConfiguration(mergeEntry(before, cursor, ENTRY), "json");
    expect(mcpServers).toEqual({
      "webflow-assets": { ...ENTRY, env: { WEBFLOW_TOKEN: "real" }, disabled: true },
    });
  });

  it("takes a new token in place of an old one", () => {
    const before = mergeEntry("", cursor, { ...ENTRY, env: { WEBFLOW_TOKEN: "old" } });
    expect(mergeEntry(before, cursor, { ...ENTRY, env: { WEBFLOW_TOKEN: "new" } })).toContain('"new"');
  });

  it("adds the question for the token once, next to other questions", () => {
    const before = '{ "inputs": [{ "id": "other", "type": "promptString" }] }';
    const once = mergeEntry(before, vscode, ENTRY);
    const twice = mergeEntry(once, vscode, ENTRY);
    const { inputs } = readConfiguration(twice, "json") as { inputs: { id: string }[] };
    expect(inputs.map(({ id }) => id)).toEqual(["other", "webflow-token"]);
    expect(twice).toBe(once);
  });

  it.each([
    ["half an object", '{ "mcpServers": '],
    ["a list", "[]"],
    ["text", "hello"],
  ])("is refused by %s", (_, text) => {
    expect(() => mergeEntry(text, cursor, ENTRY)).toThrow(UnreadableConfiguration);
  });
});

describe("an entry merged into Codex' TOML", () => {
  it("is written at the end, after comments and other servers' tables", () => {
    const before = '# mine\nmodel = "x" # best\n\n[mcp_servers.other]\ncommand = "a"\n';
    const after = mergeEntry(before, codex, ENTRY);
    expect(after.startsWith(before)).toBe(true);
    expect(readConfiguration(after, "toml")).toEqual({
      model: "x",
      mcp_servers: { other: { command: "a" }, "webflow-assets": { ...ENTRY, startup_timeout_sec: 60 } },
    });
  });

  it("replaces the tables of an earlier entry where they stand", () => {
    const before = `${mergeEntry("a = 1\n", codex, ENTRY)}\n[profiles.work]\nmodel = "y"\n`;
    const after = mergeEntry(before, codex, { ...ENTRY, args: ["/new/main.js"] });
    expect(after.match(/\[mcp_servers/g)).toHaveLength(2);
    expect(after.indexOf("/new/main.js")).toBeLessThan(after.indexOf("[profiles.work]"));
    expect(mergeEntry(after, codex, { ...ENTRY, args: ["/new/main.js"] })).toBe(after);
  });

  it("is refused where the servers are written in a form that it cannot be added to", () => {
    const before = 'mcp_servers = { other = { command = "a" } }\n';
    expect(() => mergeEntry(before, codex, ENTRY)).toThrow(UnreadableConfiguration);
  });
});
