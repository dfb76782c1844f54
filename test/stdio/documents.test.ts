import pLimit from "p-limit";
import { afterEach, describe, expect, it } from "vitest";
import { type Emulator, startEmulator } from "../../src/emulator/emulator.js";
import { type Handler, type Origin, startOrigin } from "../builders/origin.js";
import { emulatorEnvironment, startServer } from "../builders/server-process.js";

const DOCUMENTS = 24;
const SIZE = 10 * 1024 * 1024;

let emulator: Emulator;
let origin: Origin;

afterEach(() => Promise.all([emulator.close(), origin.close()]));

function numberedDocument(number: number): Buffer {
  const bytes = Buffer.alloc(SIZE, number);
  bytes.write("%PDF-1.7\n");
  return bytes;
}

/** With Content-Length, and without, by turns. */
function serving(number: number): Handler {
  const isSized = number % 2 === 0;
  return (_request, response) => {
    if (!isSized) response.flushHeaders();
    response.end(numberedDocument(number));
  };
}

describe("documents of 10 MiB, 8 at a time", () => {
  it("are downloaded, hashed and uploaded in less than 320 MB, whether or not their size is announced", async () => {
    emulator = await startEmulator({
      switches: { rateLimit: { limit: 1_000, windowMs: 60_000, sliding: false } },
    });
    const paths = Array.from({ length: DOCUMENTS }, (_, number) => `/${number}.pdf`);
    origin = await startOrigin(Object.fromEntries(paths.map((path, number) => [path, serving(number)])));
    const server = startServer({
      env: { ...emulatorEnvironment(emulator), WEBFLOW_URL_HOSTS: `127.0.0.1:${origin.port}` },
    });
    await server.initialize();

    const statuses = await pLimit(8).map(paths, async (path) => {
      const { status } = await server.call("uploadAsset", { source: origin.url + path });
      return status;
    });

    expect(statuses).toEqual(paths.map(() => "uploaded"));
    expect(server.peakBytes()).toBeLessThan(320_000_000);
    expect(await server.close()).toBe(0);
  });
});
