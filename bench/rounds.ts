import { median } from "./table.js";

export const ROUNDS = 5;

/**
 * Takes each way once a round, one after the other, so that what slows the machine for a while slows them all.
 * Of each comes back, under its name, the run whose time is the median (or whose figure, where another one counts).
 */
export async function middleRuns<Name, Run extends { readonly ms: number }>(
  ways: Iterable<readonly [Name, () => Promise<Run>]>,
  figureOf: (run: Run) => number = ({ ms }) => ms,
  most = ROUNDS,
): Promise<Map<Name, Run>> {
  const rounds = [...ways].map(([name, way]) => ({ name, way, runs: [] as Run[] }));
  for (let round = 0; round < most; round += 1) {
    for (const { way, runs } of rounds) runs.push(await way());
  }
  return new Map(rounds.map(({ name, runs }) => [name, middleOf(runs, figureOf)]));
}

/** The run whose time is the median, or whose figure. */
export function middleOf<Run extends { readonly ms: number }>(
  runs: readonly Run[],
  figureOf: (run: Run) => number = ({ ms }) => ms,
): Run {
  const middle = median(runs.map(figureOf));
  const found = runs.find((run) => figureOf(run) === middle);
  if (!found) throw new Error("no round was measured");
  return found;
}
