import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, it } from "vitest";
import { startEmulator } from "../../src/emulator/emulator.js";
import { emulatorEnvironment, type ServerProcess, startServer } from "../builders/server-process.js";
import { patient } from "../slowness.js";
import { createMixture, type MixedServer } from "./mixture.js";
import { type Answer, violations } from "./truth.js";

/** `MIXTURES=500` tries as many; the suite itself a few. */
const RUNS = Number(process.env["MIXTURES"] ?? 4);
const BATCHES = 4;
/** Of the uploads, so many are cancelled within so many milliseconds. */
const CANCELLED = 0.15;
const CANCELLED_WITHIN_MS = 400;

/** Answers of a built server. A call that is cancelled gets none. */
function asMixed(
  server: ServerProcess,
  mixture: { random(): number },
  lastId: { value: number },
): MixedServer {
  async function answered(kind: "folder" | "asset", tool: string, args: object): Promise<Answer> {
    try {
      const result = await server.call(tool, { ...args });
      return { kind, result } as unknown as Answer;
    } catch (error) {
      return { kind: "error", text: error instanceof Error ? error.message : "?" };
    }
  }

  async function cancelled(args: { fileName: string }, afterMs: number): Promise<Answer> {
    lastId.value += 1;
    const id = lastId.value;
    const params = { name: "uploadAsset", arguments: args };
    server.write(JSON.stringify({ jsonrpc: "2.0", id, method: "tools/call", params }));
    await new Promise((resolve) => setTimeout(resolve, afterMs));
    const cancellation = { method: "notifications/cancelled", params: { requestId: id } };
    server.write(JSON.stringify({ jsonrpc: "2.0", ...cancellation }));
    return { kind: "cancelled", fileName: args.fileName };
  }

  return {
    ensureFolder: (path) => answered("folder", "ensureFolder", { path }),
    uploadAsset(file) {
      const isCancelled = mixture.random() < CANCELLED;
      const afterMs = mixture.random() * CANCELLED_WITHIN_MS;
      return isCancelled ? cancelled(file, afterMs) : answered("asset", "uploadAsset", file);
    },
  };
}

async function run(seed: number): Promise<string[]> {
  const mixture = createMixture(seed);
  const cache = mkdtempSync(join(tmpdir(), "mixture-"));
  const emulator = await startEmulator({
    switches: { rateLimit: { limit: 100_000, windowMs: 60_000, sliding: false }, ...mixture.switches },
  });
  const env = { ...emulatorEnvironment(emulator), XDG_CACHE_HOME: cache };
  const servers = [startServer({ env }), startServer({ env })] as const;
  try {
    await Promise.all(servers.map((server) => server.initialize()));
    const lastId = { value: 0 };
    const [one, other] = servers;
    const answers = await mixture.run(emulator, [
      asMixed(one, mixture, lastId),
      asMixed(other, mixture, lastId),
    ]);
    // Ends only when what was cancelled has been tidied up.
    await Promise.all(servers.map((server) => server.close()));
    const log: Answer[] = servers.map((server) => ({ kind: "error", text: server.stderr() }));
    return violations(emulator, [...answers, ...log], servers.length);
  } finally {
    await Promise.all(servers.map((server) => server.close()));
    await emulator.close();
    rmSync(cache, { recursive: true, force: true });
  }
}

describe.concurrent("random mixtures of faults, and cancelled calls, on two built servers", () => {
  it.for(Array.from({ length: BATCHES }, (_, batch) => batch))(
    `leave the site as the answers and the log say (batch %i of ${RUNS} seeded runs)`,
    { timeout: patient(60_000) * Math.ceil(RUNS / BATCHES) },
    async (batch, { expect }) => {
      const wrong: string[] = [];
      for (let seed = batch; seed < RUNS; seed += BATCHES) {
        wrong.push(...(await run(seed)).map((what) => `seed ${seed}: ${what}`));
      }
      expect(wrong).toEqual([]);
    },
  );
});
