import { resolve } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { serverStart } from "../../src/cli/clients/server-start.js";
import { readConfig } from "../../src/cli/config.js";
import { runDoctor } from "../../src/cli/doctor.js";
import { type Emulator, startEmulator } from "../../src/emulator/emulator.js";
import { makeTree } from "../builders/file-tree.js";
import { runCommand } from "../builders/run-command.js";
import { emulatorEnvironment } from "../builders/server-process.js";

let emulator: Emulator;
const tree = makeTree({ "pictures/a.png": "", file: "" });

beforeAll(async () => {
  emulator = await startEmulator();
});

afterAll(async () => {
  await emulator.close();
  tree.remove();
});

interface Report {
  readonly ok: boolean;
  readonly checks: { name: string; state: string; found: string; fix?: string }[];
}

/** The command as users run it. The home directory holds no client's file unless a test puts one there. */
function doctorCommand(env: Record<string, string>, ...args: string[]) {
  return runCommand(["doctor", ...args], { HOME: tree.root, ...env });
}

/** What the command runs, in this process. */
async function doctor(env: Record<string, string>, ...args: string[]) {
  const machine = {
    platform: process.platform,
    home: env["HOME"] ?? tree.root,
    workingDirectory: tree.root,
    environment: env,
  };
  const printed: string[] = [];
  const exitCode = await runDoctor(
    readConfig(["doctor", ...args], env),
    serverStart(resolve("dist/main.js")),
    machine,
    (text) => printed.push(text),
  );
  return { exitCode, stdout: printed.join("\n") };
}

async function checkNamed(name: string, env: Record<string, string>, ...args: string[]) {
  const { stdout, exitCode } = await doctor(env, "--json", ...args);
  const report = JSON.parse(stdout) as Report;
  return { exitCode, ok: report.ok, ...report.checks.find((check) => check.name === name) };
}

describe("doctor", () => {
  it("finds nothing wrong with a working set of settings", async () => {
    const { exitCode, stdout } = await doctorCommand(emulatorEnvironment(emulator), `${tree.root}/pictures`);
    expect(stdout).toContain(emulator.siteId);
    expect(stdout).toContain("mcpServers");
    expect(stdout).not.toContain("!!");
    expect(exitCode).toBe(0);
  });

  it("says how to get a token, and what works without one", async () => {
    const { exitCode, state, fix } = await checkNamed("Token", {
      WEBFLOW_API_BASE_URL: emulator.apiBaseUrl,
    });
    expect({ exitCode, state }).toEqual({ exitCode: 1, state: "wrong" });
    expect(fix).toMatch(/API access.*assets:write.*--demo/);
  });

  it("never prints the token", async () => {
    const { stdout } = await doctor({ ...emulatorEnvironment(emulator), WEBFLOW_TOKEN: "a-wrong-token-123" });
    expect(stdout).not.toContain("a-wrong-token-123");
  });

  it("reports a token that Webflow does not know", async () => {
    const env = { ...emulatorEnvironment(emulator), WEBFLOW_TOKEN: "wrong" };
    const { exitCode, stdout } = await doctorCommand(env, "--json");
    const { ok, checks } = JSON.parse(stdout) as Report;
    expect({ exitCode, ok }).toEqual({ exitCode: 1, ok: false });
    expect(checks).toContainEqual(expect.objectContaining({ name: "Token", state: "wrong" }));
  });

  it("reports a site that the token cannot see, and which ones it can", async () => {
    const env = { ...emulatorEnvironment(emulator), WEBFLOW_SITE_ID: "a".repeat(24) };
    const check = await checkNamed("Site", env);
    expect(check).toMatchObject({ exitCode: 1, state: "wrong" });
    expect(check.fix).toContain(emulator.siteId);
  });

  it("changes nothing on the site", async () => {
    await doctor(emulatorEnvironment(emulator));
    expect(emulator.library.assets(emulator.siteId)).toEqual([]);
  });

  it("reports a token that may read but not write", async () => {
    const { value } = emulator.library.addToken({
      scopes: ["sites:read", "assets:read"],
      siteIds: [emulator.siteId],
    });
    const env = { ...emulatorEnvironment(emulator), WEBFLOW_TOKEN: value };
    expect(await checkNamed("Reading", env)).toMatchObject({ exitCode: 1, state: "good" });
    const writing = await checkNamed("Writing", env);
    expect(writing.state).toBe("wrong");
    expect(writing.fix).toMatch(/^[A-Z].*assets:write/);
  });

  it("checks reading and writing with a token that may not list sites, where the site is named", async () => {
    const { value } = emulator.library.addToken({
      scopes: ["assets:read", "assets:write"],
      siteIds: [emulator.siteId],
    });
    const env = { ...emulatorEnvironment(emulator), WEBFLOW_TOKEN: value };
    expect(await checkNamed("Token", env)).toMatchObject({ exitCode: 1, state: "wrong" });
    const named = { ...env, WEBFLOW_SITE_ID: emulator.siteId };
    expect(await checkNamed("Token", named)).toMatchObject({ exitCode: 0, state: "doubtful" });
    expect(await checkNamed("Reading", named)).toMatchObject({ state: "good" });
    expect(await checkNamed("Writing", named)).toMatchObject({ state: "good" });
  });

  it("says what a token looks like that is none", async () => {
    const env = { ...emulatorEnvironment(emulator), WEBFLOW_TOKEN: "$WEBFLOW_TOKEN" };
    const check = await checkNamed("Token", env);
    expect(check).toMatchObject({
      exitCode: 1,
      state: "wrong",
      found: expect.stringContaining("$WEBFLOW_TOKEN"),
    });
  });

  it("reports a directory that does not exist", async () => {
    const check = await checkNamed("Directory", emulatorEnvironment(emulator), `${tree.root}/nothing`);
    expect(check).toMatchObject({ exitCode: 1, state: "wrong" });
    expect(check.found).toContain("nothing");
  });

  it("prints a configuration that works in another working directory, and what to type here for another client", async () => {
    const { stdout } = await doctor(emulatorEnvironment(emulator), "./test");
    expect(JSON.parse(stdout.slice(stdout.indexOf("{\n"))).mcpServers["webflow-assets"].args).toEqual([
      resolve("dist/main.js"),
      resolve("test"),
    ]);
    expect(stdout).toContain(`${process.execPath} ${resolve("dist/main.js")} config CLIENT`);
  });

  it("names the proxy variables", async () => {
    const env = {
      ...emulatorEnvironment(emulator),
      HTTPS_PROXY: "http://127.0.0.1:9",
      NO_PROXY: "127.0.0.1",
    };
    const check = await checkNamed("Proxy", env);
    expect(check.found).toBe("by HTTPS_PROXY, not for 127.0.0.1");
  });

  it("reports a clock that is wrong", async () => {
    emulator.switches.clockOffsetMs = 3_600_000;
    emulator.switches.dateFollowsClock = true;
    const check = await checkNamed("Clock", emulatorEnvironment(emulator));
    emulator.switches.clockOffsetMs = 0;
    expect(check).toMatchObject({ exitCode: 0, state: "doubtful", found: "60 minutes behind" });
  });
});

describe("doctor without a token in its environment", () => {
  /** A home directory in which Cursor has an entry. */
  async function withEntry(entry: object, check: (home: string) => Promise<void>): Promise<void> {
    const home = makeTree({
      ".cursor/mcp.json": JSON.stringify({ mcpServers: { "webflow-assets": entry } }),
      ".codex/config.toml": "this is [not TOML",
    });
    await check(home.root);
    home.remove();
  }

  it("checks what a client's entry says, and never prints its token", async () => {
    const env = { ...emulatorEnvironment(emulator) };
    const entry = { command: "npx", args: ["-y", "webflow-assets-mcp", `${tree.root}/pictures`], env };
    await withEntry(entry, async (home) => {
      const { exitCode, stdout } = await doctor({ HOME: home });
      expect(stdout).toMatch(/ok +Client +Cursor, .*mcp\.json/);
      expect(stdout).toContain(emulator.siteId);
      expect(stdout).toContain(`${tree.root}/pictures`);
      expect(stdout).not.toContain(emulator.token);
      expect(exitCode).toBe(0);
    });
  });

  it("says that the token of an entry is still the placeholder", async () => {
    const entry = {
      command: "npx",
      args: ["webflow-assets-mcp"],
      env: { ...emulatorEnvironment(emulator), WEBFLOW_TOKEN: "your-site-token" },
    };
    await withEntry(entry, async (home) => {
      expect(await checkNamed("Token", { HOME: home })).toMatchObject({
        exitCode: 1,
        found: 'still "your-site-token"',
      });
    });
  });

  it("says of a token that the client fills in that it cannot be checked from here", async () => {
    const entry = {
      command: "npx",
      args: ["webflow-assets-mcp"],
      env: { WEBFLOW_TOKEN: "$" + "{input:webflow-token}" },
    };
    await withEntry(entry, async (home) => {
      expect(await checkNamed("Client", { HOME: home })).toMatchObject({ exitCode: 0, state: "doubtful" });
    });
  });

  it("names an entry by which the server would not start", async () => {
    const entry = { command: "npx", args: ["webflow-assets-mcp", "--reed-only"], env: {} };
    await withEntry(entry, async (home) => {
      const { exitCode, found } = await checkNamed("Client", { HOME: home });
      expect(found).toContain("--reed-only");
      expect(exitCode).toBe(1);
    });
  });
});

describe("doctor --demo", () => {
  it("finds everything well, and prints an entry that needs neither token nor site", async () => {
    const { exitCode, stdout } = await doctorCommand({}, "--demo", "--json");
    expect(exitCode).toBe(0);
    const { configuration } = JSON.parse(stdout);
    const entry = configuration.mcpServers["webflow-assets"];
    expect(entry.args).toContain("--demo");
    expect(entry).not.toHaveProperty("env");
  });
});
