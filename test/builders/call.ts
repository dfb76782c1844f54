import { setMaxListeners } from "node:events";
import type { CallContext } from "../../src/core/call-context.js";
import { createLogger } from "../../src/core/logger.js";

/** A call that nobody cancels and that has a minute, with whatever a test wants different. */
export function callContext(overrides: Partial<CallContext> = {}): CallContext {
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
