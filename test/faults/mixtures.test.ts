import { describe, it } from "vitest";
import type { Fault, FaultKind } from "../../src/emulator/behaviour/faults.js";
import { seededRandom } from "../../src/emulator/behaviour/seeded-random.js";
import { numberedPng } from "../builders/bytes.js";
import { callContext } from "../builders/call.js";
import { dataUri, startSite } from "../builders/site.js";
import { patient } from "../slowness.js";
import { type Answer, answerOf, violations } from "./truth.js";

const RUNS = 500;
const BATCHES = 25;
const OPERATIONS = 10;
const FAULT_RATE = 0.2;

const KINDS: readonly (readonly [Fault["on"], FaultKind])[] = [
  ["api", { kind: "too-many-requests", retryAfter: "0" }],
  ["api", { kind: "status", status: 500, when: "before" }],
  ["api", { kind: "status", status: 503, when: "before" }],
  ["api", { kind: "status", status: 500, when: "after" }],
  ["api", { kind: "reset", when: "before" }],
  ["api", { kind: "reset", when: "after" }],
  ["api", { kind: "reset", when: "in-body" }],
  ["api", { kind: "html", status: 200 }],
  ["api", { kind: "html", status: 502 }],
  ["api", { kind: "empty" }],
  ["api", { kind: "truncated-json" }],
  ["api", { kind: "latency", ms: 5 }],
  ["createAsset", { kind: "expired-policy" }],
  ["s3", { kind: "status", status: 503, when: "before" }],
  ["s3", { kind: "status", status: 500, when: "after" }],
  ["s3", { kind: "reset", when: "before" }],
  ["s3", { kind: "reset", when: "after" }],
  ["s3", { kind: "reset-in-upload" }],
  ["s3", { kind: "s3-success", status: 200, etag: false }],
  ["s3", { kind: "wrong-etag" }],
  ["s3", { kind: "corrupted" }],
  ["cdn", { kind: "status", status: 503, when: "before" }],
];

/** Ten operations of two servers on a few folders and files, five at a time, on a service that fails one request in five. */
async function run(seed: number): Promise<string[]> {
  const random = seededRandom(seed);
  const below = (limit: number): number => Math.floor(random() * limit);
  const site = await startSite({
    switches: {
      duplicates: random() < 0.5 ? "reuse" : "reuse-uploaded-only",
      detailsOnDuplicate: random() < 0.5,
      createStatus: random() < 0.5 ? 200 : 202,
      colleagueUploads: random() < 0.3,
      fileNames: random() < 0.3 ? "sanitised" : "kept",
      readLagMs: random() < 0.3 ? 30 : 0,
      assetListLagMs: random() < 0.3 ? 30 : 0,
      cdnDelayMs: random() < 0.3 ? 30 : 0,
      sizeLagMs: random() < 0.3 ? 30 : 0,
      s3Etags: random() < 0.8 ? "md5" : random() < 0.5 ? "weak" : "kms",
    },
    // No fault of these lets a request hang: what a slow machine has not answered yet is not to count as lost.
    service: { timeouts: { requestMs: patient(15_000), idleMs: patient(15_000), lagMs: 200 } },
  });
  try {
    site.emulator.faults.seed(seed);
    // The first that strikes counts, so each service sees about one fault in five requests in all.
    for (const service of ["api", "s3", "cdn"] as const) {
      const kinds = KINDS.filter(([on]) => on === service || (service === "api" && on === "createAsset"));
      const rate = 1 - (1 - FAULT_RATE) ** (1 / kinds.length);
      for (const [on, kind] of kinds) site.emulator.faults.add({ on, ...kind, rate });
    }
    const servers = [site.service, site.anotherService()];
    const operation = (): Promise<Answer> => {
      const server = servers[below(2)] ?? site.service;
      const folder = ["A", "A/B", "C", "C/D"][below(4)] ?? "A";
      if (random() < 0.3) return answerOf("folder", server.ensureFolder({ path: folder }, callContext()));
      const number = below(6);
      const source = dataUri(numberedPng(number));
      return answerOf(
        "asset",
        server.uploadAsset({ source, fileName: `Größe ${number}.png`, folder }, callContext()),
      );
    };
    const answers: Answer[] = [];
    while (answers.length < OPERATIONS) {
      answers.push(...(await Promise.all(Array.from({ length: 5 }, operation))));
    }
    return violations(site.emulator, answers, servers.length);
  } finally {
    await site.close();
  }
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
