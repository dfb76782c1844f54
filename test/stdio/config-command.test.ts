import { lstatSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import {
  CLIENT_NAMES,
  CLIENTS,
  type ClientName,
  type Machine,
  type ServerEntry,
} from "../../src/cli/clients/clients.js";
import { runConfigCommand } from "../../src/cli/clients/config-command.js";
import { readEntries } from "../../src/cli/clients/read-entry.js";
import { serverStart } from "../../src/cli/clients/server-start.js";
import { readConfig } from "../../src/cli/config.js";
import { startEmulator } from "../../src/emulator/emulator.js";
import { makeTree } from "../builders/file-tree.js";
import { runCommand } from "../builders/run-command.js";
import { emulatorEnvironment, startServer } from "../builders/server-process.js";
import { expand } from "../clients/expand.js";

const TOKEN = "the-token-of-the-user";

let home: ReturnType<typeof makeTree>;

beforeEach(() => {
  home = makeTree({ "photos/a.txt": "A" });
});

afterEach(() => home.remove());

function machine(): Machine {
  return { platform: process.platform, home: home.root, workingDirectory: home.root, environment: {} };
}

/** The command as users run it. */
function configCommand(args: string[], env: Record<string, string> = {}) {
  return runCommand(["config", ...args], { HOME: home.root, ...env }, home.root);
}

/** What the command runs, in this process. */
async function config([client, ...args]: [ClientName, ...string[]], env: Record<string, string> = {}) {
  const printed = { stdout: "", stderr: "" };
  const settings = { ...readConfig(["config", client, ...args], env), client };
  const exitCode = await runConfigCommand(settings, serverStart(resolve("dist/main.js")), machine(), {
    text(text) {
      printed.stdout += text;
    },
    note(text) {
      printed.stderr += `${text}\n`;
    },
  });
  return { exitCode, ...printed };
}

/** How the client starts the server by the only entry of this text, once the user has given the token. */
function startBy(name: ClientName, text: string, token: string): ServerEntry {
  const [found, ...others] = readEntries(CLIENTS[name], text);
  expect(others).toEqual([]);
  const { command, args, env } = expand(found?.entry ?? { command: "", args: [], env: {} }, {
    environment: { WEBFLOW_TOKEN: token },
    inputs: { "webflow-token": token },
    home: home.root,
  });
  const isForTheUser = env["WEBFLOW_TOKEN"] === "your-site-token";
  return { command, args, env: { ...env, ...(isForTheUser && { WEBFLOW_TOKEN: token }) } };
}

describe.each(CLIENT_NAMES)("config %s", (name) => {
  const client = CLIENTS[name];

  it("prints a text by which the client starts the server with the directory and the user's token", async () => {
    const { exitCode, stdout, stderr } = await config([name, "photos"]);
    expect(exitCode).toBe(0);
    expect(stderr).toContain(client.file(machine()));
    const { command, args, env } = startBy(name, stdout, TOKEN);
    const [main, ...rest] = args;
    expect([command, main]).toEqual([process.execPath, resolve("dist/main.js")]);
    expect(readConfig([...rest], { ...env })).toMatchObject({
      command: "serve",
      token: TOKEN,
      allowedDirectories: [join(home.root, "photos")],
      notes: [],
    });
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

it("config prints a text by which the client starts a server that works", async () => {
  const emulator = await startEmulator();
  const { exitCode, stdout } = await configCommand(["cursor", "photos"]);
  expect(exitCode).toBe(0);
  const { command, args, env } = startBy("cursor", stdout, emulator.token);
  const server = startServer({ command: [command], args, env: { ...emulatorEnvironment(emulator), ...env } });
  await server.initialize();
  const { asset } = await server.call("uploadAsset", { source: "a.txt" });
  expect(asset).toMatchObject({ fileName: "a.txt" });
  expect(await server.close()).toBe(0);
  await emulator.close();
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
    const { exitCode, stdout, stderr } = await configCommand(["cursor", "--write"]);
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
      const { exitCode, stderr } = await configCommand(args);
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
