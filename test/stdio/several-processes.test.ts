import { describe, it } from "vitest";
import { startEmulator } from "../../src/emulator/emulator.js";
import { numberedPng } from "../builders/bytes.js";
import { emulatorEnvironment, startServer } from "../builders/server-process.js";
import { dataUri } from "../builders/site.js";
import { patient } from "../slowness.js";

const FILES = 120;
const LIMIT = 60;
const WINDOW_MS = 2_000;

describe.concurrent("servers that share a token", () => {
  it.for([2, 4])(
    `lets %i processes on one token upload ${FILES} files under ${LIMIT} a window without a failure`,
    { timeout: patient(60_000) },
    async (processes, { expect }) => {
      const emulator = await startEmulator({
        switches: {
          rateLimit: { limit: LIMIT, windowMs: WINDOW_MS, sliding: false },
          latencyMs: { api: 60, s3: 0, cdn: 0 },
        },
      });
      const servers = Array.from({ length: processes }, () =>
        startServer({ env: { ...emulatorEnvironment(emulator), WEBFLOW_SITE_ID: emulator.siteId } }),
      );
      await Promise.all(servers.map((server) => server.initialize()));
      const results = await Promise.all(
        Array.from({ length: FILES }, (_, number) =>
          servers[number % processes]?.call("uploadAsset", {
            source: dataUri(numberedPng(number)),
            fileName: `${number}.png`,
          }),
        ),
      );
      expect(results.map((result) => result?.["status"])).toEqual(Array(FILES).fill("uploaded"));
      expect(emulator.library.assets(emulator.siteId)).toHaveLength(FILES);
      // The number of windows is what the limit alone asks for; how long each takes is the benchmark's business.
      const created = emulator.requests.entries({ operation: "createAsset" });
      expect(created.filter(({ status }) => status !== 429).length).toBeLessThanOrEqual(FILES * 1.05);
      await Promise.all(servers.map((server) => server.close()));
      await emulator.close();
    },
  );
});
