import { downloadFailed } from "./download-error.js";
import type { TimeLimit } from "./time-limit.js";

/** Lets the bytes of one download in, as there is room for them. */
export interface BodyIntake {
  /** Awaited before so many more bytes are buffered. Throws DOWNLOAD_FAILED for a source that only drips. */
  take(bytes: number): Promise<void>;
  /** For a body that is read anew: the bytes that come have their room already. */
  beginAnew(): void;
}

/** Room is asked for in such steps, so that a host that promises much and sends little takes little. Bytes. */
const STEP_BYTES = 256 * 1024;
/** A source that sends less, in bytes a millisecond, is given up after so many milliseconds. */
const SLOWEST_BYTES_PER_MS = 10;
const PATIENCE_MS = 10_000;

/** `admit` is awaited with the clock of the download stopped. `origin` is what messages call the source. */
export function createBodyIntake(
  origin: string,
  limit: TimeLimit,
  admit: (bytes: number) => Promise<void> = async () => {},
): BodyIntake {
  let admitted = 0;
  let buffered = 0;
  let received = 0;
  let startedAt: number | undefined;
  let waitedMs = 0;

  async function makeRoom(): Promise<void> {
    const waitsSince = Date.now();
    while (admitted < buffered) {
      await limit.suspended(admit(STEP_BYTES));
      admitted += STEP_BYTES;
    }
    waitedMs += Date.now() - waitsSince;
  }

  return {
    async take(bytes) {
      startedAt ??= Date.now();
      received += bytes;
      buffered += bytes;
      const sentForMs = Date.now() - startedAt - waitedMs;
      if (sentForMs > PATIENCE_MS && received < sentForMs * SLOWEST_BYTES_PER_MS) throw tooSlow(origin);
      if (admitted < buffered) await makeRoom();
    },
    beginAnew() {
      buffered = 0;
    },
  };
}

function tooSlow(origin: string): Error {
  return downloadFailed(
    origin,
    "it sends less than 10 kB a second",
    "try again later, or download the file and give its local path",
  );
}
