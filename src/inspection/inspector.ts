import type { CallContext } from "../core/call-context.js";
import { readWholePicture } from "../files/formats/whole-picture.js";
import { recognisePicture } from "../pictures/picture-format.js";
import { examine } from "./examine.js";

/** Every way to examine the bytes of a file. Each takes the bytes first; arguments and results can be cloned. */
export const LOOKS = { examine, recognisePicture, readWholePicture };

export type LookName = keyof typeof LOOKS;

/** The arguments of a look besides the bytes. */
export type LookArguments<Name extends LookName> =
  Parameters<(typeof LOOKS)[Name]> extends [Buffer, ...infer More] ? More : never;

export type Found<Name extends LookName> = Awaited<ReturnType<(typeof LOOKS)[Name]>>;

/** Examines files from anybody. Throws TYPE_MISMATCH for one that the look cannot get through, and CANCELLED. */
export interface Inspector {
  look<Name extends LookName>(
    name: Name,
    call: CallContext,
    bytes: Buffer,
    ...more: LookArguments<Name>
  ): Promise<Found<Name>>;
  /** Ends the looks that are under way. */
  close(): Promise<void>;
}

/** An inspector in this thread, for tests and systems that allow no other: nothing limits its time. */
export function createInspector(): Inspector {
  return {
    // The result is what this look finds.
    look: (name, _call, bytes, ...more) => runLook(name, bytes, more) as never,
    close: async () => {},
  };
}

/** Runs a look in this thread. `more` must be the arguments of that look. */
export async function runLook(name: LookName, bytes: Buffer, more: readonly unknown[]): Promise<unknown> {
  const look: (bytes: Buffer, ...more: never[]) => unknown = LOOKS[name];
  return look(bytes, ...(more as never[]));
}
