import { describe, expect, it } from "vitest";
import { type Emulator, startEmulator } from "../../src/emulator/emulator.js";
import { numberedPng } from "../builders/bytes.js";
import { emulatorEnvironment, type ServerProcess, startServer } from "../builders/server-process.js";
import { dataUri } from "../builders/site.js";
import { patient } from "../slowness.js";

/** `OUTAGE_SECONDS=300` has the outages last as long as bad ones do, with as many files as a large job has. */
const SECONDS = Number(process.env["OUTAGE_SECONDS"] ?? 3);
const IS_LONG = SECONDS > 60;
const FILES = IS_LONG ? 200 : 40;

interface Outage {
  readonly name: string;
  readonly begin: (emulator: Emulator, ms: number) => unknown;
  /** What the job says that it waits for. */
  readonly why: RegExp;
}

const OUTAGES: readonly Outage[] = [
  {
    name: "the Data API answers 503 with Retry-After",
    begin: ({ faults }, forMs) =>
      faults.add({
        on: "api",
        kind: "status",
        status: 503,
        when: "before",
        retryAfter: "2",
        forMs,
        skip: 10,
      }),
    why: /Waiting .*Webflow answered 503/,
  },
  {
    name: "S3 answers SlowDown",
    begin: ({ faults }, forMs) =>
      faults.add({
        on: "postObject",
        kind: "status",
        status: 503,
        when: "before",
        retryAfter: "2",
        forMs,
        skip: 5,
      }),
    why: /Waiting .*The storage answered 503 SlowDown/,
  },
  {
    name: "the network is gone",
    begin: async (emulator, ms) => {
      await expect
        .poll(() => emulator.requests.count({ operation: "createAsset" }), { interval: 5 })
        .toBeGreaterThan(5);
      await emulator.outage(ms);
    },
    // A short one can be over before a delay is long enough to be worth a word.
    why: IS_LONG ? /Waiting .*(?:refused|broke|could not be connected)/ : /./,
  },
];

/** Follows the job to its end; resolves to its last report, and everything that was said meanwhile. */
async function uploadAll(server: ServerProcess): Promise<{ report: Record<string, unknown>; said: string }> {
  const items = Array.from({ length: FILES }, (_, number) => ({
    source: dataUri(numberedPng(number)),
    fileName: `${number}.png`,
  }));
  const params = { name: "uploadAssets", arguments: { items }, _meta: { progressToken: 1 } };
  let report = (await server.request("tools/call", params)).result.structuredContent;
  const notes: unknown[] = [];
  while (report.status === "running") {
    notes.push(report.notes);
    report = await server.call("uploadStatus", { job: report.job });
  }
  const steps = server.messages.filter(({ method }) => method === "notifications/progress");
  return { report, said: JSON.stringify([notes, steps.map(({ params: step }) => step.message)]) };
}

// While one waits, so can the others.
describe.concurrent(`a job of ${FILES} files, while for ${SECONDS} s`, () => {
  it.for(OUTAGES)("$name, loses no file, leaves no record without its file, and says what it waits for", {
    timeout: patient(60_000) + 3 * SECONDS * 1000,
  }, async ({ begin, why }) => {
    const emulator = await startEmulator({
      switches: {
        rateLimit: { limit: 100_000, windowMs: 60_000, sliding: false },
        latencyMs: { api: 30, s3: 30, cdn: 0 },
      },
    });
    const assets = () => emulator.library.assets(emulator.siteId);
    const server = startServer({ env: emulatorEnvironment(emulator) });
    await server.initialize();
    const outage = begin(emulator, SECONDS * 1000);

    const { report, said } = await uploadAll(server);
    await outage;

    expect(report).toMatchObject({ status: "done", failed: 0, cancelled: 0, total: FILES });
    expect(assets().filter(({ hasBytes }) => hasBytes)).toHaveLength(FILES);
    expect(assets()).toHaveLength(FILES);
    expect(said).toMatch(why);
    await server.close();
    await emulator.close();
  });
});
