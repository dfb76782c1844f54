import { middleRuns, ROUNDS } from "../rounds.js";
import { type Answer, seconds, times } from "../table.js";
import { NETWORK, type Sizes, SMALL_FILES, WEB_FILES } from "../world.js";
import { type Outcome, onNewSite, ours, rival } from "./upload.js";

interface Batch {
  readonly title: string;
  readonly files: number;
  readonly sizes: Sizes;
}

const BATCHES: readonly Batch[] = [
  { title: "100 of 20 kB to 2 MB", files: 100, sizes: WEB_FILES },
  { title: "500 of 2 to 20 kB", files: 500, sizes: SMALL_FILES },
];
/** The origin, the metadata, S3. */
const CHAIN_MS = NETWORK.originLatencyMs + 2 * NETWORK.latencyMs;
const WITHOUT_LATENCY = { latencyMs: 0, originLatencyMs: 0 };

/** How far a batch is from the SDK's helper all at once, and from what the network and the bytes cost anybody. */
export async function measureBulk(): Promise<Answer> {
  const outcomes = await middleRuns(BATCHES.flatMap(waysOf));
  const found = (name: string): Outcome => outcomes.get(name) as Outcome;
  const rows = BATCHES.flatMap((batch) => {
    const bytesMs = found(bare(batch)).ms;
    const helperMs = found(helper(batch)).ms;
    return [batchOfOurs(batch), helper(batch)].map((name) => {
      const { ms, cpuMs, apiCalls, failures } = found(name);
      return [
        name,
        seconds(ms),
        times(ms / helperMs),
        seconds(CHAIN_MS),
        seconds(bytesMs),
        times(ms / (CHAIN_MS + bytesMs)),
        seconds(cpuMs),
        seconds(found(bare(batch)).cpuMs),
        apiCalls,
        failures,
      ];
    });
  });
  return {
    title: "Batches against the limit",
    setting:
      `Files by URL, no rate limit, the same round trips. The bytes' time is what the least client takes that does the same requests all at once, ` +
      `without checks and without latency, on this machine and against the same emulator. Medians of ${ROUNDS} interleaved runs.`,
    columns: [
      "batch",
      "time",
      "to the helper",
      "longest chain",
      "the bytes' time",
      "to both together",
      "CPU",
      "of the least client",
      "API calls",
      "failed",
    ],
    rows,
    notes: [
      "Goals for `uploadAssets`: at most 1.0 times the SDK's helper, and at most 2.5 times the longest chain of round trips and the bytes' time together.",
    ],
  };
}

function waysOf(batch: Batch): [string, () => Promise<Outcome>][] {
  const uploadAll = ours((server, files) => server.uploadAll(files));
  return [
    [batchOfOurs(batch), onNewSite(batch, uploadAll)],
    [helper(batch), onNewSite(batch, rival("sdk-at-once"))],
    [bare(batch), onNewSite({ ...batch, ...WITHOUT_LATENCY }, rival("bare"))],
  ];
}

const batchOfOurs = ({ title }: Batch): string => `\`uploadAssets\`: ${title}`;
const helper = ({ title }: Batch): string => `the SDK's helper, all at once: ${title}`;
const bare = ({ title }: Batch): string => `the least client: ${title}`;
