import { lstatSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { CLIENT_NAMES, CLIENTS, type Machine } from "../../src/cli/clients/clients.js";
import { readEntries } from "../../src/cli/clients/read-entry.js";
import { type Emulator, startEmulator } from "../../src/emulator/emulator.js";
import { makeTree } from "../builders/file-tree.js";
import { runCommand } from "../builders/run-command.js";
import { emulatorEnvironment, startServer } from "../builders/server-process.js";
import { expand } from "../clients/expand.js";

let emulator: Emulator;
let home: ReturnType<typeof makeTree>;

beforeAll(async () => {
  emulator = await startEmulator();
});

beforeEach(() => {
  home = makeTree({ "photos/a.txt": "A" });
});

afterEach(() => home.remove());

afterAll(() => emulator.close());

function machine(): Machine {
  return { platform: process.platform, home: home.root, workingDirectory: home.root, environment: {} };
}

function config(args: string[], env: Record<string, string> = {}) {
  return runCommand(["config", ...args], { HOME: home.root, ...env }, home.root);
}

describe.each(CLIENT_NAMES)("config %s", (name) => {
  const client = CLIENTS[name];

  it("prints a text by which the client starts a server that works", async () => {
    const { exitCode, stdout, stderr } = await config([name, "photos"]);
    expect(exitCode).toBe(0);
    expect(stderr).toContain(client.file(machine()));
    const [found, ...others] = readEntries(client, stdout);
    expect(others).toEqual([]);
    const { token } = emulator;
    const { command, args, env } = expand(found?.entry ?? { command: "", args: [], env: {} }, {
      environment: { WEBFLOW_TOKEN: token },
      inputs: { "webflow-token": token },
      home: home.root,
    });
    const server = startServer({
      command: [command],
      args: [...args],
      env: {
        ...emulatorEnvironment(emulator),
        ...env,
        ...(env["WEBFLOW_TOKEN"] === "your-site-token" && { WEBFLOW_TOKEN: token }),
      },
    });
    await server.initialize();
    expect(await server.call("uploadAsset", { source: "a.txt" })).toMatchObject({
      asset: { fileName: "a.txt" },
    });
    expect(await server.close()).toBe(0);
  });

  it("writes into the client's file what it prints, and twice makes no difference", async () => {
    const file = client.file(machine());
    expect((await config([name, "photos", "--write"])).exitCode).toBe(0);
    const written = readFileSync(file, "utf8");
    expect(written).toBe((await config([name, "photos"])).stdout);
    const again = await config([name, "--write"]);
    expect(again.stderr).toContain("nothing was changed");
    expect(readFileSync(file, "utf8")).toBe(written);
  });
});

describe("config --write", () => {
  const before =
    '{\n  "mcpServers": {\n    "other": { "command": "x", "env": { "API_KEY": "s3cret" } }\n  }\n}\n';

  function cursorFile(): string {
    return join(home.root, ".cursor", "mcp.json");
  }

  it("shows the difference without any secret, and keeps a copy of the file", async () => {
    await config(["cursor", "--write"]);
    writeFileSync(cursorFile(), before);
    const { stdout, stderr } = await config(["cursor", "--write"], { WEBFLOW_TOKEN: "t0ken" });
    expect(stdout).toMatch(/^\+ {4}"webflow-assets"/m);
    expect(stdout + stderr).not.toMatch(/s3cret|t0ken/);
    expect(readFileSync(cursorFile(), "utf8")).toMatch(/s3cret.*t0ken/s);
    const [copy = ""] = readdirSync(dirname(cursorFile())).filter((file) => file.endsWith(".bak"));
    expect(readFileSync(join(dirname(cursorFile()), copy), "utf8")).toBe(before);
    expect(stderr).toContain(copy);
  });

  it("puts the token of the environment into no file that a project shares", async () => {
    await config(["claude-code", "--write"], { WEBFLOW_TOKEN: "t0ken" });
    expect(readFileSync(join(home.root, ".mcp.json"), "utf8")).toContain("$" + "{WEBFLOW_TOKEN}");
  });

  it("makes a new file readable by its owner alone", async () => {
    await config(["cursor", "--write"], { WEBFLOW_TOKEN: "t0ken" });
    expect(statSync(cursorFile()).mode & 0o077).toBe(0);
  });

  it("leaves a file that it cannot read as it is, and prints the text to put there by hand", async () => {
    await config(["cursor", "--write"]);
    writeFileSync(cursorFile(), "{ broken");
    const { exitCode, stdout, stderr } = await config(["cursor", "--write"]);
    expect(exitCode).toBe(1);
    expect(stderr).toContain("cannot be read");
    expect(stdout).toContain("webflow-assets");
    expect(readFileSync(cursorFile(), "utf8")).toBe("{ broken");
  });

  it("writes through a link, which stays one", async () => {
    const tree = makeTree({
      "dotfiles/mcp.json": before,
      ".cursor/mcp.json": { symlink: "../dotfiles/mcp.json" },
    });
    await runCommand(["config", "cursor", "--write"], { HOME: tree.root });
    expect(lstatSync(join(tree.root, ".cursor/mcp.json")).isSymbolicLink()).toBe(true);
    expect(readFileSync(join(tree.root, "dotfiles/mcp.json"), "utf8")).toContain("webflow-assets");
    tree.remove();
  });

  it("keeps the directories of an entry when it is given none", async () => {
    await config(["cursor", "--write", "photos"]);
    await config(["cursor", "--write"], { WEBFLOW_READ_ONLY: "1" });
    expect(readFileSync(cursorFile(), "utf8")).toContain(join(home.root, "photos"));
  });
});

describe("config", () => {
  it("says which clients there are when it is given none or an unknown one", async () => {
    for (const args of [[], ["emacs"]]) {
      const { exitCode, stderr } = await config(args);
      expect(exitCode).toBe(2);
      expect(stderr).toContain(CLIENT_NAMES.join(", "));
    }
  });

  it("warns about a directory that does not exist yet, and accepts it", async () => {
    const { stdout, stderr } = await config(["cursor", "later"]);
    expect(stderr).toContain("later does not exist yet");
    expect(stdout).toContain("later");
  });
});
