import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as delay } from "node:timers/promises";
import { startEmulator } from "../src/emulator/emulator.js";
import { benchFile, type Counts, type WorldOptions } from "./world.js";

/*
 * The world that an uploader meets, in a process of its own: the emulator, and an origin that the files come from.
 * Says `{ready}` once it serves, and answers each message with what was counted so far.
 */

const options: WorldOptions = JSON.parse(process.argv[2] ?? "{}");
const emulator = await startEmulator({
  switches: {
    latencyMs: { api: options.latencyMs, s3: options.latencyMs, cdn: options.latencyMs },
    rateLimit: { limit: options.limit ?? 1_000_000, windowMs: options.windowMs ?? 60_000, sliding: false },
  },
});
for (const displayName of options.folders ?? []) {
  emulator.library.addFolder({ siteId: emulator.siteId, displayName });
}
if (options.site) emulator.seedLibrary(options.site);

let downloads = 0;
let downloadedBytes = 0;
const origin = createServer(async (request, response) => {
  const bytes = benchFile(Number(/\d+/.exec(request.url ?? "")?.[0]), options.sizes);
  downloads += 1;
  downloadedBytes += bytes.length;
  await delay(options.originLatencyMs);
  const length = options.chunkedOrigin ? {} : { "content-length": bytes.length };
  response.writeHead(200, { "content-type": "image/png", ...length });
  if (options.chunkedOrigin) response.write(bytes.subarray(0, 1_000));
  response.end(options.chunkedOrigin ? bytes.subarray(1_000) : bytes);
});
origin.listen(0, "127.0.0.1", () => {
  const { apiBaseUrl, token, siteId, uploadHost, siteHost } = emulator;
  const { port } = origin.address() as AddressInfo;
  const originHost = `127.0.0.1:${port}`;
  process.send?.({ ready: { apiBaseUrl, token, siteId, uploadHost, originHost, siteHost } });
});

process.on("message", () => {
  const counts: Counts = {
    apiCalls: emulator.requests.entries({ service: "api" }).filter(({ status }) => status !== 429).length,
    refusedCalls: emulator.requests.count({ service: "api", status: 429 }),
    s3Posts: emulator.requests.count({ operation: "postObject" }),
    downloads,
    downloadedBytes,
    assets: emulator.library.assets(emulator.siteId).filter(({ hasBytes }) => hasBytes).length,
  };
  process.send?.(counts);
});
