import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { partOfCall } from "../../src/core/call-context.js";
import { type Emulator, startEmulator } from "../../src/emulator/emulator.js";
import { numberedPng } from "../builders/bytes.js";
import { callContext } from "../builders/call.js";
import { emulatorEnvironment, type ServerProcess, startServer } from "../builders/server-process.js";
import { dataUri, startSite } from "../builders/site.js";
import { patient } from "../slowness.js";

const FILE = { source: dataUri(numberedPng(1)), fileName: "photo.png" };

let emulator: Emulator;
const servers: ServerProcess[] = [];

beforeEach(async () => {
  emulator = await startEmulator();
});

afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.close()));
  await emulator.close();
});

async function aServer(cache: string): Promise<ServerProcess> {
  const server = startServer({ env: { ...emulatorEnvironment(emulator), XDG_CACHE_HOME: cache } });
  servers.push(server);
  await server.initialize();
  return server;
}

/** Where the servers of one computer remember what they do. */
function aComputer(): string {
  return mkdtempSync(join(tmpdir(), "computer-"));
}

function assets() {
  return emulator.library.assets(emulator.siteId);
}

const formsSent = () => emulator.requests.count({ operation: "postObject" });

/** Begins an upload that does not get through to the storage; resolves to what cancels it. */
async function stuckUpload(server: ServerProcess): Promise<() => Promise<void>> {
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

describe("a cancelled upload whose record another upload of the same bytes has been given", () => {
  it("leaves it to the other server of this computer that is at work on it", async () => {
    const computer = aComputer();
    const [first, second] = [await aServer(computer), await aServer(computer)];
    const cancel = await stuckUpload(first);
    emulator.faults.add({ on: "postObject", kind: "latency", ms: 700, times: 1 });
    const other = second.call("uploadAsset", FILE);
    await expect.poll(formsSent).toBe(2);

    await cancel();

    const [record] = assets();
    expect(await other).toMatchObject({ asset: { id: record?.id } });
    expect(assets()).toMatchObject([{ id: record?.id, hasBytes: true }]);
  });

  it.each(["this computer", "another computer"])("leaves what a server of %s has finished", async (where) => {
    const computer = aComputer();
    const first = await aServer(computer);
    const second = await aServer(where === "this computer" ? computer : aComputer());
    const cancel = await stuckUpload(first);
    const { asset } = await second.call("uploadAsset", FILE);

    await cancel();

    expect(assets()).toMatchObject([{ id: (asset as { id: string }).id, hasBytes: true }]);
  });

  it("is missed by the server of another computer, which creates another record", async () => {
    const [first, second] = [await aServer(aComputer()), await aServer(aComputer())];
    const cancel = await stuckUpload(first);
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
