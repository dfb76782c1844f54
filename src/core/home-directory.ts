import { homedir } from "node:os";
import { isAbsolute } from "node:path";

/**
 * The user's home directory; undefined where there is none, as in a container whose user has no entry in the password
 * file, or where HOME is empty, which would turn every path in it into one in the working directory.
 */
export function homeDirectory(): string | undefined {
  try {
    const directory = homedir();
    return isAbsolute(directory) ? directory : undefined;
  } catch {
    return undefined;
  }
}
