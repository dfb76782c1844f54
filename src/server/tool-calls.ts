import { randomBytes } from "node:crypto";
import { setMaxListeners } from "node:events";
import type { CallToolResult } from "@modelcontextprotocol/sdk/types.js";
import type { AssetService } from "../assets/asset-service.js";
import { DeadlinePassed, interruptionError } from "../call.js";
import { formatError, isAssetError } from "../errors.js";
import type { Logger } from "../log.js";
import type { ContentBlock, Tool, ToolContext } from "../tools/tool.js";
import { parseArguments } from "./arguments.js";
import type { Progress } from "./progress.js";

export interface ToolCallsOptions {
  readonly service: () => Promise<AssetService>;
  readonly log: Logger;
  readonly callMs: number;
}

/** What a client's request brings with it. */
export interface ToolRequest {
  readonly signal: AbortSignal;
  readonly progress: Progress;
  readonly confirm: ToolContext["confirm"];
}

/** Runs tools for requests, within their time, and turns whatever comes out into an answer. */
export interface ToolCalls {
  answer(tool: Tool, args: Record<string, unknown>, request: ToolRequest): Promise<CallToolResult>;
  /** Aborts all calls under way; resolves when they have ended. */
  abortAll(): Promise<void>;
}

/** Kept back from a call's time for undoing what it left half done. */
const CLEAN_UP_RESERVE_MS = 4_500;

export function createToolCalls({ service, log, callMs }: ToolCallsOptions): ToolCalls {
  const running = new Map<AbortController, Promise<unknown>>();

  async function run(
    tool: Tool,
    args: Record<string, unknown>,
    context: ToolContext,
  ): Promise<CallToolResult> {
    const startedAt = Date.now();
    try {
      const parsed = parseArguments(tool, args);
      const result = await tool.run(await service(), parsed, context);
      context.log.info(`${tool.name} done in ${Date.now() - startedAt} ms`);
      return success(result);
    } catch (error) {
      context.log[isAssetError(error) ? "info" : "error"](`${tool.name} failed: ${logged(error)}`);
      return failure(error);
    }
  }

  return {
    async answer(tool, args, request) {
      const controller = new AbortController();
      // One call may have many requests on their way, each of which listens.
      setMaxListeners(0, controller.signal);
      const cancel = (): void => controller.abort();
      request.signal.addEventListener("abort", cancel, { once: true });
      const workMs = callMs - CLEAN_UP_RESERVE_MS;
      const timer = setTimeout(() => controller.abort(new DeadlinePassed()), workMs);
      const id = randomBytes(3).toString("hex");
      const context: ToolContext = {
        id,
        signal: controller.signal,
        deadline: Date.now() + workMs,
        log: log.child(id),
        progress: request.progress.tell,
        confirm: request.confirm,
      };
      const work = run(tool, args, context);
      running.set(controller, work);
      const { promise: overdue, cancel: notOverdue } = answerWhenOverdue(context, callMs);
      try {
        return await Promise.race([work, overdue]);
      } finally {
        request.progress.end();
        notOverdue();
        clearTimeout(timer);
        request.signal.removeEventListener("abort", cancel);
        work.finally(() => running.delete(controller));
      }
    },

    async abortAll() {
      for (const controller of running.keys()) controller.abort();
      await Promise.allSettled(running.values());
    },
  };
}

/** The answer of a call that does not end although it was told to. */
function answerWhenOverdue(
  context: ToolContext,
  callMs: number,
): { promise: Promise<CallToolResult>; cancel(): void } {
  let timer: NodeJS.Timeout;
  const promise = new Promise<CallToolResult>((resolve) => {
    timer = setTimeout(() => {
      context.log.error("the call did not end in time");
      resolve(failure(interruptionError(context)));
    }, callMs);
  });
  return { promise, cancel: () => clearTimeout(timer) };
}

/** Some clients show the model only the structured content, others only the text: each tells everything. */
function success(result: Record<string, unknown> | ContentBlock[]): CallToolResult {
  if (Array.isArray(result)) return { content: result };
  return { content: [{ type: "text", text: JSON.stringify(result) }], structuredContent: result };
}

/** One text block and no structured content, which some clients would show instead of the text. */
function failure(error: unknown): CallToolResult {
  return { isError: true, content: [{ type: "text", text: formatError(error) }] };
}

/** For the log: an unforeseen error with its stack, any other as the client sees it. */
function logged(error: unknown): string {
  if (isAssetError(error)) return formatError(error);
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
