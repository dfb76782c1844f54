import { homedir } from "node:os";
import { isAbsolute } from "node:path";

/**
 * The home directory of the user; undefined where there is none: in a container whose user has no entry in the
 * password file, or where HOME is set to nothing, which would make every path in it one in the working directory.
 */
export function homeDirectory(): string | undefined {
  try {
    const directory = homedir();
    return isAbsolute(directory) ? directory : undefined;
  } catch {
    return undefined;
  }
}
