import type { CallContext } from "../../core/call-context.js";
import type { PreparedFile } from "../prepare-file.js";

/** A file that was read before its batch began, so that nobody has to read it again. */
export interface HeldFile {
  /** MD5 of what was read, 32 lower-case hex digits. */
  readonly sourceMd5: string;
  /** Whatever is left to do with what was read. Throws as `FilePreparation.check` does. */
  prepare(call: CallContext): Promise<PreparedFile>;
  /** Lets go of the bytes; `prepare` is not called any more. */
  release(): void;
}

export interface FileToHold extends Pick<HeldFile, "sourceMd5" | "prepare"> {
  /** How many bytes `prepare` holds on to. */
  readonly bytes: number;
}

/** Holds files between their comparison and their upload. Nobody waits for its room: what does not fit is read again. */
export interface FileHold {
  /** Undefined when there is no room. */
  keep(file: FileToHold): HeldFile | undefined;
}

export function createFileHold(mostBytes: number): FileHold {
  let heldBytes = 0;
  return {
    keep({ sourceMd5, prepare, bytes }) {
      if (heldBytes + bytes > mostBytes) return undefined;
      heldBytes += bytes;
      let held: FileToHold["prepare"] | undefined = prepare;
      return {
        sourceMd5,
        prepare: (call) => (held ? held(call) : Promise.reject(new Error("the file was released before"))),
        release() {
          if (held) heldBytes -= bytes;
          held = undefined;
        },
      };
    },
  };
}
