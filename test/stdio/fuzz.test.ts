import fc from "fast-check";
import { expect, it } from "vitest";
import { startServer } from "../builders/server-process.js";
import { patient } from "../slowness.js";

const LINES = 8_000;
const SEED = 20_261_124;

const VALID = [
  { jsonrpc: "2.0", id: 1, method: "ping" },
  { jsonrpc: "2.0", id: 2, method: "tools/list", params: {} },
  {
    jsonrpc: "2.0",
    id: 3,
    method: "tools/call",
    params: { name: "ensureFolder", arguments: { path: "a//b" } },
  },
  { jsonrpc: "2.0", method: "notifications/cancelled", params: { requestId: 3, reason: "no" } },
  { jsonrpc: "2.0", id: 4, method: "resources/list" },
].map((message) => JSON.stringify(message));

/** A line of the protocol with something about it changed, or something that never was one. */
function brokenLines(): fc.Arbitrary<string> {
  const valid = fc.constantFrom(...VALID);
  const position = fc.nat(100);
  return fc
    .oneof(
      fc.tuple(valid, position).map(([line, at]) => line.slice(0, at)),
      fc
        .tuple(valid, position, fc.string())
        .map(([line, at, text]) => line.slice(0, at) + text + line.slice(at + 1)),
      fc
        .tuple(valid, fc.json())
        .map(([line, json]) => line.replace(/"params":\{.*\}(?=\})/, () => `"params":${json}`)),
      fc.tuple(valid, fc.json()).map(([line, json]) => line.replace(/"id":\d+/, () => `"id":${json}`)),
      fc.json(),
      fc.string(),
      fc.array(valid, { maxLength: 3 }).map((lines) => `[${lines.join(",")}]`),
    )
    .map((line) => line.replace(/[\r\n]/g, " "));
}

/**
 * The id that a line has to be answered under, as JSON: its own where that is one that JSON-RPC 2.0 knows, else null. Undefined
 * for what is no request, which may go without an answer.
 */
function idOfAnswer(line: string): string | undefined {
  if (line.trim() === "") return undefined;
  const message = read(line);
  if (message === undefined || Array.isArray(message)) return "null";
  if (typeof message !== "object" || message === null) return undefined;
  if (!("id" in message && "method" in message && typeof message.method === "string")) return undefined;
  const { id } = message;
  return JSON.stringify(typeof id === "string" || typeof id === "number" ? id : null);
}

/** The id of the request that a line cancels, as JSON: it may then go without an answer. */
function idOfCancelled(line: string): string | undefined {
  const message = read(line) as { method?: string; params?: { requestId?: unknown } } | null | undefined;
  return message?.method === "notifications/cancelled"
    ? JSON.stringify(message.params?.requestId)
    : undefined;
}

/** Undefined for what is no JSON. */
function read(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}

it(
  `each of ${LINES} broken lines that ask for something is answered under its id, and a valid call at the end is, too`,
  async () => {
    const server = startServer({ args: ["--demo"], env: { WEBFLOW_LOG_LEVEL: "silent" } });
    await server.initialize();
    const before = server.messages.length;
    const lines = fc.sample(brokenLines(), { numRuns: LINES, seed: SEED });
    for (const line of lines) server.write(line);
    const { folder } = (await server.call("ensureFolder", { path: "Still here" })) as {
      folder: { path: string };
    };
    expect(folder.path).toBe("Still here");
    expect(await server.close()).toBe(0);

    const answers = server.messages.slice(before).filter(({ method }) => method === undefined);
    const answered = countBy(answers.map(({ id }) => JSON.stringify(id)));
    const asked = countBy(lines.map(idOfAnswer));
    const cancelled = new Set(lines.map(idOfCancelled));
    const unanswered = [...asked].filter(
      ([id, count]) => !cancelled.has(id) && (answered.get(id) ?? 0) < count,
    );
    expect(asked.size).toBeGreaterThan(100);
    expect(unanswered).toEqual([]);
    expect(answers.length).toBeLessThanOrEqual(LINES + 1);
    expect(server.noise).toEqual([]);
  },
  patient(60_000),
);

function countBy(ids: readonly (string | undefined)[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const id of ids) if (id !== undefined) counts.set(id, (counts.get(id) ?? 0) + 1);
  return counts;
}
