import { workerData } from "node:worker_threads";
import { BEATS, IS_ENDING, type Watched } from "./watchdog.js";

/* The thread of the watchdog, which shares no event loop with the one that it watches. */

const { shared, parentPid }: Watched = workerData;

const CHECKED_EVERY_MS = 250;
/** This much processor time without a beat is not explained by a busy machine; in microseconds. */
const ORPHAN_MICROSECONDS = 1_000_000;
const ORPHAN_MS = 10_000;
/** A computation that takes this much processor time in one go does not come to an end; in microseconds. */
const HUNG_MICROSECONDS = 30_000_000;

let lastBeat = -1;
let cpuAtBeat = process.cpuUsage();
let beatAt = performance.now();

function isOrphan(): boolean {
  if (process.ppid !== parentPid) return true;
  try {
    process.kill(parentPid, 0);
    return false;
  } catch (error) {
    return error instanceof Error && "code" in error && error.code === "ESRCH";
  }
}

function check(): void {
  const beat = Atomics.load(shared, BEATS);
  if (beat !== lastBeat) {
    lastBeat = beat;
    cpuAtBeat = process.cpuUsage();
    beatAt = performance.now();
    return;
  }
  const { user, system } = process.cpuUsage(cpuAtBeat);
  const used = user + system;
  const isOver = used > ORPHAN_MICROSECONDS || performance.now() - beatAt > ORPHAN_MS;
  const isToEnd = Atomics.load(shared, IS_ENDING) === 1 || isOrphan();
  if ((isOver && isToEnd) || used > HUNG_MICROSECONDS) process.kill(process.pid, "SIGKILL");
}

setInterval(check, CHECKED_EVERY_MS);
