import { randomBytes } from "node:crypto";
import { mkdir, readdir, rm, stat, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";

/** The processes on this machine that are calling Webflow with the same token. */
export interface Participants {
  /** How many there are, including this one, as of the last look; looks again in the background from time to time. */
  count(): number;
  /** Removes this process from the list. */
  leave(): Promise<void>;
}

/** A process that has not called for this long no longer takes part. In milliseconds. */
const ABSENT_AFTER_MS = 15_000;
const LOOK_EVERY_MS = 1_000;
/** Processes that start at the same moment find each other at the second or third look. */
const BEGINNING_MS = 1_000;
const LOOK_EVERY_AT_THE_BEGINNING_MS = 40;
const MARK_EVERY_MS = 5_000;

/**
 * Participants announce themselves by an empty file each in `directory`, whose modification time is renewed while they
 * call, with each `count`. If that fails, it costs refused calls and nothing else.
 */
export function createParticipants(directory: string, now: () => number = Date.now): Participants {
  const own = join(directory, randomBytes(8).toString("hex"));
  let known = 1;
  let lookedAt = Number.NEGATIVE_INFINITY;
  let markedAt = Number.NEGATIVE_INFINITY;
  let calledAt = Number.NEGATIVE_INFINITY;
  let begunAt = Number.NEGATIVE_INFINITY;
  let work = Promise.resolve();

  async function mark(): Promise<void> {
    await mkdir(directory, { recursive: true, mode: 0o700 });
    await writeFile(own, "", { mode: 0o600 });
    const time = new Date(now());
    await utimes(own, time, time);
  }

  async function look(): Promise<void> {
    let present = 1;
    for (const name of await readdir(directory)) {
      const file = join(directory, name);
      if (file === own || !/^[0-9a-f]{16}$/.test(name)) continue;
      const age = now() - (await stat(file).catch(() => ({ mtimeMs: 0 }))).mtimeMs;
      if (age < ABSENT_AFTER_MS) present += 1;
      else if (age > 10 * ABSENT_AFTER_MS) await rm(file, { force: true });
    }
    known = present;
  }

  function later(step: () => Promise<void>): void {
    work = work.then(step).catch(() => {});
  }

  return {
    count() {
      const time = now();
      if (time - calledAt > MARK_EVERY_MS) begunAt = time;
      calledAt = time;
      const lookEvery = time - begunAt < BEGINNING_MS ? LOOK_EVERY_AT_THE_BEGINNING_MS : LOOK_EVERY_MS;
      if (time - markedAt >= MARK_EVERY_MS) {
        markedAt = time;
        later(mark);
      }
      if (time - lookedAt >= lookEvery) {
        lookedAt = time;
        later(look);
      }
      return known;
    },
    async leave() {
      later(() => rm(own, { force: true }));
      await work;
    },
  };
}
