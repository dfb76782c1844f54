import { setMaxListeners } from "node:events";
import { AssetError } from "./errors.js";
import type { Logger } from "./logger.js";

/** What one tool call, or one background job, carries through every folder. */
export interface CallContext {
  /** Links the log lines of one call. */
  readonly id: string;
  /** Aborted when the caller cancels, the process ends, or the deadline passes. */
  readonly signal: AbortSignal;
  /** When the call must have been answered: milliseconds since the epoch, `Infinity` for a job. */
  readonly deadline: number;
  readonly log: Logger;
  /** Reports to the caller which step was reached; `done` and `total` are in the same unit (items or bytes). */
  progress(message: string, done?: number, total?: number): void;
  /** Notes in a job that its work is paused for this many milliseconds, and what it waits for ("the rate limit"). */
  paused?(reason: string, ms: number): void;
}

/** A yes-or-no question to a person. */
export interface Question {
  readonly message: string;
  /** Name and title of the form's only field. */
  readonly field: string;
  readonly title: string;
}

/** `declined`: refused or dismissed, which is final. `unanswered`: not in time. `unavailable`: nobody to ask. */
export type Answer = "accepted" | "declined" | "unanswered" | "unavailable";

/** A call during which the person in front of the client can be asked. The call's clock stops meanwhile. */
export interface AskingCall extends CallContext {
  /** Whether the client says that it can ask. */
  readonly canAsk: boolean;
  ask(question: Question): Promise<Answer>;
}

/** The abort reason that marks a deadline; any other reason means that somebody cancelled. */
export class DeadlinePassed extends Error {
  override readonly name = "DeadlinePassed";
}

/** The abort reason that marks the end of the process, which waits for nothing that is not needed. */
export class ServerEnding extends Error {
  override readonly name = "ServerEnding";
}

/** Milliseconds left before the deadline; never negative, `Infinity` for a job. */
export function millisecondsLeft(call: CallContext): number {
  return Math.max(0, call.deadline - Date.now());
}

export function hasDeadlinePassed(call: CallContext): boolean {
  return call.signal.aborted && call.signal.reason instanceof DeadlinePassed;
}

export function isCancelled(call: CallContext): boolean {
  return call.signal.aborted && !(call.signal.reason instanceof DeadlinePassed);
}

/** Whether somebody cancelled the call while the server goes on. */
export function isCancelledAlone(call: CallContext): boolean {
  return isCancelled(call) && !(call.signal.reason instanceof ServerEnding);
}

export function cancelledError(): AssetError {
  return new AssetError(
    "CANCELLED",
    "The call was cancelled before it finished",
    "nothing needs to be undone; call again to do it after all",
  );
}

/** Why an aborted call ended: cancelled, or out of time before it had to be answered. */
export function interruptionError(call: CallContext): AssetError {
  if (isCancelled(call)) return cancelledError();
  return new AssetError(
    "TIMED_OUT",
    "The call ran out of time",
    "call again: finished work is kept; ask for less at once where that is possible",
  );
}

/** Throws {@link interruptionError} if the call is cancelled or out of time. */
export function throwIfInterrupted(call: CallContext): void {
  if (call.signal.aborted) throw interruptionError(call);
}

/**
 * Waits for what `begin` sets in motion, until that calls `end`. If the call is interrupted before, rejects with
 * `errorOf` it, after calling what `begin` returned, which takes back what it had begun.
 */
export function waitInterruptibly<Result>(
  call: CallContext,
  begin: (end: (result: Result | PromiseLike<Result>) => void) => () => void,
  errorOf: (call: CallContext) => Error = interruptionError,
): Promise<Result> {
  return new Promise((resolve, reject) => {
    if (call.signal.aborted) return reject(errorOf(call));
    let hasEnded = false;
    const leave = (): void => {
      takeBack();
      reject(errorOf(call));
    };
    const takeBack = begin((result) => {
      hasEnded = true;
      call.signal.removeEventListener("abort", leave);
      resolve(result);
    });
    // Most waits are over at once, and to listen takes the longer the more are listening.
    if (!hasEnded) call.signal.addEventListener("abort", leave, { once: true });
  });
}

/** `work`, or a rejection once the call is cancelled or out of time; the work has to watch the signal itself. */
export function abortable<Result>(call: CallContext, work: Promise<Result>): Promise<Result> {
  // Nobody else hears of a failure that comes too late.
  work.catch(() => {});
  return waitInterruptibly(call, (end) => {
    work.then(end, () => end(work));
    return () => {};
  });
}

/**
 * Waits until work that another call does for both has ended. Its failure does not count: perhaps only that call was
 * cancelled. Resolves to undefined then; throws if this call is cancelled or out of time.
 */
export async function sharedWork<Result>(
  call: CallContext,
  work: Promise<Result>,
): Promise<Result | undefined> {
  return abortable(call, work).catch(() => {
    throwIfInterrupted(call);
    return undefined;
  });
}

/** How long cleaning up after a call may take, in milliseconds. */
export const CLEAN_UP_MS = 4_000;

/** A call for cleaning up after `call`: it outlives the other's cancellation or deadline, but not by much. */
export function cleanUpCall(call: CallContext): CallContext {
  const timeOut = new AbortController();
  setTimeout(() => timeOut.abort(new DeadlinePassed()), CLEAN_UP_MS).unref();
  return {
    id: call.id,
    log: call.log,
    signal: timeOut.signal,
    deadline: Date.now() + CLEAN_UP_MS,
    progress: () => {},
  };
}

/** A part of a call that has to leave time for the rest: it ends as if its deadline were `deadline`. */
export interface PartOfCall {
  readonly call: CallContext;
  /** Call it when the part has ended. */
  stop(): void;
}

/** `deadline` is in milliseconds since the epoch, and never later than the call's own. */
export function partOfCall(call: CallContext, deadline: number): PartOfCall {
  const controller = new AbortController();
  setMaxListeners(0, controller.signal);
  const end = (): void => controller.abort(call.signal.reason);
  if (call.signal.aborted) end();
  call.signal.addEventListener("abort", end, { once: true });
  const earliest = Math.min(deadline, call.deadline);
  const timer = setTimeout(
    () => controller.abort(new DeadlinePassed()),
    Math.min(Math.max(0, earliest - Date.now()), LONGEST_TIMER_MS),
  );
  return {
    call: { ...call, signal: controller.signal, deadline: earliest },
    stop() {
      clearTimeout(timer);
      call.signal.removeEventListener("abort", end);
    },
  };
}

/** The longest delay that a timer of Node can count. */
const LONGEST_TIMER_MS = 2_147_483_647;
