import { execFile, spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { promisify } from "node:util";
import { loadTypeScript } from "./load-typescript.mjs";
import { callOften } from "./official-client.mjs";

/*
 * `npm run test:clients`: drives the built server with other people's clients, which need a newer Node than it does. Their packages are
 * fetched for the run, and never become packages of the project.
 *
 *   protocol  1,000 calls of the official client on a busy machine, the command line of the MCP Inspector, and the conformance suite of the
 *             protocol through mcp-proxy
 *   agents    Claude Code, Gemini CLI, Qwen Code, Codex and opencode, each with a scripted model on loopback (test/clients/agents)
 *
 * `npm run test:clients -- protocol` runs one of the two, `-- agents codex` one of the agents.
 */

const INSPECTOR = "@modelcontextprotocol/inspector@2.12.0";
const PROXY = "mcp-proxy@6.7.19";
// The first line that checks every message against the schema of the protocol.
const CONFORMANCE = "@modelcontextprotocol/conformance@0.2.0-alpha.12";
const SCENARIOS = ["server-initialize", "ping", "tools-list", "resources-list", "prompts-list"];
const LISTS = ["initialize", "prompts/list", "resources/list", "resources/templates/list"];

const run = promisify(execFile);
// When npx runs this script, it must not tell the npx in here which packages to use.
delete process.env.npm_config_package;
const [part = "all", ...agents] = process.argv.slice(2);
if (!["all", "protocol", "agents"].includes(part)) throw new Error(`no part ${part}: protocol or agents`);
const isNodeNewEnough = Number(process.versions.node.split(".")[0]) >= 22;
const skipped = [];
let passed = 0;
let failed = 0;

if (part !== "agents") await useOfficialClient();
if (!isNodeNewEnough) {
  skipped.push(`all other clients (they need Node 22: npx -y -p node@22 npm run test:clients)`);
} else {
  if (part !== "agents") await useProtocolClients();
  if (part !== "protocol") {
    const { useAgents } = await loadTypeScript("test/clients/agents/use-agents.ts");
    skipped.push(...(await useAgents(check, agents)));
  }
}
console.log(`${passed} passed, ${failed} failed, ${skipped.length} skipped`);
for (const name of skipped) console.log(`skipped: ${name}`);
process.exitCode = failed === 0 ? 0 : 1;

async function useProtocolClients() {
  const directory = mkdtempSync(join(tmpdir(), "clients-"));
  const emulator = spawn(process.execPath, ["dist/main.js", "emulator", "--port", "0"]);
  try {
    const { apiBaseUrl, token, uploadHost } = JSON.parse(await firstLine(emulator));
    writeFileSync(join(directory, "hello.txt"), "Hello");
    const environment = {
      WEBFLOW_TOKEN: token,
      WEBFLOW_API_BASE_URL: apiBaseUrl,
      WEBFLOW_UPLOAD_HOSTS: uploadHost,
      WEBFLOW_ASSET_DIRS: directory,
      WEBFLOW_LOG_LEVEL: "error",
      XDG_CACHE_HOME: directory,
    };
    await useInspector(environment);
    await useConformance(environment);
  } finally {
    emulator.kill();
    // A server whose client has gone may still be keeping its compiled code there.
    rmSync(directory, { recursive: true, maxRetries: 20 });
  }
}

async function useOfficialClient() {
  const cache = mkdtempSync(join(tmpdir(), "clients-"));
  await check(
    "official client: 1,000 calls, quick and slow, and no progress that it does not know",
    async () => {
      const { calls, failed: refused, progress, errors, seconds } = await callOften(cache);
      console.log(
        `        ${calls} calls in ${seconds} s, ${progress} times progress, ${errors.length} errors of the client`,
      );
      equal([calls, refused, errors.length, progress > 100].join(), "1000,0,0,true");
    },
  );
  rmSync(cache, { recursive: true, maxRetries: 20 });
}

async function useInspector(environment) {
  const settings = Object.entries(environment).flatMap(([name, value]) => ["-e", `${name}=${value}`]);

  async function inspect(...options) {
    const server = ["node", "dist/main.js", ...settings];
    const { stdout } = await run("npx", ["-y", INSPECTOR, "--cli", ...server, ...options]);
    return JSON.parse(stdout);
  }

  /** Calls a tool; resolves to its structured content. */
  async function call(name, args = {}) {
    const pairs = Object.entries(args).map(([key, value]) => `${key}=${JSON.stringify(value)}`);
    const toolArgs = pairs.length > 0 ? ["--tool-arg", ...pairs] : [];
    const result = await check(`Inspector: ${name}`, () =>
      inspect("--method", "tools/call", "--tool-name", name, ...toolArgs),
    );
    return result?.structuredContent ?? {};
  }

  await check("Inspector: tools/list --strict", () => inspect("--method", "tools/list", "--strict"));
  for (const method of LISTS) await check(`Inspector: ${method}`, () => inspect("--method", method));

  await call("listSites");
  await call("ensureFolder", { path: "Campaigns/Spring" });
  await call("listFolders");
  const { asset } = await call("uploadAsset", { source: "hello.txt", folder: "Campaigns/Spring" });
  const assetId = asset?.id ?? "";
  const { plan } = await call("syncFolder", { directory: ".", folder: "Synced" });
  await check("syncFolder finds that the bytes of the file lie in another folder", async () =>
    equal(plan?.elsewhere, 1),
  );
  await call("uploadAssets", { items: [{ source: "hello.txt" }], dryRun: true });
  await call("listAssets");
  await call("showGallery");
  await call("getAsset", { assetId });
  await call("viewAsset", { assetId });
  await call("updateAssets", { updates: [{ assetId, altText: "A greeting" }] });
  await call("deleteAssets", { assetIds: [assetId], confirm: true });
  await check("Inspector: uploadStatus of a job that does not exist is an error of the tool", async () => {
    const status = inspect("--method", "tools/call", "--tool-name", "uploadStatus", "--tool-arg", "job=none");
    const error = await status.then(
      () => "",
      ({ stdout }) => stdout,
    );
    if (!error.includes("[JOB_NOT_FOUND]")) throw new Error(error);
  });
}

async function useConformance(environment) {
  const port = await freePort();
  const proxy = spawn("npx", ["-y", PROXY, "--port", String(port), "--", "node", "dist/main.js"], {
    env: { ...process.env, ...environment },
    stdio: "ignore",
    detached: true,
  });
  try {
    const url = `http://localhost:${port}/mcp`;
    await answering(url);
    for (const scenario of SCENARIOS) {
      await check(`conformance: ${scenario}`, async () => {
        const { stdout } = await run("npx", [
          "-y",
          CONFORMANCE,
          "server",
          "--url",
          url,
          "--scenario",
          scenario,
        ]);
        if (!/ 0 failed, 0 warnings/.test(stdout) || !stdout.includes("wire-schema-valid"))
          throw new Error(stdout);
      });
    }
  } finally {
    process.kill(-proxy.pid);
  }
}

async function check(name, work) {
  try {
    const result = await work();
    passed += 1;
    console.log(`ok      ${name}`);
    return result;
  } catch (error) {
    failed += 1;
    console.log(`FAILED  ${name}\n${error.message}\n${error.stdout ?? ""}`);
    return undefined;
  }
}

function equal(actual, expected) {
  if (actual !== expected) throw new Error(`${actual} instead of ${expected}`);
}

async function firstLine(child) {
  for await (const line of createInterface({ input: child.stdout })) return line;
  throw new Error("the emulator ended without a word");
}

function freePort() {
  return new Promise((resolve) => {
    const server = createServer().listen(0, "127.0.0.1", () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}

/** Waits until something serves at a URL. */
async function answering(url) {
  const deadline = Date.now() + 60_000;
  while (Date.now() < deadline) {
    const isThere = await fetch(url).then(
      () => true,
      () => false,
    );
    if (isThere) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`nothing serves at ${url}`);
}
