import { cpSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { getMcpConfigForManifest, v0_3 } from "@anthropic-ai/mcpb";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { mcpbManifest } from "../../scripts/mcpb-manifest.mjs";
import { type Emulator, startEmulator } from "../../src/emulator/emulator.js";
import { TOOLS } from "../../src/tools/catalog.js";
import { makeTree } from "../builders/file-tree.js";
import { emulatorEnvironment, type ServerProcess, startServer } from "../builders/server-process.js";

const packageJson = JSON.parse(readFileSync("package.json", "utf8"));
const manifest = mcpbManifest({ packageJson, tools: TOOLS, withSharp: true });
const place = makeTree({
  "bundle/package.json": '{"type":"module"}',
  "photos/a.txt": "A",
  "logos/b.txt": "B",
});

let emulator: Emulator;

beforeAll(async () => {
  emulator = await startEmulator();
  cpSync("dist", join(place.root, "bundle", "dist"), { recursive: true });
});

afterAll(async () => {
  await emulator.close();
  place.remove();
});

/** Starts the server as Claude Desktop does, with what the user filled in. */
async function startBundle(userConfig: Record<string, string | boolean | string[]>): Promise<ServerProcess> {
  const config = await getMcpConfigForManifest({
    manifest,
    extensionPath: join(place.root, "bundle"),
    systemDirs: {},
    userConfig,
    pathSeparator: "/",
  });
  expect(config?.command).toBe("node");
  const server = startServer({
    command: [process.execPath],
    args: config?.args ?? [],
    env: { ...emulatorEnvironment(emulator), ...config?.env },
  });
  await server.initialize();
  return server;
}

async function toolNames(server: ServerProcess): Promise<string[]> {
  const { result } = await server.request("tools/list");
  return result.tools.map(({ name }: { name: string }) => name);
}

describe("the bundle for Claude Desktop", () => {
  it("has a manifest of version 0.3, which names every tool and keeps the token secret", () => {
    const { tools, user_config } = v0_3.McpbManifestSchema.parse(manifest);
    expect(tools?.map(({ name }) => name)).toEqual(TOOLS.map(({ name }) => name));
    expect(user_config?.["token"]).toMatchObject({ sensitive: true, required: true });
    expect(user_config?.["directories"]).toMatchObject({ type: "directory", multiple: true });
  });

  it("starts with a token alone", async () => {
    const server = await startBundle({ token: emulator.token });
    expect(await server.call("listFolders", {})).toMatchObject({ siteId: emulator.siteId });
    expect(await toolNames(server)).toHaveLength(TOOLS.length);
    expect(await server.close()).toBe(0);
  });

  it("takes files from each of the directories, and the site", async () => {
    const directories = ["photos", "logos"].map((name) => join(place.root, name));
    const server = await startBundle({ token: emulator.token, directories, site: emulator.siteId });
    const { status, uploaded } = await server.call("uploadAssets", {
      items: [{ source: "a.txt" }, { source: join(place.root, "logos", "b.txt") }],
    });
    expect({ status, uploaded }).toEqual({ status: "done", uploaded: 2 });
    expect(await server.close()).toBe(0);
  });

  it("offers only the reading tools where the user says so", async () => {
    const server = await startBundle({ token: emulator.token, read_only: true });
    expect((await toolNames(server)).sort()).toEqual(
      TOOLS.filter(({ annotations }) => annotations.readOnlyHint)
        .map(({ name }) => name)
        .sort(),
    );
    expect(await server.close()).toBe(0);
  });

  it("says in its description when it is without sharp", () => {
    const { description } = mcpbManifest({ packageJson, tools: TOOLS, withSharp: false });
    expect(description).toContain("optimize is not available");
  });
});
