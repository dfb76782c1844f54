import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it, type TestContext } from "vitest";
import { partOfCall } from "../../src/core/call-context.js";
import { type Emulator, startEmulator } from "../../src/emulator/emulator.js";
import { numberedPng } from "../builders/bytes.js";
import { callContext } from "../builders/call.js";
import { emulatorEnvironment, type ServerProcess, startServer } from "../builders/server-process.js";
import { dataUri, startSite } from "../builders/site.js";
import { patient } from "../slowness.js";

const FILE = { source: dataUri(numberedPng(1)), fileName: "photo.png" };

interface Setting extends Pick<TestContext, "expect"> {
  readonly emulator: Emulator;
  aServer(cache: string): Promise<ServerProcess>;
  readonly assets: () => ReturnType<Emulator["library"]["assets"]>;
  readonly formsSent: () => number;
}

/** A site and servers of its own for the test, which end with it. */
async function aSetting({ expect, onTestFinished }: TestContext): Promise<Setting> {
  const emulator = await startEmulator();
  const servers: ServerProcess[] = [];
  onTestFinished(async () => {
    await Promise.all(servers.map((server) => server.close()));
    await emulator.close();
  });
  return {
    expect,
    emulator,
    async aServer(cache) {
      const server = startServer({ env: { ...emulatorEnvironment(emulator), XDG_CACHE_HOME: cache } });
      servers.push(server);
      await server.initialize();
      // What it loads with its first call takes long on a busy machine, and no test is about that.
      await server.call("listFolders", {});
      return server;
    },
    assets: () => emulator.library.assets(emulator.siteId),
    formsSent: () => emulator.requests.count({ operation: "postObject" }),
  };
}

/** Where the servers of one computer remember what they do. */
function aComputer(): string {
  return mkdtempSync(join(tmpdir(), "computer-"));
}

/** Begins an upload that does not get through to the storage; resolves to what cancels it. */
async function stuckUpload(
  { expect, emulator, assets, formsSent }: Setting,
  server: ServerProcess,
): Promise<() => Promise<void>> {
  emulator.faults.add({ on: "postObject", kind: "hang", times: 1 });
  const params = { name: "uploadAsset", arguments: FILE };
  server.write(JSON.stringify({ jsonrpc: "2.0", id: 7, method: "tools/call", params }));
  await expect.poll(formsSent).toBe(1);
  const [record] = assets();
  return async () => {
    const cancellation = { method: "notifications/cancelled", params: { requestId: 7 } };
    server.write(JSON.stringify({ jsonrpc: "2.0", ...cancellation }));
    await expect
      .poll(() => server.stderr() + (assets().some(({ id }) => id === record?.id) ? "" : "gone"))
      .toMatch(new RegExp(`${record?.id}|gone`));
  };
}

// Most of these wait for what a cancelled call has to tidy up.
describe.concurrent("a cancelled upload whose record another upload of the same bytes has been given", () => {
  it.for([
    { where: "this computer", offsetMs: () => 0, ms: 700 },
    // Records of the same second are those that a server takes for its own.
    { where: "another computer", offsetMs: () => -(Date.now() % 1_000), ms: 300 },
  ])("leaves it to a server of $where that is at work on it", async ({ where, offsetMs, ms }, context) => {
    const setting = await aSetting(context);
    const { expect, emulator, aServer, assets, formsSent } = setting;
    const computer = aComputer();
    const first = await aServer(computer);
    const second = await aServer(where === "this computer" ? computer : aComputer());
    emulator.switches.clockOffsetMs = offsetMs();
    const cancel = await stuckUpload(setting, first);
    emulator.faults.add({ on: "postObject", kind: "latency", ms, times: 1 });
    const other = second.call("uploadAsset", FILE);
    await expect.poll(formsSent).toBe(2);

    await cancel();

    const [record] = assets();
    expect(await other).toMatchObject({ asset: { id: record?.id } });
    expect(assets()).toMatchObject([{ id: record?.id, hasBytes: true }]);
  });

  it.for([
    "this computer",
    "another computer",
  ])("leaves what a server of %s has finished", async (where, context) => {
    const setting = await aSetting(context);
    const { expect, aServer, assets } = setting;
    const computer = aComputer();
    const first = await aServer(computer);
    const second = await aServer(where === "this computer" ? computer : aComputer());
    const cancel = await stuckUpload(setting, first);
    const { asset } = await second.call("uploadAsset", FILE);

    await cancel();

    expect(assets()).toMatchObject([{ id: (asset as { id: string }).id, hasBytes: true }]);
  });

  it("is missed by the server of another computer, which creates another record", async (context) => {
    const setting = await aSetting(context);
    const { expect, emulator, aServer, assets, formsSent } = setting;
    const [first, second] = [await aServer(aComputer()), await aServer(aComputer())];
    const cancel = await stuckUpload(setting, first);
    emulator.switches.clockOffsetMs = 5_000;
    emulator.faults.add({ on: "postObject", kind: "latency", ms: 700, times: 1 });
    const other = second.call("uploadAsset", FILE);
    await expect.poll(formsSent).toBe(2);

    await cancel();

    const { asset } = await other;
    expect(assets()).toMatchObject([{ id: (asset as { id: string }).id, hasBytes: true }]);
  });
});

it("names the record that it leaves, in the answer of the job that is cancelled", async () => {
  const timeouts = { idleMs: patient(1_000) };
  const site = await startSite({ service: { cacheDirectory: aComputer(), timeouts } });
  const other = site.anotherService();
  site.emulator.faults.add({ on: "postObject", kind: "hang" });
  const items = [FILE];
  const { call } = partOfCall(callContext(), Date.now() + 300);
  const { job } = await site.service.uploadAssets({ items }, call);
  void other.uploadAsset(FILE, callContext()).catch(() => {});
  await expect.poll(() => site.emulator.requests.count({ operation: "postObject" })).toBe(2);

  const { results } = await site.service.uploadStatus({ job, cancel: true }, callContext());

  const [record] = site.emulator.library.assets(site.emulator.siteId);
  expect(results[0]?.error).toContain(record?.id);
  await site.close();
});
