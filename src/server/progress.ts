import type { ProgressNotification, ProgressToken } from "@modelcontextprotocol/sdk/types.js";
import type { CallContext } from "../core/call-context.js";

/** The progress of one request. */
export interface Progress {
  readonly tell: CallContext["progress"];
  /** Nothing is told any more: the result goes out. */
  end(): void;
}

/**
 * Progress notifications for a request that asked for them. The protocol wants the numbers to grow with each, so
 * one that does not reach further than the last is told as the smallest step beyond it, without a total.
 */
export function createProgress(
  progressToken: ProgressToken | undefined,
  send: (notification: ProgressNotification) => Promise<void>,
): Progress {
  let reached = 0;
  let hasEnded = false;

  return {
    tell(message, done, total) {
      if (progressToken === undefined || hasEnded) return;
      const progress = done !== undefined && done > reached ? done : reached + Math.max(1e-6, reached * 1e-6);
      reached = progress;
      const isWhole = total !== undefined && progress <= total;
      send({
        method: "notifications/progress",
        params: { progressToken, progress, ...(isWhole && { total }), message },
      }).catch(() => {
        // The client is gone, which the transport notices by itself.
      });
    },
    end() {
      hasEnded = true;
    },
  };
}
