import type { CallContext } from "../../core/call-context.js";
import type { PreparedFile } from "../file/prepare-file.js";

/** A file that was read before its batch began, so that it does not have to be read again. */
export interface HeldFile {
  /** MD5 of the bytes read, 32 lower-case hex digits. */
  readonly sourceMd5: string;
  /** Does what is left to do with the bytes. Throws as `FilePreparation.check` does. */
  prepare(call: CallContext): Promise<PreparedFile>;
  /** Releases the bytes; `prepare` must not be called any more. */
  release(): void;
}

export interface FileToHold extends Pick<HeldFile, "sourceMd5" | "prepare"> {
  /** How many bytes `prepare` keeps in memory. */
  readonly bytes: number;
}

/** Holds files between their comparison and their upload. Nothing waits for room: what does not fit is read again. */
export interface FileHold {
  /** Undefined if there is no room. */
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
