import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";

/** A server spoken to in plain lines, with no client of ours in between. */
export interface SpokenServer {
  readonly pid: number | undefined;
  /** Resolves, when the answer has come, with the milliseconds since the spawn. */
  ask(method: string, params: object): Promise<number>;
  /** The first request and the notification behind it. */
  initialize(): Promise<number>;
  end(): Promise<void>;
}

export function spawnServer(
  [command = "", ...args]: readonly string[],
  env: Readonly<Record<string, string>> = {},
): SpokenServer {
  const startedAt = performance.now();
  const child = spawn(command, args, {
    env: { PATH: process.env["PATH"], HOME: process.env["HOME"], ...env },
    stdio: ["pipe", "pipe", "ignore"],
    // A group of its own, so that what npx starts ends with it.
    detached: true,
  });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  let lastId = 0;

  async function ask(method: string, params: object): Promise<number> {
    lastId += 1;
    child.stdin.write(`${JSON.stringify({ jsonrpc: "2.0", id: lastId, method, params })}\n`);
    for (;;) {
      const { value, done } = await lines.next();
      if (done) throw new Error(`${args.join(" ")} ended without an answer to ${method}`);
      if (JSON.parse(value).id === lastId) return performance.now() - startedAt;
    }
  }

  return {
    pid: child.pid,
    ask,
    async initialize() {
      const clientInfo = { name: "bench", version: "1" };
      const ms = await ask("initialize", { protocolVersion: "2025-06-18", capabilities: {}, clientInfo });
      child.stdin.write(`${JSON.stringify({ jsonrpc: "2.0", method: "notifications/initialized" })}\n`);
      return ms;
    },
    async end() {
      const ended = once(child, "exit");
      if (child.pid !== undefined) process.kill(-child.pid, "SIGKILL");
      await ended;
    },
  };
}
