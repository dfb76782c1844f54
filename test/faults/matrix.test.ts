import { describe, it } from "vitest";
import type { FaultKind } from "../../src/emulator/behaviour/faults.js";
import type { Operation } from "../../src/emulator/behaviour/operations.js";
import type { EmulatorSwitches } from "../../src/emulator/behaviour/switches.js";
import { numberedPng } from "../builders/bytes.js";
import { callContext } from "../builders/call.js";
import { dataUri, startSite, type TestSite } from "../builders/site.js";
import { patient } from "../slowness.js";
import { type Answer, answerOf, violations } from "./truth.js";

interface Case {
  readonly name: string;
  readonly on: Operation | "api" | "s3" | "cdn";
  readonly fault: FaultKind;
  /** What the site is like besides. */
  readonly switches?: Partial<EmulatorSwitches>;
}

const API_FAULTS: readonly [string, FaultKind][] = [
  ["answers late", { kind: "latency", ms: 30 }],
  ["answers 429 with Retry-After", { kind: "too-many-requests", retryAfter: "0" }],
  ["answers 429 without Retry-After", { kind: "too-many-requests", retryAfter: null }],
  ["answers 500 before it does anything", { kind: "status", status: 500, when: "before" }],
  ["answers 500 after it did everything", { kind: "status", status: 500, when: "after" }],
  ["resets the connection before it does anything", { kind: "reset", when: "before" }],
  ["resets the connection after it did everything", { kind: "reset", when: "after" }],
  ["resets the connection within the answer", { kind: "reset", when: "in-body" }],
  ["answers a page of HTML with 200", { kind: "html", status: 200 }],
  ["answers a page of HTML with 502", { kind: "html", status: 502 }],
  ["answers with an empty body", { kind: "empty" }],
  ["answers half of the JSON", { kind: "truncated-json" }],
  ["drips its answer", { kind: "slow-drip", ms: 1 }],
  ["never answers", { kind: "hang" }],
  ["does not know the route", { kind: "route-not-found" }],
];

const API_OPERATIONS: readonly Operation[] = ["createAsset", "createFolder", "listFolders", "updateAsset"];

/** Each of them is treated like 500, whatever was asked for. */
const OTHER_OUTAGES: readonly Case[] = ([502, 503, 504] as const).map((status, index) => ({
  name: `${API_OPERATIONS[index]} answers ${status} before it does anything`,
  on: API_OPERATIONS[index] ?? "updateAsset",
  fault: { kind: "status", status, when: "before" },
}));

const S3_FAULTS: readonly [string, FaultKind][] = [
  ["answers late", { kind: "latency", ms: 30 }],
  ["answers 503 SlowDown", { kind: "status", status: 503, when: "before" }],
  ["answers 500 although it stored the file", { kind: "status", status: 500, when: "after" }],
  ["resets the connection before it reads", { kind: "reset", when: "before" }],
  ["resets the connection in mid-upload", { kind: "reset-in-upload" }],
  ["resets the connection although it stored the file", { kind: "reset", when: "after" }],
  ["answers 200 with an ETag", { kind: "s3-success", status: 200, etag: true }],
  ["answers 200 without an ETag", { kind: "s3-success", status: 200, etag: false }],
  ["answers 204 without an ETag", { kind: "s3-success", status: 204, etag: false }],
  ["redirects", { kind: "s3-redirect", location: "http://127.0.0.1:9/" }],
  ["tells another ETag", { kind: "wrong-etag" }],
  ["tells another key", { kind: "wrong-key" }],
  ["stores other bytes", { kind: "corrupted" }],
  ["never answers", { kind: "hang" }],
];

/** Answers of something in between, or of a Webflow that is out of order. */
const ERROR_BODIES: readonly Case[] = (
  ["text", "html", "empty", "json-string", "json-array"] as const
).flatMap((body): Case[] => [
  {
    name: `createAsset answers 500 with a body of ${body} after it did everything`,
    on: "createAsset",
    fault: { kind: "error-body", status: 500, body, when: "after" },
  },
  {
    name: `the Data API answers 429 with a body of ${body}`,
    on: "api",
    fault: { kind: "error-body", status: 429, body, retryAfter: "0" },
  },
]);

const ODD_SITES: readonly (readonly [string, Partial<EmulatorSwitches>])[] = [
  ["finds late what it has made", { readLagMs: 60, assetListLagMs: 60, folderListLagMs: 60, sizeLagMs: 60 }],
  ["alters file names", { fileNames: "sanitised" }],
  ["has other people who upload files of the same names", { colleagueUploads: true }],
];

const ON_ODD_SITES: readonly Case[] = ODD_SITES.flatMap(([what, switches]): Case[] => [
  {
    name: `the site ${what}, and createAsset resets the connection after it did everything`,
    on: "createAsset",
    fault: { kind: "reset", when: "after" },
    switches,
  },
  {
    name: `the site ${what}, and S3 answers 503 SlowDown`,
    on: "postObject",
    fault: { kind: "status", status: 503, when: "before" },
    switches,
  },
  {
    name: `the site ${what}, and updateAsset answers 500`,
    on: "updateAsset",
    fault: { kind: "status", status: 500, when: "before" },
    switches,
  },
]);

const CASES: readonly Case[] = [
  ...ERROR_BODIES,
  ...ON_ODD_SITES,
  ...OTHER_OUTAGES,
  ...API_OPERATIONS.flatMap((on) =>
    API_FAULTS.map(([what, fault]) => ({ name: `${on} ${what}`, on, fault })),
  ),
  ...S3_FAULTS.map(([what, fault]) => ({ name: `S3 ${what}`, on: "postObject" as const, fault })),
  { name: "the form of stage 1 has expired", on: "createAsset", fault: { kind: "expired-policy" } },
  { name: "the record vanishes between the stages", on: "createAsset", fault: { kind: "vanish" } },
];

/** A site whose every step gives up soon, so that a fault that stays does not take the whole of a call's time. */
async function onSite(
  switches: Partial<EmulatorSwitches> | undefined,
  test: (site: TestSite) => Promise<void>,
): Promise<void> {
  const site = await startSite({
    ...(switches && { switches }),
    service: {
      timeouts: { requestMs: patient(1_500), idleMs: patient(1_500), lagMs: 200 },
      retryPolicy: { attempts: 4, baseMs: 1, capMs: 5 },
    },
  });
  try {
    await test(site);
  } finally {
    await site.close();
  }
}

/** Folders and files, the second of each depending on what the first left behind. */
async function work(site: TestSite, callMs: number): Promise<Answer[]> {
  const call = () => callContext({ deadline: Date.now() + callMs });
  const folder = (path: string) => answerOf("folder", site.service.ensureFolder({ path }, call()));
  const asset = (number: number, into: string) =>
    answerOf(
      "asset",
      site.service.uploadAsset(
        { source: dataUri(numberedPng(number)), fileName: `${number}.png`, folder: into, altText: "A dot" },
        call(),
      ),
    );
  return [await folder("A/B"), await asset(1, "A/B"), await asset(2, "A/C"), await folder("A/C")];
}

describe.concurrent.each(CASES)("when $name", ({ on, fault, switches }) => {
  it("a fault that strikes once lets everything succeed all the same", ({ expect }) =>
    onSite(switches, async (site) => {
      const handle = site.emulator.faults.add({ on, ...fault, times: 1 });
      const answers = await work(site, 30_000);
      expect(violations(site.emulator, answers)).toEqual([]);
      expect(answers.filter(({ kind }) => kind === "error")).toHaveLength(isRefusal({ on, fault }) ? 1 : 0);
      expect(handle.struck).toBe(1);
    }));

  it("a fault that stays makes no answer untrue", ({ expect }) =>
    onSite(switches, async (site) => {
      site.emulator.faults.add({ on, ...fault });
      const answers = await work(site, 1_000);
      expect(violations(site.emulator, answers)).toEqual([]);
    }));
});

/** Whether the fault is an answer that repeating does not help with. Alt text that fails is a note, not an error. */
function isRefusal({ on, fault }: Pick<Case, "on" | "fault">): boolean {
  return (fault.kind === "route-not-found" && on !== "updateAsset") || fault.kind === "s3-redirect";
}
