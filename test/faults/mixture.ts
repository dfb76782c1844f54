import type { Fault, FaultKind } from "../../src/emulator/behaviour/faults.js";
import { seededRandom } from "../../src/emulator/behaviour/seeded-random.js";
import type { EmulatorSwitches } from "../../src/emulator/behaviour/switches.js";
import type { Emulator } from "../../src/emulator/emulator.js";
import { numberedPng } from "../builders/bytes.js";
import { dataUri } from "../builders/site.js";
import type { Answer } from "./truth.js";

const OPERATIONS = 10;
const AT_ONCE = 5;
const FAULT_RATE = 0.2;

const KINDS: readonly (readonly [Fault["on"], FaultKind])[] = [
  ["api", { kind: "too-many-requests", retryAfter: "0" }],
  ["api", { kind: "status", status: 500, when: "before" }],
  ["api", { kind: "status", status: 503, when: "before" }],
  ["api", { kind: "status", status: 500, when: "after" }],
  ["api", { kind: "error-body", status: 500, body: "text", when: "after" }],
  ["api", { kind: "error-body", status: 502, body: "html" }],
  ["api", { kind: "error-body", status: 503, body: "empty" }],
  ["api", { kind: "error-body", status: 429, body: "json-string", retryAfter: "0" }],
  ["api", { kind: "error-body", status: 500, body: "json-array", when: "after" }],
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

/** A server, as a mixture uses it. */
export interface MixedServer {
  ensureFolder(path: string): Promise<Answer>;
  uploadAsset(file: { source: string; fileName: string; folder: string }): Promise<Answer>;
}

/** Random behaviour of a site, a seeded sequence of operations on it, and random faults. */
export interface Mixture {
  readonly switches: Partial<EmulatorSwitches>;
  /** A number from 0 to 1, the next of the seeded ones. */
  random(): number;
  /** Ten operations on a few folders and files, five at a time, on a service that fails one request in five. */
  run(emulator: Emulator, servers: readonly [MixedServer, MixedServer]): Promise<Answer[]>;
}

export function createMixture(seed: number): Mixture {
  const random = seededRandom(seed);
  const below = (limit: number): number => Math.floor(random() * limit);

  function addFaults({ faults }: Emulator): void {
    faults.seed(seed);
    // The first that strikes counts, so each service sees about one fault in five requests in all.
    for (const service of ["api", "s3", "cdn"] as const) {
      const kinds = KINDS.filter(([on]) => on === service || (service === "api" && on === "createAsset"));
      const rate = 1 - (1 - FAULT_RATE) ** (1 / kinds.length);
      for (const [on, kind] of kinds) faults.add({ on, ...kind, rate });
    }
  }

  function operate(servers: readonly [MixedServer, MixedServer]): Promise<Answer> {
    const server = servers[below(2) === 0 ? 0 : 1];
    const folder = ["A", "A/B", "C", "C/D"][below(4)] ?? "A";
    if (random() < 0.3) return server.ensureFolder(folder);
    const number = below(6);
    return server.uploadAsset({
      source: dataUri(numberedPng(number)),
      fileName: `Größe ${number}.png`,
      folder,
    });
  }

  return {
    random,
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
    async run(emulator, servers) {
      addFaults(emulator);
      const answers: Answer[] = [];
      while (answers.length < OPERATIONS) {
        answers.push(...(await Promise.all(Array.from({ length: AT_ONCE }, () => operate(servers)))));
      }
      return answers;
    },
  };
}
