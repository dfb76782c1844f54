import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { Emulator } from "../../src/emulator/emulator.js";
import { patient } from "../slowness.js";
import { noteBuiltServerUse } from "./built-server-use.js";

/** A message of JSON-RPC as it came over stdout. */
export interface Message {
  readonly jsonrpc: "2.0";
  readonly id?: number;
  readonly method?: string;
  // biome-ignore lint/suspicious/noExplicitAny: a message of the protocol, whose form is what a test looks at
  readonly result?: any;
  readonly error?: { readonly code: number; readonly message: string };
  // biome-ignore lint/suspicious/noExplicitAny: see above
  readonly params?: any;
}

/** The built server as a process of its own, spoken to line by line. */
export interface ServerProcess {
  readonly child: ChildProcessWithoutNullStreams;
  /** Everything that came over stdout and stderr so far. */
  readonly messages: readonly Message[];
  readonly stderr: () => string;
  /** Lines on stdout that are no JSON: there must be none. */
  readonly noise: readonly string[];
  /** Writes a line as it is. */
  write(line: string): void;
  /** Sends a request and waits for its answer. */
  request(method: string, params?: Record<string, unknown>): Promise<Message>;
  /** Calls a tool; resolves to its structured content, rejects with its error text. */
  call(name: string, args: Record<string, unknown>): Promise<Record<string, unknown>>;
  initialize(capabilities?: Record<string, unknown>): Promise<Message>;
  /** The most memory that it had so far, in bytes; 0 where the system does not tell. */
  peakBytes(): number;
  /** The processor time that it and the processes that it started had so far, in seconds; 0 where the system does not tell. */
  cpuSeconds(): number;
  /** The processes that it started and that still run, where the system tells them. */
  children(): number[];
  /** Resolves with the exit code, or the signal that ended it. */
  readonly exited: Promise<number | string | null>;
  /** Ends it by closing stdin. */
  close(): Promise<number | string | null>;
}

export interface ServerProcessOptions {
  /** What is run; `dist/main.js` when left out. */
  readonly command?: readonly [string, ...string[]];
  readonly args?: readonly string[];
  readonly env?: Record<string, string>;
}

/** The time that a call has on this machine, as the server takes it: its default, stretched. */
const CALL_SECONDS = Math.min(600, patient(45_000) / 1_000);

/** The environment that points a server at an emulator. */
export function emulatorEnvironment(emulator: Emulator): Record<string, string> {
  return {
    WEBFLOW_TOKEN: emulator.token,
    WEBFLOW_API_BASE_URL: emulator.apiBaseUrl,
    WEBFLOW_UPLOAD_HOSTS: emulator.uploadHost,
    WEBFLOW_LOG_LEVEL: "error",
    WEBFLOW_CALL_SECONDS: String(CALL_SECONDS),
  };
}

/** Spawns the server with nothing of this process's environment but PATH and HOME. */
export function startServer({
  command: [program, ...start] = [process.execPath, "dist/main.js"],
  args = [],
  env = {},
}: ServerProcessOptions = {}): ServerProcess {
  const { PATH = "", HOME = "" } = process.env;
  const cache = { XDG_CACHE_HOME: join(tmpdir(), `webflow-assets-test-${process.pid}`) };
  const child = spawn(program, [...start, ...args], { env: { PATH, HOME, ...cache, ...env } });
  const messages: Message[] = [];
  const noise: string[] = [];
  const waiting = new Map<number, (message: Message) => void>();
  let stderr = "";
  // Beyond the ids that a test writes by hand.
  let lastId = 1_000_000;

  createInterface({ input: child.stdout }).on("line", (line) => {
    try {
      const message = JSON.parse(line) as Message;
      messages.push(message);
      if (message.id !== undefined && message.method === undefined) waiting.get(message.id)?.(message);
    } catch {
      noise.push(line);
    }
  });
  child.stderr.on("data", (data) => {
    stderr += data;
  });
  child.stdin.on("error", () => {});
  const exited = new Promise<number | string | null>((resolve) => {
    child.on("exit", (code, signal) => resolve(signal ?? code));
  });

  function write(line: string): void {
    noteBuiltServerUse();
    child.stdin.write(`${line}\n`);
  }

  function request(method: string, params?: Record<string, unknown>): Promise<Message> {
    lastId += 1;
    const id = lastId;
    return new Promise((resolve, reject) => {
      waiting.set(id, resolve);
      void exited.then((how) => reject(new Error(`the server ended (${how}): ${stderr}`)));
      write(JSON.stringify({ jsonrpc: "2.0", id, method, params }));
    });
  }

  return {
    child,
    messages,
    stderr: () => stderr,
    noise,
    write,
    request,
    exited,
    peakBytes() {
      if (process.platform !== "linux") return 0;
      const status = readFileSync(`/proc/${child.pid}/status`, "utf8");
      return Number(/VmHWM:\s+(\d+) kB/.exec(status)?.[1]) * 1024;
    },
    cpuSeconds: () =>
      process.platform === "linux"
        ? [child.pid ?? 0, ...childrenOf(child.pid)].reduce((sum, pid) => sum + cpuSecondsOf(pid), 0)
        : 0,
    children: () => childrenOf(child.pid),
    async call(name, args) {
      const { result, error } = await request("tools/call", { name, arguments: args });
      if (error) throw new Error(error.message);
      if (result.isError) throw new Error(result.content[0].text);
      return result.structuredContent;
    },
    async initialize(capabilities = {}) {
      const answer = await request("initialize", {
        protocolVersion: "2025-06-18",
        capabilities,
        clientInfo: { name: "test", version: "1" },
      });
      write(JSON.stringify({ jsonrpc: "2.0", method: "notifications/initialized" }));
      return answer;
    },
    close() {
      child.stdin.end();
      return exited;
    },
  };
}

/** Fields of proc(5): its own ticks, then those of its children that have ended. */
function cpuSecondsOf(pid: number): number {
  const ticks = statusOf(pid).slice(11, 15);
  return ticks.reduce((sum, field) => sum + Number(field), 0) / TICKS_PER_SECOND;
}

function childrenOf(parent: number | undefined): number[] {
  if (process.platform !== "linux") return [];
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => Number(statusOf(pid)[1]) === parent && statusOf(pid)[0] !== "Z");
}

/** What follows the name of the program in `/proc/PID/stat`: state, parent and so on; empty when it has ended. */
function statusOf(pid: number): string[] {
  try {
    return readFileSync(`/proc/${pid}/stat`, "utf8")
      .replace(/^.*\) /s, "")
      .split(" ");
  } catch {
    return [];
  }
}

const TICKS_PER_SECOND = 100;
