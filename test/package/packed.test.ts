import { execFile } from "node:child_process";
import { readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { TOOLS } from "../../src/tools/catalog.js";
import { makeTree } from "../builders/file-tree.js";
import { startServer } from "../builders/server-process.js";
import { patient } from "../slowness.js";

const run = promisify(execFile);
const COMPILER = join("node_modules", ".bin", "tsc");
const elsewhere = makeTree({ "package.json": '{"private":true,"type":"module"}' });
const installed = join(elsewhere.root, "node_modules", "webflow-assets-mcp");
let tarball = "";

beforeAll(async () => {
  await run(COMPILER, ["-p", "scripts/tsconfig.types.json"]);
  // The suite has built dist/ already, and other tests are using it.
  await run("npm", ["pack", "--ignore-scripts", "--pack-destination", elsewhere.root]);
  tarball = readdirSync(elsewhere.root).find((file) => file.endsWith(".tgz")) ?? "";
  // Offline: what is installed comes out of the package alone.
  await run("npm", ["install", "--offline", "--omit=optional", `./${tarball}`], { cwd: elsewhere.root });
}, patient(60_000));

afterAll(() => elsewhere.remove());

describe("the packed package, installed elsewhere", () => {
  it("serves the demo: initialize, tools/list and an upload", async () => {
    const bin = join(elsewhere.root, "node_modules", ".bin", "webflow-assets-mcp");
    const server = startServer({ command: [bin], args: ["--demo"] });
    expect((await server.initialize()).result.serverInfo.name).toBe("webflow-assets-mcp");
    expect((await server.request("tools/list")).result.tools).toHaveLength(TOOLS.length);
    const source = `data:text/plain;base64,${Buffer.from("Hello").toString("base64")}`;
    const result = await server.call("uploadAsset", { source, fileName: "hello.txt", folder: "Texts" });
    expect(result).toMatchObject({ status: "uploaded", asset: { size: 5, folder: { path: "Texts" } } });
    expect(await server.close()).toBe(0);
  });

  it("gives its emulator to other people's tests, with types", async () => {
    const test = [
      'import { type EmulatorSwitches, type Fault, startEmulator } from "webflow-assets-mcp/emulator";',
      "const switches: Partial<EmulatorSwitches> = { createStatus: 202 };",
      "const emulator = await startEmulator({ switches });",
      'const outage: Fault = { on: "listSites", kind: "status", status: 500, when: "before", times: 1 };',
      "emulator.faults.add(outage);",
      'const headers = { authorization: "Bearer " + emulator.token };',
      'const listSites = () => fetch(emulator.apiBaseUrl + "/sites", { headers });',
      "const { status } = await listSites();",
      "const { sites } = (await (await listSites()).json()) as { sites: { id: string }[] };",
      "await emulator.close();",
      'process.stdout.write(sites[0]?.id === emulator.siteId ? "same" + status : "other");',
    ].join("\n");
    writeFileSync(join(elsewhere.root, "test.ts"), test);
    const compilerOptions = {
      target: "ES2023",
      module: "NodeNext",
      strict: true,
      types: ["node"],
      typeRoots: [join(process.cwd(), "node_modules", "@types")],
    };
    writeFileSync(
      join(elsewhere.root, "tsconfig.json"),
      JSON.stringify({ compilerOptions, files: ["test.ts"] }),
    );
    await run(COMPILER, ["-p", elsewhere.root]);
    const { stdout } = await run(process.execPath, ["test.js"], { cwd: elsewhere.root });
    expect(stdout).toBe("same500");
  });

  it("holds what runs, the types, and what users read, in less than 3 MB", () => {
    expect(readdirSync(installed).sort()).toEqual([
      "CHANGELOG.md",
      "LICENSE",
      "README.md",
      "THIRD-PARTY-NOTICES",
      "dist",
      "mcp.json.example",
      "package.json",
      "sbom.cdx.json",
    ]);
    expect(statSync(join(elsewhere.root, tarball)).size).toBeLessThan(3_000_000);
  });

  it("names the licence of each package that it holds parts of", () => {
    const notices = readFileSync(join(installed, "THIRD-PARTY-NOTICES"), "utf8");
    for (const name of [
      "@modelcontextprotocol/sdk",
      "webflow-api",
      "zod",
      "undici",
      "form-data",
      "file-type",
    ]) {
      expect(notices).toMatch(new RegExp(`^${name} [\\d.]+ \\(.+\\)\nSource: .*(http|github)`, "m"));
    }
  });
});
