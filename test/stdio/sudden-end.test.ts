import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { seededRandom } from "../../src/emulator/behaviour/seeded-random.js";
import { type Emulator, startEmulator } from "../../src/emulator/emulator.js";
import { numberedPng } from "../builders/bytes.js";
import { emulatorEnvironment, type ServerProcess, startServer } from "../builders/server-process.js";
import { dataUri, md5Of } from "../builders/site.js";
import { patient } from "../slowness.js";

const ROUNDS = 40;
/** Chains of rounds that run side by side. */
const CHAINS = 2;
/** Rounds that share a process: their uploads begin at random moments, so each is cut short at another point. */
const ROUNDS_A_PROCESS = 10;
const PROCESSES_A_CHAIN = ROUNDS / CHAINS / ROUNDS_A_PROCESS;

/** About what an upload takes with the latency of this emulator. */
const LONGEST_UPLOAD_MS = 90;

let emulator: Emulator;

beforeAll(async () => {
  emulator = await startEmulator({
    switches: {
      latencyMs: { api: 15, s3: 15, cdn: 0 },
      rateLimit: { limit: 100_000, windowMs: 60_000, sliding: false },
    },
  });
});

afterAll(() => emulator.close());

function upload(server: ServerProcess, number: number): Promise<Record<string, unknown>> {
  return server.call("uploadAsset", {
    source: dataUri(numberedPng(number)),
    fileName: `${number}.png`,
    altText: "A dot",
  });
}

function recordsOf(number: number) {
  const md5 = md5Of(numberedPng(number));
  return emulator.library.assets(emulator.siteId).filter(({ fileHash }) => fileHash === md5);
}

async function aWarmServer(): Promise<ServerProcess> {
  const server = startServer({ env: { ...emulatorEnvironment(emulator), WEBFLOW_SITE_ID: emulator.siteId } });
  await server.initialize();
  await server.call("listFolders", {});
  return server;
}

function after(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}

/** Sends a signal at a random moment of each of the uploads; resolves when the process is gone. */
async function strike(
  server: ServerProcess,
  numbers: readonly number[],
  random: () => number,
  signal: NodeJS.Signals,
): Promise<void> {
  for (const number of numbers) {
    after(random() * LONGEST_UPLOAD_MS)
      .then(() => upload(server, number))
      .catch(() => {});
  }
  await after(LONGEST_UPLOAD_MS);
  server.child.kill(signal);
  await server.exited;
}

function numbersFrom(first: number): number[] {
  return Array.from({ length: ROUNDS_A_PROCESS }, (_, index) => first + index);
}

describe.concurrent(`an upload that is cut short at a random moment (${ROUNDS} seeded rounds)`, () => {
  it.for(Array.from({ length: CHAINS }, (_, chain) => chain))(
    "by SIGKILL: the repeated call gives one asset with the right bytes (chain %i)",
    { timeout: patient(120_000) },
    async (chain, { expect }) => {
      const random = seededRandom(chain);
      let server = await aWarmServer();
      for (let process = 0; process < PROCESSES_A_CHAIN; process += 1) {
        const numbers = numbersFrom(10_000 + chain * 1_000 + process * ROUNDS_A_PROCESS);
        await strike(server, numbers, random, "SIGKILL");
        server = await aWarmServer();
        for (const { status } of await Promise.all(numbers.map((number) => upload(server, number)))) {
          expect(["uploaded", "reused"]).toContain(status);
        }
        for (const number of numbers) {
          expect(recordsOf(number)).toMatchObject([{ md5: md5Of(numberedPng(number)), hasBytes: true }]);
        }
      }
      await server.close();
    },
  );

  it.for(Array.from({ length: CHAINS }, (_, chain) => chain))(
    "by SIGTERM: no record without bytes is left, and the process ends by itself (chain %i)",
    { timeout: patient(120_000) },
    async (chain, { expect }) => {
      const random = seededRandom(100 + chain);
      for (let process = 0; process < PROCESSES_A_CHAIN; process += 1) {
        const numbers = numbersFrom(20_000 + chain * 1_000 + process * ROUNDS_A_PROCESS);
        const server = await aWarmServer();
        await strike(server, numbers, random, "SIGTERM");
        expect(await server.exited).toBe(0);
        expect(numbers.flatMap(recordsOf).filter(({ hasBytes }) => !hasBytes)).toEqual([]);
      }
    },
  );
});

describe("the end of the process", () => {
  it.each([
    ["SIGINT", (server: ServerProcess) => server.child.kill("SIGINT")],
    ["SIGTERM", (server: ServerProcess) => server.child.kill("SIGTERM")],
    ["the end of stdin", (server: ServerProcess) => server.child.stdin.end()],
    [
      "a closed stdout",
      (server: ServerProcess) => {
        server.child.stdout.destroy();
        server.write(JSON.stringify({ jsonrpc: "2.0", id: 99, method: "ping" }));
      },
    ],
  ])("comes promptly on %s, with exit code 0", async (_, end) => {
    const server = startServer({ env: emulatorEnvironment(emulator) });
    await server.initialize();
    end(server);
    expect(await server.exited).toBe(0);
  });

  it("comes at once on a second signal, whatever is under way", async () => {
    const server = await aWarmServer();
    const handle = emulator.faults.add({ on: "deleteAsset", kind: "hang" });
    const storing = emulator.faults.add({ on: "postObject", kind: "hang" });
    const number = 30_000;
    upload(server, number).catch(() => {});
    await expect.poll(() => storing.struck).toBe(1);
    server.child.kill("SIGTERM");
    await expect.poll(() => handle.struck).toBe(1);
    server.child.kill("SIGTERM");
    expect(await server.exited).toBe(1);
    handle.remove();
    storing.remove();
  });
});
