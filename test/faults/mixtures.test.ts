import { describe, it } from "vitest";
import type { AssetService } from "../../src/service/asset-service.js";
import { callContext } from "../builders/call.js";
import { startSite } from "../builders/site.js";
import { patient } from "../slowness.js";
import { createMixture, type MixedServer } from "./mixture.js";
import { answerOf, violations } from "./truth.js";

/** `MIXTURES=500` tries as many. */
const RUNS = Number(process.env["MIXTURES"] ?? 60);
const BATCHES = 20;

/** Two servers without their processes, which are quick to start. */
async function run(seed: number): Promise<string[]> {
  const mixture = createMixture(seed);
  const site = await startSite({
    switches: mixture.switches,
    // No fault of these lets a request hang: what a slow machine has not answered yet is not to count as lost.
    service: { timeouts: { requestMs: patient(15_000), idleMs: patient(15_000), lagMs: 200 } },
  });
  try {
    const answers = await mixture.run(site.emulator, [asMixed(site.service), asMixed(site.anotherService())]);
    return violations(site.emulator, answers, 2);
  } finally {
    await site.close();
  }
}

function asMixed(service: AssetService): MixedServer {
  return {
    ensureFolder: (path) => answerOf("folder", service.ensureFolder({ path }, callContext())),
    uploadAsset: (file) => answerOf("asset", service.uploadAsset(file, callContext())),
  };
}

describe.concurrent("random mixtures of faults", () => {
  it.for(Array.from({ length: BATCHES }, (_, batch) => batch))(
    `leave the site as the answers say (batch %i of ${RUNS} seeded runs)`,
    { timeout: patient(120_000) },
    async (batch, { expect }) => {
      const size = RUNS / BATCHES;
      for (let seed = batch * size; seed < (batch + 1) * size; seed += 1) {
        expect(await run(seed), `seed ${seed}`).toEqual([]);
      }
    },
  );
});
