import fc from "fast-check";
import { expect, it } from "vitest";
import { startServer } from "../builders/server-process.js";
import { patient } from "../slowness.js";

const LINES = 20_000;
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
        .map(([line, json]) => line.replace(/"params":\{.*\}(?=\})/, `"params":${json}`)),
      fc.tuple(valid, fc.json()).map(([line, json]) => line.replace(/"id":\d+/, `"id":${json}`)),
      fc.json(),
      fc.string(),
      fc.array(valid, { maxLength: 3 }).map((lines) => `[${lines.join(",")}]`),
    )
    .map((line) => line.replace(/[\r\n]/g, " "));
}

it(
  `answers or ignores each of ${LINES} broken lines, and a valid call at the end`,
  async () => {
    const server = startServer({ args: ["--demo"], env: { WEBFLOW_LOG_LEVEL: "silent" } });
    await server.initialize();
    for (const line of fc.sample(brokenLines(), { numRuns: LINES, seed: SEED })) server.write(line);
    const { folder } = (await server.call("ensureFolder", { path: "Still here" })) as {
      folder: { path: string };
    };
    expect(folder.path).toBe("Still here");
    expect(server.noise).toEqual([]);
    expect(await server.close()).toBe(0);
  },
  patient(60_000),
);
