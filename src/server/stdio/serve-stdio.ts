import { Console } from "node:console";
import type { Logger } from "../../core/logger.js";
import type { AssetServer } from "../create-server.js";
import { describeForLog } from "../run-tool.js";
import { createStdioTransport } from "./transport.js";

/** How long the work under way may take to undo what it left half done, in milliseconds. */
const SHUTDOWN_MS = 5_000;

/**
 * Serves on stdin and stdout until either ends, or SIGINT, SIGTERM or SIGHUP arrives: then `noteEnding` is called,
 * calls are aborted and undone (within 5 seconds), and the process ends; at a second signal, at once.
 */
export async function serveOnStdio(
  assetServer: AssetServer,
  close: () => Promise<void>,
  log: Logger,
  noteEnding: () => void = () => {},
): Promise<void> {
  // A library that prints must not break the protocol.
  globalThis.console = new Console(process.stderr, process.stderr);
  const transport = createStdioTransport(process.stdin, process.stdout);
  let isEnding = false;
  let canAnswer = true;

  async function end(reason: string, exitCode: number): Promise<void> {
    if (isEnding) return;
    isEnding = true;
    noteEnding();
    log.debug(`ending: ${reason}`);
    setTimeout(() => process.exit(exitCode || 1), SHUTDOWN_MS);
    await assetServer.abortCalls();
    await close();
    if (canAnswer) await transport.settled();
    // Not by itself: a library may keep a timer, such as that of a failed request.
    process.exit(exitCode);
  }

  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
    process.on(signal, () => {
      if (isEnding) process.exit(1);
      void end(signal, 0);
    });
  }
  // The log may have no reader; that is no reason to end.
  process.stderr.on("error", () => {});
  process.stdout.on("error", () => {
    canAnswer = false;
    void end("stdout is closed", 0);
  });
  process.stdin.on("end", () => end("stdin ended", 0));
  process.stdin.on("close", () => end("stdin closed", 0));
  process.on("uncaughtException", (error) => {
    log.error(`unexpected error: ${describeForLog(error)}`);
    void end("unexpected error", 1);
  });
  process.on("unhandledRejection", (reason) => log.error(`unexpected error: ${describeForLog(reason)}`));

  transport.onerror = (error) => log.error(`protocol: ${error.message}`);
  await assetServer.server.connect(transport);
}
