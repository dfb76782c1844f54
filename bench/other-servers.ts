import { join } from "node:path";
import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StdioClientTransport } from "@modelcontextprotocol/sdk/client/stdio.js";
import { installBeside } from "./install-beside.js";

/** How a server is started: the script and its arguments, and what it wants in its environment. */
export interface Start {
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

/** Other people's servers, installed beside the project and not into it. */
export function otherServers(): { name: string; start: Start }[] {
  const packages = { "webflow-mcp-server": "1.0.0", "@modelcontextprotocol/server-filesystem": "2026.8.31" };
  const directory = installBeside("webflow-assets-bench-servers", packages);
  const entries: Record<string, Start> = {
    "webflow-mcp-server": { args: [], env: { WEBFLOW_TOKEN: "bench" } },
    "@modelcontextprotocol/server-filesystem": { args: [directory] },
  };
  return Object.keys(packages).map((name) => {
    const { args = [], env = {} } = entries[name] ?? {};
    const script = join(directory, "node_modules", name, "dist", "index.js");
    return { name, start: { args: [script, ...args], env } };
  });
}

/** Starts a server in Node and connects a client to it. */
export async function startServer({ args, env = {} }: Start) {
  const transport = new StdioClientTransport({
    command: process.execPath,
    args: [...args],
    env: { PATH: process.env["PATH"] ?? "", HOME: process.env["HOME"] ?? "", ...env },
    stderr: "ignore",
  });
  const client = new Client({ name: "bench", version: "1" });
  await client.connect(transport);
  return { client, pid: transport.pid, close: () => client.close() };
}
