import { afterAll, beforeAll, expect, it } from "vitest";
import { type Emulator, startEmulator } from "../../src/emulator/emulator.js";
import { pngBytes } from "../builders/bytes.js";
import { type Handler, type Origin, startOrigin } from "../builders/origin.js";
import { emulatorEnvironment, startServer } from "../builders/server-process.js";

const PROMISED = 10 * 1024 * 1024;

let emulator: Emulator;
let origin: Origin;

/** Promises ten megabytes, sends the first of them, and then nothing more. */
const drip: Handler = (_request, response) => {
  response.writeHead(200, { "content-length": PROMISED, "content-type": "application/pdf" });
  response.write("%PDF-1.7\n");
};

beforeAll(async () => {
  emulator = await startEmulator();
  origin = await startOrigin({ "/drip.pdf": drip, "/photo.png": pngBytes(2_000) });
});

afterAll(() => Promise.all([emulator.close(), origin.close()]));

it("hosts that promise much and send little hold up no upload of anybody else", async () => {
  const server = startServer({
    env: {
      ...emulatorEnvironment(emulator),
      WEBFLOW_SITE_ID: emulator.siteId,
      WEBFLOW_URL_HOSTS: `127.0.0.1:${origin.port}`,
    },
  });
  await server.initialize();
  const ended: string[] = [];
  for (let host = 0; host < 8; host += 1) {
    server
      .call("uploadAsset", { source: `${origin.url}/drip.pdf` })
      .catch(() => {})
      .finally(() => ended.push("drip"));
  }
  await expect.poll(() => origin.requests.length).toBe(8);

  const { status } = await server.call("uploadAsset", { source: `${origin.url}/photo.png` });

  expect(status).toBe("uploaded");
  expect(ended).toEqual([]);
  expect(await server.close()).toBe(0);
});
