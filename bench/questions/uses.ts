import { startOurServer, timed } from "../our-server.js";
import { middleRuns, ROUNDS } from "../rounds.js";
import { type Answer, megabytes, seconds, times } from "../table.js";
import { SMALL_FILES, startWorld, type WorldOptions } from "../world.js";

const SITE = {
  assets: 5_000,
  folders: 50,
  pages: 300,
  pageBytes: 100_000,
  styleSheets: 20,
  items: 2_000,
  itemPages: false,
} as const;
const LIMIT = { limit: 60, windowMs: 20_000 };
const LEFT_OVER_MS = 1_000;

/** What it costs to tell of every asset where it is used. */
export async function measureUses(): Promise<Answer> {
  const loopback = { latencyMs: 0, originLatencyMs: 0, sizes: SMALL_FILES, site: SITE };
  const middle = await middleRuns([
    ["none", () => measured(loopback)],
    [`${LIMIT.limit} calls in ${LIMIT.windowMs / 1000} s`, () => measured({ ...loopback, ...LIMIT })],
  ]);
  return {
    title: "Where 5,000 assets are used",
    setting:
      `\`findUses\` until it is complete: ${SITE.assets} assets, ${SITE.pages} pages of ${SITE.pageBytes / 1000} kB, ` +
      `${SITE.styleSheets} style sheets and ${SITE.items} CMS items, on loopback without round trips. ` +
      `Memory is the growth of the server's peak. Medians of ${ROUNDS} interleaved runs.`,
    columns: [
      "rate limit",
      "time",
      "calls of the tool",
      "API calls",
      "memory",
      "verdicts of the first page",
      "of the bound",
    ],
    rows: [...middle].map(([limit, run], index) => [limit, ...rowOf(run), index === 0 ? "-" : ofBound(run)]),
    notes: ["Goals: under 5 s and 80 MB without a rate limit; at most 1.05 of the bound with one."],
  };
}

interface Measured {
  readonly ms: number;
  readonly calls: number;
  readonly apiCalls: number;
  readonly growth: number | undefined;
  readonly verdicts: string;
}

function rowOf({ ms, calls, apiCalls, growth, verdicts }: Measured): (string | number)[] {
  return [seconds(ms), calls, apiCalls, megabytes(growth), verdicts];
}

function ofBound({ ms, apiCalls }: Measured): string {
  const boundMs = Math.floor((apiCalls - 1) / LIMIT.limit) * LIMIT.windowMs;
  return times((ms - LEFT_OVER_MS) / boundMs);
}

async function measured(options: WorldOptions): Promise<Measured> {
  const world = await startWorld(options);
  const server = await startOurServer(world);
  const before = server.peakBytes();
  let calls = 0;
  let answer: Record<string, unknown> = {};
  const { ms } = await timed(async () => {
    do {
      answer = await server.call("findUses", { limit: 50 });
      calls += 1;
    } while (answer["status"] === "reading");
  });
  const after = server.peakBytes();
  const { apiCalls } = await world.counts();
  await server.close();
  world.close();
  const growth = before === undefined || after === undefined ? undefined : after - before;
  return { ms, calls, apiCalls, growth, verdicts: verdictsOf(answer) };
}

function verdictsOf({ assets }: Record<string, unknown>): string {
  const counts = new Map<string, number>();
  for (const { verdict } of assets as { verdict: string }[])
    counts.set(verdict, (counts.get(verdict) ?? 0) + 1);
  return [...counts].map(([verdict, count]) => `${count} ${verdict}`).join(", ");
}
