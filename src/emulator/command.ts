import { startEmulator } from "./emulator.js";

/**
 * The sub-command `emulator`: prints one JSON line with the URLs and a token, and serves until SIGINT or SIGTERM.
 * Resolves once it serves. Throws when the port is taken.
 */
export async function runEmulatorCommand({ port }: { port: number }): Promise<void> {
  const emulator = await startEmulator({ port }).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "EADDRINUSE")
      throw new Error(`port ${port} is taken; choose another one, or 0 for any`);
    throw error;
  });
  const { apiBaseUrl, token, siteId, uploadHost, cdnBaseUrl } = emulator;
  process.stdout.write(`${JSON.stringify({ apiBaseUrl, token, siteId, uploadHost, cdnBaseUrl })}\n`);
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    process.once(signal, () => emulator.close().then(() => process.exit(0)));
  }
}
