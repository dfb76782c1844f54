import { afterAll, beforeAll, expect, it } from "vitest";
import { type Emulator, startEmulator } from "../../src/emulator/emulator.js";
import { numberedPng } from "../builders/bytes.js";
import { emulatorEnvironment, type ServerProcess, startServer } from "../builders/server-process.js";
import { dataUri } from "../builders/site.js";

let emulator: Emulator;
let server: ServerProcess;

beforeAll(async () => {
  emulator = await startEmulator();
  server = startServer({ env: emulatorEnvironment(emulator) });
  await server.initialize();
});

afterAll(async () => {
  await server.close();
  await emulator.close();
});

it("an upload whose client cancels it in mid-way takes its record with it, and is not answered", async () => {
  emulator.faults.add({ on: "postObject", kind: "hang" });
  const args = { source: dataUri(numberedPng(1)), fileName: "photo.png" };
  const params = { name: "uploadAsset", arguments: args };
  server.write(JSON.stringify({ jsonrpc: "2.0", id: 7, method: "tools/call", params }));
  await expect.poll(() => emulator.requests.count({ operation: "postObject" })).toBe(1);
  expect(emulator.library.assets(emulator.siteId)).toHaveLength(1);

  const cancellation = { method: "notifications/cancelled", params: { requestId: 7 } };
  server.write(JSON.stringify({ jsonrpc: "2.0", ...cancellation }));
  await expect.poll(() => emulator.library.assets(emulator.siteId)).toEqual([]);

  await server.request("ping");
  expect(server.messages.filter(({ id }) => id === 7)).toEqual([]);
});
