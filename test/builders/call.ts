import { setMaxListeners } from "node:events";
import type { Call } from "../../src/call.js";
import { createLogger } from "../../src/log.js";

/** A call that nobody cancels and that has a minute, with whatever a test wants different. */
export function aCall(overrides: Partial<Call> = {}): Call {
  const { signal } = new AbortController();
  setMaxListeners(0, signal);
  return {
    id: "test",
    signal,
    deadline: Date.now() + 60_000,
    log: createLogger("silent"),
    progress: () => {},
    ...overrides,
  };
}
