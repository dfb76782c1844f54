import { setTimeout } from "node:timers/promises";
import { type ElicitResult, ErrorCode } from "@modelcontextprotocol/sdk/types.js";
import { afterEach, describe, expect, it, vi } from "vitest";
import * as z from "zod";
import { isCancelled } from "../../src/core/call-context.js";
import { AssetError } from "../../src/core/errors.js";
import {
  defineContentTool,
  defineTool,
  type Tool,
  type ToolContext,
} from "../../src/tools/definition/tool.js";
import { connectClient } from "../builders/connected-client.js";

const ANNOTATIONS = {
  readOnlyHint: false,
  destructiveHint: false,
  idempotentHint: true,
  openWorldHint: false,
};

/** A tool that does what the test says. */
function aTool(run: (context: ToolContext) => Promise<string>, changes: Partial<Tool> = {}): Tool {
  const tool = defineTool({
    name: "work",
    title: "Work",
    description: "Work.",
    input: z.strictObject({
      count: z.int().min(1).max(9).optional(),
      items: z
        .array(z.strictObject({ source: z.string(), altText: z.string().max(5).optional() }))
        .optional(),
    }),
    output: z.object({ said: z.string() }),
    annotations: ANNOTATIONS,
    run: async (_service, _args, context) => ({ said: await run(context) }),
  });
  return { ...tool, ...changes };
}

const greeting = aTool(async () => "hello");

/** Resolves when the signal of a call is aborted. */
function aborted({ signal }: ToolContext): Promise<void> {
  return new Promise((resolve) => {
    signal.addEventListener("abort", () => resolve(), { once: true });
  });
}

async function textOf(tool: Tool, args: Record<string, unknown> = {}): Promise<string> {
  const { client, close } = await connectClient({ tools: [tool] });
  const result = await client.callTool({ name: tool.name, arguments: args });
  await close();
  const [block] = result.content as { text: string }[];
  return block?.text ?? "";
}

describe("the answer of a tool", () => {
  it("is complete in the text alone and in the structured content alone", async () => {
    const { client } = await connectClient({ tools: [greeting] });
    const result = await client.callTool({ name: "work", arguments: {} });
    expect(result.structuredContent).toEqual({ said: "hello" });
    expect(result.content).toEqual([{ type: "text", text: '{"said":"hello"}' }]);
  });

  it("is only content for a tool that shows a picture", async () => {
    const picture = defineContentTool({
      name: "look",
      title: "Look",
      description: "Look.",
      input: z.strictObject({}),
      annotations: ANNOTATIONS,
      run: async () => [{ type: "image", data: "AA==", mimeType: "image/png" }],
    });
    const { client } = await connectClient({ tools: [picture] });
    const result = await client.callTool({ name: "look", arguments: {} });
    expect(result.content).toEqual([{ type: "image", data: "AA==", mimeType: "image/png" }]);
    expect(result.structuredContent).toBeUndefined();
  });

  it("is one text block with code and next step when the tool fails", async () => {
    const failing = aTool(async () => {
      throw new AssetError("FILE_EMPTY", "The file is empty", "choose another");
    });
    const { client } = await connectClient({ tools: [failing] });
    const result = await client.callTool({ name: "work", arguments: {} });
    expect(result).toEqual({
      isError: true,
      content: [{ type: "text", text: "[FILE_EMPTY] The file is empty. Next: choose another." }],
    });
  });

  it("keeps the message of an unforeseen error from the client, and any stack trace from the log", async () => {
    const failing = aTool(async () => {
      throw new TypeError("policy=c2VjcmV0");
    });
    const { client, logged } = await connectClient({ tools: [failing] });
    const result = await client.callTool({ name: "work", arguments: {} });
    expect(JSON.stringify(result)).toMatch(/\[INTERNAL\]/);
    expect(JSON.stringify(result)).not.toContain("c2VjcmV0");
    expect(logged.join("")).not.toContain("at ");
  });

  it("is a protocol error for a tool that does not exist", async () => {
    const { client } = await connectClient({ tools: [greeting] });
    await expect(client.callTool({ name: "wrok" })).rejects.toMatchObject({ code: ErrorCode.InvalidParams });
  });
});

describe("arguments", () => {
  it("arguments of an unknown name are refused with the nearest valid one", async () => {
    expect(await textOf(greeting, { cuont: 1 })).toBe(
      '[INVALID_INPUT] work: there is no "cuont" (did you mean "count"?). Next: correct the arguments and call again.',
    );
  });

  it("are checked on every level", async () => {
    const text = await textOf(greeting, { items: [{ source: "a" }, { sorce: "b", source: "b" }] });
    expect(text).toContain('there is no "sorce" in "items[1]" (did you mean "source"?)');
  });

  it.each([
    [{ items: [{}] }, '"items[0].source" is missing'],
    [{ items: "a" }, '"items" must be an array'],
    [{ items: null, count: "many" }, '"count" must be a number'],
    [{ count: 0 }, '"count" must be at least 1'],
    [{ count: 10 }, '"count" must be at most 9'],
    [{ count: 1.5 }, '"count" must be a whole number'],
    [{ items: [{ source: "a", altText: "too long" }] }, '"items[0].altText" must have at most 5 characters'],
  ])("arguments that are wrong (%j) are told in a sentence", async (args, sentence) => {
    expect(await textOf(greeting, args)).toContain(sentence);
  });
});

describe("progress", () => {
  const telling = aTool(async ({ progress }) => {
    progress("first", 1, 4);
    await setTimeout(600);
    progress("second", 2, 4);
    await setTimeout(300);
    progress("all", 4, 4);
    return "done";
  });

  it("is reported in growing integers before the result, and not at the end", async () => {
    const { client, sent } = await connectClient({ tools: [telling] });
    const numbers: number[] = [];
    await client.callTool({ name: "work" }, undefined, {
      onprogress: ({ progress }) => numbers.push(progress),
    });
    expect(numbers).toEqual([1, 2]);
    expect(sent.at(-1)).toHaveProperty("result");
  });

  it("is not reported to a client that did not ask for it", async () => {
    const { client, sent } = await connectClient({ tools: [telling] });
    await client.callTool({ name: "work" });
    expect(JSON.stringify(sent)).not.toContain("notifications/progress");
  });

  it("is no longer reported once the call was answered", async () => {
    let tell: ToolContext["progress"] = () => {};
    const late = aTool(async ({ progress }) => {
      tell = progress;
      return "done";
    });
    const { client, sent } = await connectClient({ tools: [late] });
    await client.callTool({ name: "work" }, undefined, { onprogress: () => {} });
    tell("too late", 1, 2);
    await setTimeout(600);
    await client.ping();
    expect(JSON.stringify(sent)).not.toContain("too late");
  });
});

describe("a cancelled call", () => {
  it("is aborted, and nothing more is sent for it", async () => {
    const cancel = new AbortController();
    let wasCancelled = false;
    let ended: () => void = () => {};
    const hasEnded = new Promise<void>((resolve) => {
      ended = resolve;
    });
    const waiting = aTool(async (context) => {
      cancel.abort();
      await aborted(context);
      context.progress("undoing", 1, 2);
      wasCancelled = isCancelled(context);
      ended();
      return "undone";
    });
    const { client, sent } = await connectClient({ tools: [waiting] });
    const call = client.callTool({ name: "work" }, undefined, {
      signal: cancel.signal,
      onprogress: () => {},
    });
    await expect(call).rejects.toThrow();
    await hasEnded;
    await client.ping();
    expect(wasCancelled).toBe(true);
    expect(sent.filter((message) => JSON.stringify(message).includes("und"))).toEqual([]);
  });
});

describe("the time of a call", () => {
  it("ends for the tool before the client has to be answered", async () => {
    const waiting = aTool(async (context) => {
      await aborted(context);
      return "cut short";
    });
    const { client } = await connectClient({ tools: [waiting], callMs: 4_600 });
    const result = await client.callTool({ name: "work" });
    expect(result.structuredContent).toEqual({ said: "cut short" });
  });

  it("ends for the client also when the tool does not stop", async () => {
    const deaf = aTool(() => new Promise(() => {}));
    const { client } = await connectClient({ tools: [deaf], callMs: 4_600 });
    const result = await client.callTool({ name: "work" });
    expect(result.isError).toBe(true);
  });

  it("ends when the server does, with an answer", async () => {
    let started: () => void = () => {};
    const hasStarted = new Promise<void>((resolve) => {
      started = resolve;
    });
    const waiting = aTool(async (context) => {
      started();
      await aborted(context);
      return "ended";
    });
    const { client, abortCalls } = await connectClient({ tools: [waiting] });
    const call = client.callTool({ name: "work" });
    await hasStarted;
    await abortCalls();
    expect((await call).structuredContent).toEqual({ said: "ended" });
    expect(JSON.stringify(await client.callTool({ name: "work" }))).toContain("[CANCELLED]");
  });
});

describe("a question to the user", () => {
  afterEach(() => {
    vi.useRealTimers();
  });

  const question = { message: "Delete all?", field: "delete", title: "Delete" };
  const asking = aTool(({ ask }) => ask(question));

  it.each([
    [{ action: "accept", content: { delete: true } }, "accepted"],
    [{ action: "accept", content: { delete: false } }, "declined"],
    [{ action: "accept", content: { delete: "true" } }, "declined"],
    [{ action: "accept", content: { confirm: true } }, "declined"],
    [{ action: "accept", content: {} }, "declined"],
    [{ action: "accept" }, "declined"],
    [{ action: "decline", content: { delete: true } }, "declined"],
    [{ action: "cancel" }, "declined"],
  ] as const)("a question to the user that is answered with %j is %s", async (answer, outcome) => {
    const { client, questions } = await connectClient({ tools: [asking], answer: () => answer });
    const { structuredContent } = await client.callTool({ name: "work" });
    expect(structuredContent).toEqual({ said: outcome });
    expect(questions).toMatchObject([{ message: "Delete all?", requestedSchema: { required: ["delete"] } }]);
  });

  it("is not asked of a client that cannot show it", async () => {
    const { client, sent } = await connectClient({ tools: [asking] });
    const { structuredContent } = await client.callTool({ name: "work" });
    expect(structuredContent).toEqual({ said: "unavailable" });
    expect(JSON.stringify(sent)).not.toContain("elicitation");
  });

  it("counts as not asked when the client fails to show it", async () => {
    const { client } = await connectClient({
      tools: [asking],
      answer: () => Promise.reject(new Error("no window")),
    });
    const { structuredContent } = await client.callTool({ name: "work" });
    expect(structuredContent).toEqual({ said: "unavailable" });
  });

  it("stays open longer than a call may take, and the call goes on after the answer", async () => {
    vi.useFakeTimers();
    const timed = aTool(async (context) => {
      const before = context.deadline - Date.now();
      const answer = await context.ask(question);
      return `${answer}, ${context.deadline - Date.now() === before && !context.signal.aborted}`;
    });
    const { client } = await connectClient({ tools: [timed], answer: () => inMinutes(9) });
    const result = client.callTool({ name: "work" }, undefined, { timeout: 3_600_000 });
    await vi.advanceTimersByTimeAsync(9 * 60_000);
    expect((await result).structuredContent).toEqual({ said: "accepted, true" });
  });

  it("is withdrawn when nobody answers for ten minutes", async () => {
    vi.useFakeTimers();
    const { client } = await connectClient({ tools: [asking], answer: () => inMinutes(11) });
    const result = client.callTool({ name: "work" }, undefined, { timeout: 3_600_000 });
    await vi.advanceTimersByTimeAsync(10 * 60_000);
    expect((await result).structuredContent).toEqual({ said: "unanswered" });
  });
});

function inMinutes(minutes: number): Promise<ElicitResult> {
  return new Promise((resolve) => {
    globalThis.setTimeout(() => resolve({ action: "accept", content: { delete: true } }), minutes * 60_000);
  });
}

describe("read-only mode", () => {
  const reading = aTool(async () => "read", {
    name: "read",
    annotations: { ...ANNOTATIONS, readOnlyHint: true },
  });

  it("has the reading tools only", async () => {
    const { client } = await connectClient({ tools: [greeting, reading], readOnly: true });
    const { tools } = await client.listTools();
    expect(tools.map(({ name }) => name)).toEqual(["read"]);
    await expect(client.callTool({ name: "work" })).rejects.toMatchObject({ code: ErrorCode.InvalidParams });
  });

  it("says so in the instructions", async () => {
    const { client } = await connectClient({ readOnly: true });
    expect(client.getInstructions()).toContain("read-only");
  });
});
