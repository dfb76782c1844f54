import type { LookName } from "../inspector.js";

/** What the thread should examine. */
export interface LookRequest {
  readonly id: number;
  readonly name: LookName;
  readonly bytes: Uint8Array;
  readonly more: readonly unknown[];
}

/** What it found, or why the look failed. The answer with id 0 is sent unasked, when the thread is ready. */
export interface LookAnswer {
  readonly id: number;
  readonly found?: unknown;
  readonly failure?: string;
  /** Whether the machine, not the file, is to blame for the failure. */
  readonly isBusyMachine?: boolean;
}
