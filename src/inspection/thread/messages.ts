import type { LookName } from "../inspector.js";

/** What the thread is asked to look at. */
export interface LookRequest {
  readonly id: number;
  readonly name: LookName;
  readonly bytes: Uint8Array;
  readonly more: readonly unknown[];
}

/** What it found, or why the look failed. The answer with id 0 comes by itself, when the thread is ready. */
export interface LookAnswer {
  readonly id: number;
  readonly found?: unknown;
  readonly failure?: string;
  /** Whether the machine is to blame for the failure, and not the file. */
  readonly isBusyMachine?: boolean;
}
