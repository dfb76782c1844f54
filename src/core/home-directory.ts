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

/** Where to keep what can be lost; undefined if there is no such place: it is never the working directory. */
export async function cacheDirectoryOfUser(): Promise<string | undefined> {
  try {
    const { default: envPaths } = await import("env-paths");
    const { cache } = envPaths("webflow-assets-mcp", { suffix: "" });
    return isAbsolute(cache) ? cache : undefined;
  } catch {
    // It asks for the home directory when it is loaded, and there may be none.
    return undefined;
  }
}
