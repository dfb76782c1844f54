import { afterEach, describe, expect, it, vi } from "vitest";
import type { CallContext } from "../../src/core/call-context.js";
import { AssetError } from "../../src/core/errors.js";
import { type Gap, NEVER_PUBLISHED } from "../../src/uses/record/gaps.js";
import type { Use } from "../../src/uses/record/usage-record.js";
import type { ReadCounts, SiteReading } from "../../src/uses/site-reading.js";
import { createLookForUses, type LookForUsesDependencies } from "../../src/uses/uses-before-deletion.js";
import { callContext } from "../builders/call.js";

const HERO = "6258612D1EE792848F805DA1";
const SPARE = "6258612d1ee792848f805da2";
const SITE = "b".repeat(24);
const assets = [HERO, SPARE].map((id) => ({ id }) as never);
const onPage: Use = { in: "/about", place: "image", strength: "strong" };

interface Read {
  readonly uses?: Readonly<Record<string, readonly Use[]>>;
  readonly gaps?: readonly Gap[];
  readonly counts?: Partial<ReadCounts>;
  readonly isEnough?: boolean;
  readonly isOutdated?: boolean;
  /** Ids that the reading looks for; all by default. */
  readonly sought?: readonly string[];
  readonly fails?: Error;
}

function reading({
  uses = {},
  gaps = [],
  counts = {},
  isEnough = false,
  isOutdated = false,
  sought,
  fails,
}: Read) {
  const heard = { parts: [] as CallContext[], mayCall: [] as (() => boolean)[] };
  const read: Partial<SiteReading> = {
    async readOn(part, mayCallApi) {
      heard.parts.push(part);
      if (mayCallApi) heard.mayCall.push(mayCallApi);
      if (fails) throw fails;
    },
    isComplete: true,
    isOutdatedBy: () => isOutdated,
    seeks: (id) => sought?.includes(id) ?? true,
    usesOf: (id) => ({ uses: [...(uses[id] ?? [])], more: uses[id] ? 2 : 0 }),
    isEnough,
    counts: { at: "2026-03-01T00:00:00.000Z", ...counts },
    gaps,
    callsLeft: 0,
  };
  return { ...heard, read: read as SiteReading };
}

interface Site {
  readonly known?: Read;
  readonly whole?: Read;
  readonly few?: Read;
  readonly total?: number;
  readonly isComplete?: boolean;
  readonly callsLeft?: number;
  /** Whether the map of the whole site is the known one, because that is not read to its end. */
  readonly isKept?: boolean;
  readonly siteFails?: Error;
}

function site({
  known,
  whole = {},
  few = {},
  total = 10,
  isComplete = false,
  callsLeft = 100,
  isKept = false,
  siteFails,
}: Site = {}) {
  const readings = { known: known && reading(known), whole: reading(whole), few: reading(few) };
  const opened: unknown[] = [];
  const listed: number[] = [];
  const lookForUses = createLookForUses({
    maps: {
      known: () => readings.known?.read,
      ofFew: () => readings.few.read,
      async open(_siteId: string, _call: CallContext, wanted: unknown) {
        opened.push(wanted);
        return { reading: (isKept ? readings.known : readings.whole)?.read };
      },
    },
    listings: {
      open: () => ({ isComplete, total, readUpTo: async (count: number) => void listed.push(count) }),
    },
    webflow: {
      callsLeft: () => callsLeft,
      async getSite() {
        if (siteFails) throw siteFails;
      },
    },
  } as unknown as LookForUsesDependencies);
  const look = (call = callContext()) => lookForUses(SITE, assets, call);
  return { look, opened, listed, ...readings };
}

/** Which of the readings was read on. */
async function readOf(of: Site): Promise<string[]> {
  const { look, known, whole, few } = site(of);
  await look();
  return Object.entries({ known, whole, few }).flatMap(([name, one]) => (one?.parts.length ? [name] : []));
}

afterEach(() => {
  vi.useRealTimers();
});

describe("the look before a deletion", () => {
  it("continues with an existing map", async () => {
    expect(await readOf({ known: {} })).toEqual(["known"]);
  });

  it("reads anew what was published since the map was made", async () => {
    const known = { isOutdated: true };
    expect(await readOf({ known })).toEqual(["whole"]);
    expect(await readOf({ known, isKept: true })).toEqual(["few"]);
    const { look, opened } = site({ known });
    await look();
    expect(opened).toEqual([{ needed: [HERO, SPARE], refresh: true }]);
  });

  it("continues with an existing map where Webflow does not say when the site was published", async () => {
    const siteFails = new AssetError("MISSING_SCOPE", "no sites:read", "get it");
    expect(await readOf({ known: { isOutdated: true }, siteFails })).toEqual(["known"]);
  });

  it("makes a map of the whole site where listing it costs little, and names what has to be in it", async () => {
    expect(await readOf({ total: 1_000 })).toEqual(["whole"]);
    expect(await readOf({ total: 5_000, isComplete: true })).toEqual(["whole"]);
    const { look, opened, listed } = site();
    await look();
    expect(opened).toEqual([{ needed: [HERO, SPARE] }]);
    expect(listed).toEqual([1]);
  });

  it("looks for these assets alone where listing all would take many calls", async () => {
    expect(await readOf({ total: 1_001 })).toEqual(["few"]);
  });

  it("looks for these assets alone where the map has not got one of them", async () => {
    expect(await readOf({ whole: { sought: [HERO] } })).toEqual(["few"]);
    expect(await readOf({ whole: { sought: [HERO, SPARE] } })).toEqual(["whole"]);
  });

  it("takes two fifths of what the call has left, and 15 seconds at most", async () => {
    vi.useFakeTimers({ toFake: ["Date"] });
    const { look, whole } = site();
    const begun = Date.now();
    for (const seconds of [10, 60]) await look(callContext({ deadline: begun + seconds * 1_000 }));
    expect(whole.parts.map(({ deadline }) => deadline - begun)).toEqual([4_000, 15_000]);
  });

  it("leaves the timer of its part behind for nobody", async () => {
    const { look, whole } = site();
    const { signal, abort } = abortable();
    await look(callContext({ signal }));
    abort();
    expect(whole.parts[0]?.signal.aborted).toBe(false);
  });

  it.each([
    [6, true],
    [5, false],
  ])("the look before a deletion with %i calls of the API left goes on to call it: %s", async (callsLeft, may) => {
    const { look, whole } = site({ callsLeft });
    await look();
    expect(whole.mayCall[0]?.()).toBe(may);
  });

  it("fails only when the call is cancelled", async () => {
    const fails = new AssetError("WEBFLOW_UNAVAILABLE", "Webflow is down", "wait");
    expect(await site({ whole: { fails } }).look()).toEqual({
      byAsset: new Map(),
      wasRead: false,
      notRead: ["the site: Webflow is down"],
    });
    const cancelled = callContext({ signal: AbortSignal.abort() });
    await expect(site({ whole: { fails } }).look(cancelled)).rejects.toMatchObject({ code: "CANCELLED" });
  });
});

describe("the report of the look", () => {
  const report = (whole: Read) => site({ whole }).look();

  it("reports each asset for which something was found, by its id in lower case", async () => {
    const copy: Use = { in: "CMS: Posts / Vase", place: "richText", strength: "copy" };
    const { byAsset } = await report({ uses: { [HERO]: [onPage, copy] } });
    expect([...byAsset]).toEqual([
      [
        HERO.toLowerCase(),
        { isUsed: true, uses: ["/about (image)", "CMS: Posts / Vase (richText, as a copy of it)"], more: 2 },
      ],
    ]);
  });

  it("calls an asset used only where something shows it", async () => {
    const style: Use = { in: "site.css", place: "background", strength: "style" };
    const { byAsset } = await report({ uses: { [HERO]: [style], [SPARE]: [style, onPage] } });
    expect([...byAsset.values()].map(({ isUsed }) => isUsed)).toEqual([false, true]);
  });

  it.each([
    [{}, false],
    [{ counts: { pages: 1 } }, true],
    [{ counts: { cmsItems: 1 } }, true],
    [{ counts: { draftPages: 1 } }, true],
    [{ counts: { components: 1 } }, true],
    [{ counts: { pages: 1, cmsItems: 1, draftPages: 1, components: 1 } }, true],
    [{ isEnough: true }, true],
  ])("says whether anything was read: %o, %s", async (read, wasRead) => {
    expect((await report(read)).wasRead).toBe(wasRead);
  });

  it("names four of what was not read, and counts the rest", async () => {
    const gaps = ["a", "b", "c", "d", "e", "f"].map((what) => ({ what, why: "404" }));
    expect((await report({ gaps: gaps.slice(0, 4) })).notRead).toEqual([
      "a: 404",
      "b: 404",
      "c: 404",
      "d: 404",
    ]);
    expect((await report({ gaps })).notRead).toEqual(["a: 404", "b: 404", "c: 404", "d: 404", "and 2 more"]);
  });

  it("leaves out hosts that have nothing to read, and what no reading can see", async () => {
    const gaps = [
      { what: "the host x", why: NEVER_PUBLISHED },
      { what: "the CMS", why: "no scope" },
    ];
    expect((await report({ gaps })).notRead).toEqual(["the CMS: no scope"]);
    expect((await report({})).notRead).toEqual([]);
  });
});

function abortable() {
  const controller = new AbortController();
  return { signal: controller.signal, abort: () => controller.abort() };
}
