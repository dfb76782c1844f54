import type { ProgressNotification, ProgressToken } from "@modelcontextprotocol/sdk/types.js";
import type { CallContext } from "../core/call-context.js";

/** The progress of one request. */
export interface Progress {
  readonly tell: CallContext["progress"];
  /** Stops reporting. Resolves when the result may follow the last report. */
  end(): Promise<void>;
}

/** Quick calls report nothing, and slow ones no more than people can read. */
const QUIET_MS = 500;
const INTERVAL_MS = 250;
/**
 * Clients forget the token of a request with its answer, and take a notification that they read together with the
 * answer, or handle after it, for an error; some drop the server then.
 */
const GAP_BEFORE_ANSWER_MS = 20;

/**
 * Progress notifications for a request that asked for them: integers that grow with each one, as the protocol
 * requires, the first after half a second, at most four a second (of several, the last), and none at the end, where
 * the answer says it.
 */
export function createProgress(
  progressToken: ProgressToken | undefined,
  send: (notification: ProgressNotification) => Promise<void>,
): Progress {
  let reached = 0;
  let furthest = 0;
  let hasBegunAgain = false;
  let sendNextAt = Date.now() + QUIET_MS;
  let lastSentAt = 0;
  let latest: Parameters<CallContext["progress"]> | undefined;
  let timer: NodeJS.Timeout | undefined;
  let sending: Promise<void> = Promise.resolve();
  let hasEnded = false;

  function sendLatest(token: ProgressToken): void {
    timer = undefined;
    if (!latest) return;
    const [message, done = furthest, total] = latest;
    latest = undefined;
    reached = Math.max(Math.floor(done), reached + 1);
    // Of files that were compared and are now uploaded, a total would say that all is as good as done.
    hasBegunAgain ||= done < furthest;
    furthest = Math.max(furthest, done);
    const isWhole = total !== undefined && reached <= total && !hasBegunAgain;
    sendNextAt = Date.now() + INTERVAL_MS;
    const notification: ProgressNotification = {
      method: "notifications/progress",
      params: { progressToken: token, progress: reached, ...(isWhole && { total }), message },
    };
    sending = send(notification)
      // The client is gone, which the transport notices by itself.
      .catch(() => {})
      .finally(() => {
        lastSentAt = Date.now();
      });
  }

  return {
    tell(...step) {
      const [, done, total] = step;
      const isLast = done !== undefined && total !== undefined && done >= total;
      if (progressToken === undefined || hasEnded || isLast) return;
      latest = step;
      timer ??= setTimeout(() => sendLatest(progressToken), Math.max(0, sendNextAt - Date.now()));
    },

    async end() {
      hasEnded = true;
      clearTimeout(timer);
      await sending;
      const wait = lastSentAt + GAP_BEFORE_ANSWER_MS - Date.now();
      if (lastSentAt > 0 && wait > 0) await new Promise((resolve) => setTimeout(resolve, wait));
    },
  };
}
