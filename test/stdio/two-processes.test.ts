import { expect, it } from "vitest";
import { startEmulator } from "../../src/emulator/emulator.js";
import { numberedPng } from "../builders/bytes.js";
import { emulatorEnvironment, startServer } from "../builders/server-process.js";
import { dataUri } from "../builders/site.js";
import { patient } from "../slowness.js";

const FILES = 120;
const LIMIT = 60;
const WINDOW_MS = 5_000;

it(
  "lets two processes on one token upload 120 files under 60 a window without a failure",
  async () => {
    const emulator = await startEmulator({
      switches: { rateLimit: { limit: LIMIT, windowMs: WINDOW_MS, sliding: false } },
    });
    const servers = [0, 1].map(() =>
      startServer({ env: { ...emulatorEnvironment(emulator), WEBFLOW_SITE_ID: emulator.siteId } }),
    );
    await Promise.all(servers.map((server) => server.initialize()));
    const results = await Promise.all(
      Array.from({ length: FILES }, (_, number) =>
        servers[number % 2]?.call("uploadAsset", {
          source: dataUri(numberedPng(number)),
          fileName: `${number}.png`,
        }),
      ),
    );
    expect(results.map((result) => result?.["status"])).toEqual(Array(FILES).fill("uploaded"));
    expect(emulator.library.assets(emulator.siteId)).toHaveLength(FILES);
    // The number of windows is what the limit alone asks for; how long each takes is the benchmark's business.
    const calls = emulator.requests.entries({ service: "api" }).filter(({ status }) => status !== 429);
    expect(calls.length).toBeLessThanOrEqual(FILES * 1.05);
    await Promise.all(servers.map((server) => server.close()));
    await emulator.close();
  },
  patient(60_000),
);
