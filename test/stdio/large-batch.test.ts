import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { countTokens } from "gpt-tokenizer/encoding/o200k_base";
import { describe, it } from "vitest";
import { type Emulator, startEmulator } from "../../src/emulator/emulator.js";
import { numberedPng } from "../builders/bytes.js";
import { type Origin, startOrigin } from "../builders/origin.js";
import { emulatorEnvironment, type ServerProcess, startServer } from "../builders/server-process.js";
import { patient } from "../slowness.js";

const FILES = 200;
/** Of the batch that is killed, which sends twice. */
const FILES_KILLED = 100;
const LIMIT = 60;
const WINDOW_MS = 2_000;
const SIZE = 300_000;

interface Setting {
  readonly emulator: Emulator;
  readonly origin: Origin;
  /** A server of its own, with a ledger that it shares with the others of this setting. */
  aServer(): Promise<ServerProcess>;
}

async function inSetting(test: (setting: Setting) => Promise<void>): Promise<void> {
  const emulator = await startEmulator({
    switches: { rateLimit: { limit: LIMIT, windowMs: WINDOW_MS, sliding: false } },
  });
  const origin = await startOrigin(
    Object.fromEntries(
      Array.from({ length: FILES }, (_, number) => [
        `/${number}`,
        (_request, response) => response.end(numberedPng(number, SIZE)),
      ]),
    ),
  );
  const cache = await mkdtemp(join(tmpdir(), "large-batch-"));
  const aServer = async (): Promise<ServerProcess> => {
    const server = startServer({
      env: {
        ...emulatorEnvironment(emulator),
        WEBFLOW_SITE_ID: emulator.siteId,
        WEBFLOW_URL_HOSTS: `127.0.0.1:${origin.port}`,
        XDG_CACHE_HOME: cache,
      },
    });
    await server.initialize();
    return server;
  };
  try {
    await test({ emulator, origin, aServer });
  } finally {
    await Promise.all([emulator.close(), origin.close(), rm(cache, { recursive: true })]);
  }
}

const items = (origin: Origin, count: number) =>
  Array.from({ length: count }, (_, number) => ({ source: `${origin.url}/${number}`, folder: "Batch" }));

type Report = Record<string, unknown>;

/** Begins the batch, and follows it to its end; every answer on the way. */
async function reportsOf(
  server: ServerProcess,
  origin: Origin,
  count: number,
): Promise<[...Report[], Report]> {
  let report = await server.call("uploadAssets", { items: items(origin, count) });
  const before: Report[] = [];
  while (report["status"] === "running") {
    before.push(report);
    report = await server.call("uploadStatus", { job: report["job"] });
  }
  return [...before, report];
}

describe.concurrent(`a batch of hundreds of files under ${LIMIT} calls a window`, () => {
  it(
    `of ${FILES} fails nowhere, downloads each file once, and stays within 256 MB and 5,500 tokens`,
    ({ expect }) =>
      inSetting(async ({ emulator, origin, aServer }) => {
        const server = await aServer();
        const reports = await reportsOf(server, origin, FILES);
        const report = reports.at(-1);
        expect(report).toMatchObject({ status: "done", total: FILES, uploaded: FILES });
        // Polls with the same arguments are a loop to some clients, and long ones are cut by others.
        expect(new Set(reports.map(({ job }) => job)).size).toBe(reports.length);
        const tokens = reports.reduce((sum, one) => sum + countTokens(JSON.stringify(one)), 0);
        expect(tokens).toBeLessThan(5_500);
        expect(origin.requests).toHaveLength(FILES);
        const served = emulator.requests.entries({ service: "api" }).filter(({ status }) => status !== 429);
        expect(served.length).toBeLessThanOrEqual(FILES * 1.05);
        expect(server.peakBytes()).toBeLessThan(256_000_000);
        await server.close();
      }),
    patient(90_000),
  );

  it(
    `of ${FILES_KILLED}, killed in the middle and repeated, ends with exactly as many assets and at most 30 calls more`,
    ({ expect }) =>
      inSetting(async ({ emulator, origin, aServer }) => {
        const first = await aServer();
        const begun = first
          .call("uploadAssets", { items: items(origin, FILES_KILLED) })
          .catch(() => undefined);
        const created = () => emulator.requests.count({ operation: "createAsset" });
        await expect.poll(created, { timeout: patient(40_000) }).toBeGreaterThan(FILES_KILLED / 2);
        first.child.kill("SIGKILL");
        await begun;
        const second = await aServer();
        const reports = await reportsOf(second, origin, FILES_KILLED);
        expect(reports.at(-1)).toMatchObject({ status: "done", failed: 0 });
        const assets = emulator.library.assets(emulator.siteId);
        expect(assets).toHaveLength(FILES_KILLED);
        expect(assets.every(({ hasBytes, md5, fileHash }) => hasBytes && md5 === fileHash)).toBe(true);
        // Over and above an uninterrupted batch: a listing of folders, one new folder, and the files.
        const served = emulator.requests.entries({ service: "api" }).filter(({ status }) => status !== 429);
        expect(served.length - (FILES_KILLED + 2)).toBeLessThanOrEqual(30);
        await second.close();
      }),
    patient(90_000),
  );
});
