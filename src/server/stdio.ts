import { StdioServerTransport } from "@modelcontextprotocol/sdk/server/stdio.js";
import type { Logger } from "../log.js";
import type { AssetServer } from "./create-server.js";

/** How long the work under way may take to undo what it left half done, in milliseconds. */
const SHUTDOWN_MS = 5_000;

/**
 * Serves on stdin and stdout until stdin ends, stdout breaks, or SIGINT or SIGTERM comes: then every call is
 * aborted, what they left half done is undone (within 5 seconds), and the process ends. A second signal ends it at once.
 */
export async function serveOnStdio(
  assetServer: AssetServer,
  close: () => Promise<void>,
  log: Logger,
): Promise<void> {
  let isEnding = false;

  async function end(reason: string, exitCode: number): Promise<void> {
    if (isEnding) return;
    isEnding = true;
    log.debug(`ending: ${reason}`);
    const overdue = setTimeout(() => process.exit(exitCode || 1), SHUTDOWN_MS);
    await assetServer.abortCalls();
    await close();
    clearTimeout(overdue);
    // Not by itself: the webflow-api SDK keeps timers of a minute after a failed request.
    process.exit(exitCode);
  }

  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    process.on(signal, () => {
      if (isEnding) process.exit(1);
      end(signal, 0);
    });
  }
  process.stdout.on("error", () => end("stdout is closed", 0));
  process.stdin.on("end", () => end("stdin ended", 0));
  process.stdin.on("close", () => end("stdin closed", 0));
  process.on("uncaughtException", (error) => {
    log.error(`unforeseen: ${error.stack ?? error.message}`);
    end("unforeseen error", 1);
  });
  process.on("unhandledRejection", (reason) => {
    log.error(`unforeseen: ${reason instanceof Error ? (reason.stack ?? reason.message) : String(reason)}`);
  });

  const transport = new StdioServerTransport();
  transport.onerror = (error) => log.error(`protocol: ${error.message}`);
  await assetServer.server.connect(transport);
}
