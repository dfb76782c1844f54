import { mkdirSync, readdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { type Emulator, startEmulator } from "../../src/emulator/emulator.js";
import { numberedPng } from "../builders/bytes.js";
import { fakeEnvironment, startFakeWebflow } from "../builders/fake-webflow.js";
import { makeTree } from "../builders/file-tree.js";
import { runCommand } from "../builders/run-command.js";
import { emulatorEnvironment, type ServerProcess, startServer } from "../builders/server-process.js";
import { dataUri } from "../builders/site.js";
import { patient } from "../slowness.js";

let emulator: Emulator;
const tree = makeTree({ "pictures/a.txt": "A", "other/b.txt": "B", "working/file.txt": "" });
const place = (name: string) => join(tree.root, name);

beforeAll(async () => {
  emulator = await startEmulator();
});

afterAll(async () => {
  await emulator.close();
  tree.remove();
});

async function serve(env: Record<string, string> = {}, ...args: string[]): Promise<ServerProcess> {
  const server = startServer({ args, env: { ...emulatorEnvironment(emulator), ...env } });
  await server.initialize();
  return server;
}

function upload(server: ServerProcess, source: string): Promise<Record<string, unknown>> {
  return server.call("uploadAsset", { source });
}

async function failureOf(call: Promise<unknown>): Promise<string> {
  return await call.then(
    () => "no failure",
    (error: Error) => error.message,
  );
}

describe("a first list", () => {
  it("waits for no part of Node that only work on files, Node's own HTTP or a standard fetch would need", async () => {
    const report = 'process.on("exit", () => console.error(JSON.stringify(process.moduleLoadList)))';
    const server = startServer({
      command: [process.execPath, "--import", `data:text/javascript,${report}`, "dist/main.js"],
      env: emulatorEnvironment(emulator),
    });
    // Without `notifications/initialized`, upon which the server loads the rest when it has been idle for a while.
    await server.request("initialize", {
      protocolVersion: "2025-06-18",
      capabilities: {},
      clientInfo: { name: "test", version: "1" },
    });
    await server.call("listFolders", {});
    await server.close();
    expect(server.stderr()).toContain('"NativeModule crypto"');
    for (const part of ["child_process", "http", "http2", "internal/deps/undici/undici"]) {
      expect(server.stderr()).not.toContain(`"NativeModule ${part}"`);
    }
  });

  it("takes headers as large as Node was told to take", async () => {
    const webflow = await startFakeWebflow((_, response) => {
      response.setHeader("x-large", "x".repeat(20_000));
      return { assetFolders: [], pagination: { limit: 100, offset: 0, total: 0 } };
    });
    const server = startServer({
      env: { ...fakeEnvironment(webflow), NODE_OPTIONS: "--max-http-header-size=40000" },
    });
    await server.initialize();
    expect(await server.call("listFolders", { siteId: "65f1c0ffee65f1c0ffee65f1" })).toMatchObject({
      total: 0,
    });
    await server.close();
    await webflow.close();
  });
});

describe("the program", () => {
  it("generates no code, neither at the start nor for a call", async () => {
    const report =
      "globalThis.Function = new Proxy(Function, { construct: (...all) => { console.error('GENERATED'); return Reflect.construct(...all); } })";
    const server = startServer({
      command: [process.execPath, "--import", `data:text/javascript,${report}`, "dist/main.js"],
      env: emulatorEnvironment(emulator),
    });
    await server.initialize();
    await server.call("listAssets", {});
    await server.close();
    expect(server.stderr()).not.toContain("GENERATED");
  });
});

describe("a start that fails", () => {
  it("is reported on stderr and as the answer to initialize, with exit code 2", async () => {
    const server = startServer({ args: ["--reed-only"] });
    const { error } = await server.initialize();
    expect(error?.message).toMatch(/cannot start: .*--reed-only.*--help lists the options/);
    expect(await server.exited).toBe(2);
    expect(server.stderr()).toContain("--reed-only");
  });

  it("leaves newer clients, which ask for something else first, the way to initialize", async () => {
    const server = startServer({ env: { WEBFLOW_READ_ONLY: "perhaps" } });
    const discovered = await server.request("server/discover");
    expect(discovered.error).toMatchObject({
      code: -32_601,
      message: expect.stringContaining("WEBFLOW_READ_ONLY"),
    });
    expect((await server.initialize()).error?.message).toContain("WEBFLOW_READ_ONLY");
    expect(await server.exited).toBe(2);
  });

  it("waits for nobody where stdin has ended", async () => {
    expect(await runCommand(["--reed-only"], {})).toMatchObject({ exitCode: 2, stdout: "" });
  });

  it("a start that fails for lack of a permission of Node says which it needs", async () => {
    const isExperimental = process.versions.node.startsWith("20.");
    const server = startServer({
      command: [process.execPath, isExperimental ? "--experimental-permission" : "--permission"],
      args: ["dist/main.js", "package.json"]
        .map((file) => `--allow-fs-read=${resolve(file)}`)
        .concat(resolve("dist/main.js")),
    });
    expect((await server.initialize()).error?.message).toContain("--allow-fs-read");
    expect(await server.exited).toBe(2);
  });
});

describe("settings that are no reason not to start", () => {
  it("are reported once, with the first answer", async () => {
    const server = await serve({ SITE_ID: "my-site" });
    expect((await server.call("listFolders", {}))["notes"]).toEqual([
      expect.stringMatching(/SITE_ID is "my-site".*not used/),
    ]);
    expect((await server.call("listFolders", {}))["notes"]).toBeUndefined();
    await server.close();
    expect(server.stderr()).toContain('SITE_ID is "my-site"');
  });

  it("are reported by doctor", async () => {
    const env = {
      ...emulatorEnvironment(emulator),
      SITE_ID: "my-site",
      WEBFLOW_LOG_LEVEL: "loud",
      HOME: tree.root,
    };
    const { stdout, exitCode } = await runCommand(["doctor", tree.root, "$" + "{photos}"], env);
    expect(stdout).toMatch(/\?\? +Setting +SITE_ID is "my-site"/);
    expect(stdout).toMatch(/\?\? +Setting +WEBFLOW_LOG_LEVEL is "loud"/);
    expect(stdout).toMatch(/\?\? +Directory .*holds far more than files for the site/);
    expect(stdout).toMatch(/\?\? +Directory +\$\{photos\} was not filled in/);
    expect(exitCode).toBe(0);
  });
});

describe("an allowed directory", () => {
  it("an allowed directory that is missing prevents no start, is reported by every tool alike, and is used once it exists", async () => {
    const server = await serve({}, place("drive"));
    const asked = [
      failureOf(upload(server, "photo.txt")),
      failureOf(server.call("syncFolder", { directory: place("drive"), folder: "Photos" })),
    ];
    for (const failure of await Promise.all(asked)) {
      expect(failure).toMatch(
        /SOURCE_NOT_ALLOWED.*drive does not exist.*connect its drive.*no restart is needed/,
      );
    }
    const { results } = (await server.call("uploadAssets", { items: [{ source: "photo.txt" }] })) as {
      results: { error: string }[];
    };
    expect(results[0]?.error).toContain("drive does not exist");

    mkdirSync(place("drive"));
    writeFileSync(place("drive/photo.txt"), "photo");
    expect(await upload(server, "photo.txt")).toMatchObject({ status: "uploaded", notes: [] });
    await server.close();
  });

  it("is named to the model by its whole path", async () => {
    const server = startServer({ args: ["./test", "~/photos"], env: { HOME: tree.root } });
    const { result } = await server.initialize();
    expect(result.instructions).toContain(`Allowed directories: ${resolve("test")}, ${place("photos")}.`);
    await server.close();
  });

  it("an allowed directory that the client did not fill in is named where a file is refused", async () => {
    const server = await serve({}, "$" + "{user_config.directories}");
    expect(await failureOf(upload(server, "a.txt"))).toContain(
      "$" + "{user_config.directories} was not filled in by the client",
    );
    await server.close();
  });

  it("an allowed directory that leads elsewhere than when it was first seen is refused, and reported by every tool alike", async () => {
    symlinkSync(place("pictures"), place("link"));
    const server = await serve({}, place("link"));
    expect(await upload(server, "a.txt")).toMatchObject({ status: "uploaded" });
    rmSync(place("link"));
    symlinkSync(place("other"), place("link"));
    const asked = [
      failureOf(upload(server, "b.txt")),
      failureOf(upload(server, place("link/b.txt"))),
      failureOf(upload(server, place("pictures/a.txt"))),
      failureOf(server.call("syncFolder", { directory: place("link"), folder: "Photos" })),
    ];
    for (const failure of await Promise.all(asked)) {
      expect(failure).toMatch(/SOURCE_NOT_ALLOWED.*link leads to another place .*until the next start/);
    }
    rmSync(place("link"));
    symlinkSync(place("pictures"), place("link"));
    expect(await upload(server, "a.txt")).toMatchObject({ status: "reused" });
    await server.close();
  });

  it("an allowed directory that holds the home directory is warned of, on stderr and once in an answer", async () => {
    const server = await serve({ HOME: place("pictures") }, tree.root);
    expect(await upload(server, "pictures/a.txt")).toMatchObject({
      notes: expect.arrayContaining([
        expect.stringContaining(`${tree.root} holds far more than files for the site`),
      ]),
    });
    expect(JSON.stringify(await upload(server, "other/b.txt"))).not.toContain("far more");
    await server.close();
    expect(server.stderr()).toContain("holds far more than files for the site");
  });
});

describe("one file", () => {
  it("has one URL in the answers of every tool", async () => {
    const server = await serve();
    const { asset } = (await server.call("uploadAsset", {
      source: dataUri(numberedPng(7)),
      fileName: "one.png",
    })) as {
      asset: { id: string; url: string };
    };
    const listed = (await server.call("listAssets", { query: "one.png" })) as { assets: { url: string }[] };
    const got = (await server.call("getAsset", { assetId: asset.id })) as { asset: { url: string } };
    const again = (await server.call("uploadAsset", {
      source: dataUri(numberedPng(7)),
      fileName: "one.png",
    })) as {
      asset: { url: string };
    };
    const urls = [listed.assets[0]?.url, got.asset.url, again.asset.url];
    expect(urls).toEqual([asset.url, asset.url, asset.url]);
    await server.close();
  });
});

describe("an end while the asset service is still being loaded", () => {
  it("does not wait for it, since nothing has been begun", async () => {
    // A hook of Node's that never loads it, and says so.
    const hook =
      "export const load = (url, context, next) => url.includes('create-asset-service')" +
      " ? (process._rawDebug('held back'), new Promise(() => {})) : next(url, context)";
    const asUrl = (code: string): string => `data:text/javascript,${encodeURIComponent(code)}`;
    const register = `import { register } from "node:module"; register(${JSON.stringify(asUrl(hook))});`;
    const server = startServer({
      command: [process.execPath, "--import", asUrl(register), "dist/main.js"],
      env: emulatorEnvironment(emulator),
    });
    await server.initialize();
    await vi.waitUntil(() => server.stderr().includes("held back"), { timeout: patient(5_000) });
    expect(await server.close()).toBe(0);
  });
});

describe("without a home directory", () => {
  it.each([
    ["HOME is empty", { HOME: "", XDG_CACHE_HOME: "" }],
    ["HOME is relative", { HOME: "home", XDG_CACHE_HOME: "cache" }],
  ])("it works, and nothing is written into the working directory: %s", async (_, env) => {
    const working = place("working");
    const main = resolve("dist/main.js");
    const server = startServer({
      command: ["env", "-C", working, process.execPath, main],
      args: [place("pictures")],
      env: { ...emulatorEnvironment(emulator), ...env },
    });
    await server.initialize();
    expect(await upload(server, "a.txt")).toMatchObject({ status: expect.stringMatching(/uploaded|reused/) });
    expect(await server.call("uploadAsset", { source: dataUri(numberedPng(1)) })).toHaveProperty("asset.id");
    expect(await server.close()).toBe(0);
    for (const args of [["config", "cursor", "--write"], ["doctor"]]) await runCommand(args, env, working);
    expect(readdirSync(working)).toEqual(["file.txt"]);
  });

  it("works where nothing can be remembered", async () => {
    const server = await serve({ XDG_CACHE_HOME: place("working/file.txt") }, place("pictures"));
    expect(await upload(server, "a.txt")).toMatchObject({ status: expect.stringMatching(/uploaded|reused/) });
    expect(await server.close()).toBe(0);
  });
});
