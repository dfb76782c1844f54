import { execFile } from "node:child_process";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Emulator, startEmulator } from "../../src/emulator/emulator.js";
import { makeTree } from "../builders/file-tree.js";
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

function doctor(
  env: Record<string, string>,
  ...args: string[]
): Promise<{ exitCode: number; stdout: string }> {
  return new Promise((resolve) => {
    const child = execFile(process.execPath, ["dist/main.js", "doctor", ...args], { env }, (_, stdout) =>
      resolve({ exitCode: child.exitCode ?? -1, stdout }),
    );
  });
}

async function checkNamed(name: string, env: Record<string, string>, ...args: string[]) {
  const { stdout, exitCode } = await doctor(env, "--json", ...args);
  const report = JSON.parse(stdout) as Report;
  return { exitCode, ok: report.ok, ...report.checks.find((check) => check.name === name) };
}

describe("doctor", () => {
  it("finds nothing wrong with a working set of settings", async () => {
    const { exitCode, stdout } = await doctor(emulatorEnvironment(emulator), `${tree.root}/pictures`);
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

  it("tells of a token that Webflow does not know", async () => {
    const check = await checkNamed("Token", { ...emulatorEnvironment(emulator), WEBFLOW_TOKEN: "wrong" });
    expect(check).toMatchObject({ exitCode: 1, ok: false, state: "wrong" });
  });

  it("tells of a site that the token does not see, and which it sees", async () => {
    const env = { ...emulatorEnvironment(emulator), WEBFLOW_SITE_ID: "a".repeat(24) };
    const check = await checkNamed("Site", env);
    expect(check).toMatchObject({ exitCode: 1, state: "wrong" });
    expect(check.fix).toContain(emulator.siteId);
  });

  it("changes nothing on the site", async () => {
    await doctor(emulatorEnvironment(emulator));
    expect(emulator.library.assets(emulator.siteId)).toEqual([]);
  });

  it("tells of a token that may read but not write", async () => {
    const { value } = emulator.library.addToken({
      scopes: ["sites:read", "assets:read"],
      siteIds: [emulator.siteId],
    });
    const env = { ...emulatorEnvironment(emulator), WEBFLOW_TOKEN: value };
    expect(await checkNamed("Reading", env)).toMatchObject({ exitCode: 1, state: "good" });
    const writing = await checkNamed("Writing", env);
    expect(writing.state).toBe("wrong");
    expect(writing.fix).toContain("assets:write");
  });

  it("tells of a directory that does not exist", async () => {
    const check = await checkNamed("Directory", emulatorEnvironment(emulator), `${tree.root}/nothing`);
    expect(check).toMatchObject({ exitCode: 1, state: "wrong" });
    expect(check.found).toContain("nothing");
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

  it("tells of a clock that is wrong", async () => {
    emulator.switches.clockOffsetMs = 3_600_000;
    emulator.switches.dateFollowsClock = true;
    const check = await checkNamed("Clock", emulatorEnvironment(emulator));
    emulator.switches.clockOffsetMs = 0;
    expect(check).toMatchObject({ exitCode: 0, state: "doubtful", found: "60 minutes behind" });
  });
});
