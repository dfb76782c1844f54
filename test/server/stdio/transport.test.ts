import { once } from "node:events";
import { PassThrough } from "node:stream";
import { ErrorCode, type JSONRPCMessage, McpError } from "@modelcontextprotocol/sdk/types.js";
import { describe, expect, it } from "vitest";
import { createStdioTransport } from "../../../src/server/stdio/transport.js";

const PING = { jsonrpc: "2.0", id: 7, method: "ping" } as const;
const LIMIT = 1_000;

async function start() {
  const input = new PassThrough();
  const output = new PassThrough();
  const received: JSONRPCMessage[] = [];
  const errors: string[] = [];
  const transport = createStdioTransport(input, output, LIMIT);
  transport.onmessage = (message) => received.push(message);
  transport.onerror = (error) => errors.push(error.message);
  await transport.start();
  return {
    transport,
    input,
    output,
    received,
    errors,
    answers: () =>
      String(output.read() ?? "")
        .split("\n")
        .filter((line) => line !== "")
        .map((line) => JSON.parse(line)),
  };
}

describe("a line of stdin", () => {
  it("is a message, in however many pieces it comes", async () => {
    const { input, received } = await start();
    const line = Buffer.from(`${JSON.stringify({ ...PING, params: { _meta: { name: "Füße" } } })}\n`);
    for (const byte of line) input.write(Buffer.from([byte]));
    expect(received).toEqual([{ ...PING, params: { _meta: { name: "Füße" } } }]);
  });

  it("may be the last one without its end, and nothing follows a line that had one", async () => {
    const unended = await start();
    unended.input.end(JSON.stringify(PING));
    await once(unended.input, "end");
    expect(unended.received).toEqual([PING]);
    const ended = await start();
    ended.input.end(`${JSON.stringify(PING)}\n`);
    await once(ended.input, "end");
    expect(ended.received).toEqual([PING]);
    expect([...unended.answers(), ...ended.answers()]).toEqual([]);
  });

  it("comes together with others, with CR LF, and with empty ones between", async () => {
    const { input, received, answers } = await start();
    input.write(`${JSON.stringify(PING)}\r\n\n${JSON.stringify({ ...PING, id: 8 })}\n`);
    expect(received).toEqual([PING, { ...PING, id: 8 }]);
    expect(answers()).toEqual([]);
  });

  it.each([
    ["that is not JSON", "{oops", ErrorCode.ParseError, null],
    ["that is a batch", JSON.stringify([PING]), ErrorCode.InvalidRequest, null],
    ["that is no message", '{"hello":1}', ErrorCode.InvalidRequest, null],
    ["that is of another version", '{"jsonrpc":"1.0","id":3,"method":"ping"}', ErrorCode.InvalidRequest, 3],
    ["that is null", "null", ErrorCode.InvalidRequest, null],
  ])("%s is answered with an error, and the next one is read", async (_, line, code, id) => {
    const { input, received, answers, errors } = await start();
    input.write(`${line}\n${JSON.stringify(PING)}\n`);
    expect(answers()).toMatchObject([{ id, error: { code } }]);
    expect(errors).toHaveLength(1);
    expect(received).toEqual([PING]);
  });

  it("may begin with a byte order mark", async () => {
    const { input, received, errors } = await start();
    input.write(`\ufeff${JSON.stringify(PING)}\n`);
    expect([received, errors]).toEqual([[PING], []]);
  });

  it.each([
    [{ params: null }, {}],
    [{ params: { _meta: null } }, { params: {} }],
    [{ params: { _meta: { progressToken: null } } }, { params: { _meta: {} } }],
    [{ params: { cursor: null } }, { params: {} }],
    [{ params: { name: "a", arguments: null } }, { params: { name: "a" } }],
    [{ params: { name: "a", arguments: [] } }, { params: { name: "a" } }],
    [{ params: { name: "a", arguments: "" } }, { params: { name: "a" } }],
    [{ params: { name: "a", arguments: '{"b":[1]}' } }, { params: { name: "a", arguments: { b: [1] } } }],
    [
      { method: "prompts/get", params: { name: "a", arguments: { b: 1, c: null } } },
      { method: "prompts/get", params: { name: "a", arguments: { b: "1" } } },
    ],
  ])("means with %j what it leaves out", async (given, meant) => {
    const { input, received, errors } = await start();
    input.write(`${JSON.stringify({ ...PING, ...given })}\n`);
    expect(errors).toEqual([]);
    expect(received).toEqual([{ ...PING, ...meant }]);
  });

  it.each([
    0,
    -7,
    1.5,
    1e21,
    null,
    "",
    "a\u2028b",
  ])("may have the id %j, which its answer gets", async (id) => {
    const { transport, input, received, answers } = await start();
    input.write(`${JSON.stringify({ ...PING, id })}\n`);
    const [request] = received as { id: string }[];
    await transport.send({ jsonrpc: "2.0", id: request?.id ?? "", result: {} });
    await transport.settled();
    expect(answers()).toEqual([{ jsonrpc: "2.0", id, result: {} }]);
  });

  it("cancels a request whose id is a fraction", async () => {
    const { input, received } = await start();
    input.write(`${JSON.stringify({ ...PING, id: 1.5 })}\n`);
    const params = { requestId: 1.5 };
    input.write(`${JSON.stringify({ jsonrpc: "2.0", method: "notifications/cancelled", params })}\n`);
    const [request, cancellation] = received as { id?: string; params?: { requestId: string } }[];
    expect(cancellation?.params?.requestId).toBe(request?.id);
  });

  it("a line of stdin that cancels a request which is still to come cancels nothing", async () => {
    const { input, received } = await start();
    input.write('{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":7}}\n');
    input.write(`${JSON.stringify(PING)}\n`);
    expect(received).toEqual([PING]);
  });

  it("a line of stdin as long as the limit is read", async () => {
    const { input, received } = await start();
    const line = JSON.stringify(PING);
    input.write(`${line}${" ".repeat(LIMIT - line.length)}\n`);
    expect(received).toEqual([PING]);
  });

  it.each([
    ["first", (text: string) => `{"jsonrpc":"2.0","id":7,"method":"tools/call","params":{"a":"${text}"}}`, 7],
    [
      "last",
      (text: string) => `{"method":"tools/call","params":{"id":1,"a":"${text}"},"jsonrpc":"2.0","id":"x"}`,
      "x",
    ],
    [
      "nowhere",
      (text: string) => `{"jsonrpc":"2.0","method":"n","params":{"a":"${text}","b":{"id":1}}}`,
      null,
    ],
  ])("longer than that is answered; its id stands %s", async (_, message, id) => {
    const { input, received, answers, errors } = await start();
    const line = message("x".repeat(5 * LIMIT));
    for (let at = 0; at < line.length; at += 333) input.write(line.slice(at, at + 333));
    input.write(`\n${JSON.stringify(PING)}\n`);
    expect(answers()).toMatchObject([{ id, error: { code: ErrorCode.InvalidRequest } }]);
    expect(errors[0]).toContain(`${LIMIT} bytes`);
    expect(received).toEqual([PING]);
  });
});

describe("settling", () => {
  it("waits for the answer of every request", async () => {
    const { transport, input } = await start();
    input.write(`${JSON.stringify(PING)}\n`);
    let isSettled = false;
    const settling = transport.settled().then(() => {
      isSettled = true;
    });
    await new Promise(setImmediate);
    expect(isSettled).toBe(false);
    await transport.send({ jsonrpc: "2.0", id: 7, result: {} });
    await settling;
  });

  it("does not wait for a request that was cancelled", async () => {
    const { transport, input } = await start();
    input.write(`${JSON.stringify(PING)}\n`);
    input.write('{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":7}}\n');
    await transport.settled();
  });
});

describe("a line of stdout", () => {
  it("holds no character that readers take for the end of a line, and no half of a character", async () => {
    const { transport, output } = await start();
    await transport.send({ jsonrpc: "2.0", id: 1, result: { text: "a\u2028b\u2029c \ud83d 😀" } });
    const line = String(output.read());
    expect(line).not.toMatch(/[\u2028\u2029]|\\ud83d /);
    expect(JSON.parse(line).result.text).toBe("a\u2028b\u2029c \ufffd 😀");
  });
});

describe("an error of the protocol", () => {
  async function told(error: { code: number; message: string }): Promise<unknown> {
    const { transport, answers } = await start();
    await transport.send({ jsonrpc: "2.0", id: 1, error });
    return answers()[0].error;
  }

  it("is not introduced by its code, which clients do again", async () => {
    expect(await told(new McpError(ErrorCode.InvalidParams, "Unknown tool"))).toMatchObject({
      code: ErrorCode.InvalidParams,
      message: "Unknown tool",
    });
  });

  it("is the client's and says in words which parameter is wrong, where the SDK answers with zod's issues", async () => {
    const issues = [{ code: "invalid_type", path: ["params", "name"], message: "expected string" }];
    expect(await told({ code: ErrorCode.InternalError, message: JSON.stringify(issues) })).toEqual({
      code: ErrorCode.InvalidParams,
      message: "params.name: expected string",
    });
  });
});

describe("an answer of the client", () => {
  const ANSWER = { jsonrpc: "2.0", id: 0 };
  const accepted = { action: "accept", content: { delete: true } };

  it.each([
    ["with an error that is null", { result: accepted, error: null }, { result: accepted }],
    ["without a result", { result: null }, { result: {} }],
    ["with a list as its result", { result: [accepted] }, { result: {} }],
    [
      "with an error and a result that is null",
      { result: null, error: { code: -32601, message: "no" } },
      { error: { code: -32601, message: "no" } },
    ],
    [
      "with an error whose code is no number",
      { error: { code: "E", message: "no" } },
      { error: { code: -32603, message: "no" } },
    ],
    [
      "with a text as its error",
      { error: "no" },
      { error: { code: -32603, message: "an error without a message" } },
    ],
  ])("%s reaches whoever waits for it, and is not answered", async (_what, given, meant) => {
    const { input, received, answers } = await start();
    input.write(`${JSON.stringify({ ...ANSWER, ...given })}\n`);
    expect(received).toEqual([{ ...ANSWER, ...meant }]);
    expect(answers()).toEqual([]);
  });
});

describe("a message with members that are null because they do not apply", () => {
  it("is a request with its id", async () => {
    const { input, received } = await start();
    input.write(`${JSON.stringify({ ...PING, params: null, result: null, error: null })}\n`);
    expect(received).toEqual([PING]);
  });

  it("is a notification without one", async () => {
    const { input, received, answers } = await start();
    input.write(`${JSON.stringify({ jsonrpc: "2.0", id: null, method: "notifications/initialized" })}\n`);
    expect(received).toEqual([{ jsonrpc: "2.0", method: "notifications/initialized" }]);
    expect(answers()).toEqual([]);
  });
});

describe("what a client says of itself when it connects", () => {
  async function connected(params: object): Promise<unknown> {
    const { input, received } = await start();
    input.write(`${JSON.stringify({ ...PING, method: "initialize", params })}\n`);
    return received[0] && "params" in received[0] ? received[0].params : undefined;
  }
  const clientInfo = { name: "client", version: "1" };
  const own = { protocolVersion: "2025-11-25", clientInfo };

  it.each([
    ["null for what it lacks", { elicitation: null, roots: null, sampling: null }, {}],
    ["null for all of it", null, {}],
    ["an empty list", [], {}],
    ["experiments that are no objects", { experimental: { sparkle: true } }, {}],
    ["an empty list for forms", { elicitation: [] }, { elicitation: { form: {} } }],
    ["true for forms", { elicitation: true }, { elicitation: { form: {} } }],
    ["false for forms", { elicitation: false }, {}],
    ["a detail of forms", { elicitation: { validation: true } }, { elicitation: { form: {} } }],
    ["URLs alone", { elicitation: { url: {}, form: null } }, { elicitation: { url: {} } }],
    [
      "extensions",
      {
        extensions: { "io.modelcontextprotocol/ui": { mimeTypes: ["text/html"] }, "x/y": true, "x/z": null },
      },
      { extensions: { "io.modelcontextprotocol/ui": { mimeTypes: ["text/html"] }, "x/y": {} } },
    ],
    ["both", { elicitation: { form: {}, url: {} } }, { elicitation: { form: {}, url: {} } }],
  ])("may be %s among its capabilities", async (_what, capabilities, meant) => {
    expect(await connected({ ...own, capabilities })).toEqual({ ...own, capabilities: meant });
  });

  it("may lack a version, or be more than is known", async () => {
    const told = { name: "client", title: null, icons: "none" };
    const params = { ...own, capabilities: {}, clientInfo: told };
    expect(await connected(params)).toEqual({
      ...own,
      capabilities: {},
      clientInfo: { name: "client", version: "unknown" },
    });
  });
});

describe("a call", () => {
  it("that asks for a task is the plain call, and a token that is none asks for no progress", async () => {
    const { input, received } = await start();
    const params = { name: "listSites", task: { ttl: 5 }, _meta: { progressToken: {}, other: 1 } };
    input.write(`${JSON.stringify({ ...PING, method: "tools/call", params })}\n`);
    expect(received).toEqual([
      { ...PING, method: "tools/call", params: { name: "listSites", _meta: { other: 1 } } },
    ]);
  });

  it.each([0, "", "a"])("keeps %j as its progress token", async (progressToken) => {
    const { input, received } = await start();
    const message = {
      ...PING,
      method: "tools/call",
      params: { name: "listSites", _meta: { progressToken } },
    };
    input.write(`${JSON.stringify(message)}\n`);
    expect(received).toEqual([message]);
  });
});
