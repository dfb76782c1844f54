import { setTimeout as delay } from "node:timers/promises";

/** Spaces out requests to hosts that asked for fewer of them. Hosts that never did are not slowed down. */
export interface HostPace {
  /** Resolves when a request to `host` may begin; rejects with the signal's reason. */
  turn(host: string, signal: AbortSignal): Promise<void>;
  /**
   * Call it when a request that began at `startedAt` was answered 429 or 503. Returns how long to wait before the
   * next, in milliseconds, or undefined if the host has refused everything for so long that it is given up.
   */
  refused(host: string, startedAt: number, retryAfterMs: number | undefined): number | undefined;
  /** Call it when a request that began at `startedAt` was answered. */
  answered(host: string, startedAt: number): void;
}

interface HostState {
  /** Between the starts of two requests, in milliseconds. */
  intervalMs: number;
  /** No request starts earlier; milliseconds since the epoch, as those below. */
  notBefore: number;
  nextTurn: number;
  /** When the pace was last slowed down. */
  slowedAt: number;
  /** How often it was slowed down since the last answer. */
  refusals: number;
}

const FIRST_INTERVAL_MS = 100;
const LONGEST_INTERVAL_MS = 2_000;
const LONGEST_BACKOFF_MS = 8_000;
const MOST_REFUSALS = 4;
/** What a host asks for beyond this, it is asked again: the wait may be meant for one file of many. */
const LONGEST_HOLD_MS = 120_000;
/** After this long without a refusal, a host is asked as fast as any other. */
const FORGOTTEN_AFTER_MS = 60_000;

/** `backoffMs`: the first wait for a host that does not say how long to wait; each further one is twice as long. */
export function createHostPace(backoffMs: number): HostPace {
  const hosts = new Map<string, HostState>();

  function slowDown(state: HostState): void {
    state.refusals += 1;
    state.slowedAt = Date.now();
    state.intervalMs =
      state.intervalMs === 0 ? FIRST_INTERVAL_MS : Math.min(state.intervalMs * 2, LONGEST_INTERVAL_MS);
  }

  return {
    async turn(host, signal) {
      for (let state = hosts.get(host); state !== undefined; state = hosts.get(host)) {
        const begin = Math.max(Date.now(), state.nextTurn, state.notBefore);
        state.nextTurn = begin + state.intervalMs;
        const waitMs = begin - Date.now();
        if (waitMs > 0) await delay(waitMs, undefined, { signal });
        // Another request may have been refused meanwhile.
        if (Date.now() >= state.notBefore) return;
      }
    },

    refused(host, startedAt, retryAfterMs) {
      const state = hosts.get(host) ?? { intervalMs: 0, notBefore: 0, nextTurn: 0, slowedAt: 0, refusals: 0 };
      hosts.set(host, state);
      // Requests that began before the pace was slowed down say nothing about the new pace.
      if (startedAt >= state.slowedAt) slowDown(state);
      if (state.refusals > MOST_REFUSALS) return undefined;
      const waitMs = retryAfterMs ?? Math.min(backoffMs * 2 ** (state.refusals - 1), LONGEST_BACKOFF_MS);
      const heldUntil = Date.now() + Math.min(waitMs, LONGEST_HOLD_MS);
      state.notBefore = Math.max(state.notBefore, heldUntil);
      state.nextTurn = Math.max(state.nextTurn, state.notBefore);
      return Math.max(waitMs, state.notBefore - Date.now());
    },

    answered(host, startedAt) {
      const state = hosts.get(host);
      if (!state || startedAt < state.slowedAt) return;
      state.refusals = 0;
      if (Date.now() - state.slowedAt > FORGOTTEN_AFTER_MS) hosts.delete(host);
    },
  };
}
