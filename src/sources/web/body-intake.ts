import { downloadFailed } from "./download-error.js";
import type { TimeLimit } from "./time-limit.js";

/** Lets in the bytes of one download as there is room for them. */
export interface BodyIntake {
  /** Awaited before this many more bytes are buffered. Throws DOWNLOAD_FAILED for a source that only drips. */
  take(bytes: number): Promise<void>;
  /** For a body that is read again: its bytes have their room already. */
  beginAnew(): void;
}

/** Room is taken in steps of so many bytes: a host that promises much and sends little takes little. */
const STEP_BYTES = 256 * 1024;
/** A source that sends less than this, in bytes per millisecond, is given up after this many milliseconds. */
const SLOWEST_BYTES_PER_MS = 10;
const PATIENCE_MS = 10_000;

/** The clock of the download is stopped while `admit` is awaited. `origin` is the source as messages name it. */
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
