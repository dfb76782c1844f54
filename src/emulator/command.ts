import { startEmulator } from "./emulator.js";

/** Nobody reads the log of a separate process. */
const LOGGED_REQUESTS = 100;

/**
 * Runs the sub-command `emulator`, empty or with `--demo`: prints one JSON line with the URLs and a token, and serves
 * until SIGINT or SIGTERM. Where it cannot listen, the process ends with exit code 1.
 */
export async function runEmulatorCommand({ port, demo }: { port: number; demo: boolean }): Promise<void> {
  try {
    const emulator = await startEmulator({
      port,
      loggedRequests: LOGGED_REQUESTS,
      ...(demo && { siteName: "Pottery Lane", seed: (started) => started.seedDemoSite() }),
    });
    for (const signal of ["SIGINT", "SIGTERM"] as const) {
      process.once(signal, () => emulator.close().then(() => process.exit(0)));
    }
    const { apiBaseUrl, token, siteId, uploadHost, cdnBaseUrl, siteUrl } = emulator;
    process.stdout.write(
      `${JSON.stringify({ apiBaseUrl, token, siteId, uploadHost, cdnBaseUrl, siteUrl })}\n`,
    );
  } catch (error) {
    process.stderr.write(`webflow-assets-mcp emulator: ${whyNotListening(error, port)}\n`);
    process.exitCode = 1;
  }
}

function whyNotListening(error: unknown, port: number): string {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  if (code === "EADDRINUSE") return `port ${port} is taken; choose another one, or 0 for any`;
  if (code === "EACCES") return `port ${port} needs rights that this user lacks; choose one above 1023`;
  return error instanceof Error ? error.message : String(error);
}
