import { createServer } from "node:http";
import { type AddressInfo, connect } from "node:net";
import { afterAll, beforeAll, expect, it } from "vitest";
import { type Emulator, startEmulator } from "../../src/emulator/emulator.js";
import { emulatorEnvironment, startServer } from "../builders/server-process.js";

let emulator: Emulator;
const tunnels: string[] = [];
const proxy = createServer().on("connect", (request, client) => {
  tunnels.push(request.url ?? "");
  const [host, port] = (request.url ?? "").split(":");
  const upstream = connect(Number(port), host, () => {
    client.write("HTTP/1.1 200 Connection established\r\n\r\n");
    upstream.pipe(client).pipe(upstream);
  });
  upstream.on("error", () => client.destroy());
  client.on("error", () => upstream.destroy());
});

beforeAll(async () => {
  emulator = await startEmulator();
  await new Promise<void>((resolve) => proxy.listen(0, "127.0.0.1", resolve));
});

afterAll(async () => {
  await emulator.close();
  proxy.close();
  proxy.closeAllConnections();
});

async function listFolders(env: Record<string, string>): Promise<void> {
  const server = startServer({ env: { ...emulatorEnvironment(emulator), ...env } });
  await server.initialize();
  await server.call("listFolders", {});
  await server.close();
}

it("speaks to Webflow through the proxy that the environment names", async () => {
  tunnels.length = 0;
  const { port } = proxy.address() as AddressInfo;
  await listFolders({ HTTP_PROXY: `http://127.0.0.1:${port}` });
  expect(tunnels).toContain(new URL(emulator.apiBaseUrl).host);
});

it("goes past the proxy to a host of NO_PROXY", async () => {
  tunnels.length = 0;
  await listFolders({ HTTP_PROXY: "http://127.0.0.1:9", NO_PROXY: "127.0.0.1" });
  expect(tunnels).toEqual([]);
});
