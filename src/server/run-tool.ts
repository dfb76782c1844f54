import type { CallToolResult } from "@modelcontextprotocol/sdk/types.js";
import { withShortTexts } from "../core/answer-size.js";
import type { AskingCall, CallContext, Question } from "../core/call-context.js";
import { formatError, isAssetError } from "../core/errors.js";
import { cutMiddle, withVisibleTexts } from "../core/text.js";
import type { AssetService } from "../service/asset-service.js";
import type { Tool } from "../tools/definition/tool.js";
import type { AskUser } from "./elicitation.js";
import type { ArgumentSchema } from "./mend-arguments.js";
import { parseArguments } from "./parse-arguments.js";
import type { Calls, Request } from "./running-calls.js";

export interface ToolRequest extends Request {
  /** The tool's arguments as clients see them; made from the tool where it is left out. */
  readonly inputSchema?: ArgumentSchema | undefined;
  readonly askUser: AskUser;
  /** Whether the client says that it can show a question. */
  readonly canAsk: boolean;
}

/** Runs a tool and turns whatever comes out into an answer: a failure, too, is a result for the model. */
export async function answerToolCall(
  calls: Calls,
  loadService: () => Promise<AssetService>,
  tool: Tool,
  args: Record<string, unknown>,
  request: ToolRequest,
): Promise<CallToolResult> {
  try {
    return await calls.run(request, (call, clock) => {
      const ask = (question: Question) => clock.stopFor(() => request.askUser(question, call));
      const parse = () => parseArguments(tool, args, request.inputSchema);
      return runTool(tool, parse, asking(call, ask, request.canAsk), loadService);
    });
  } catch (error) {
    return failure(error);
  }
}

async function runTool(
  tool: Tool,
  parse: () => Record<string, unknown>,
  call: AskingCall,
  loadService: () => Promise<AssetService>,
): Promise<CallToolResult> {
  const startedAt = Date.now();
  try {
    const parsed = parse();
    const service = await loadService();
    const result = service.withPublicUrls(await tool.run(service, parsed, call));
    call.log.info(`${tool.name} done in ${Date.now() - startedAt} ms`);
    if (Array.isArray(result)) return { content: withVisibleTexts(result) };
    const answer = withShortTexts(withVisibleTexts(withNotes(result, service.takeNotes())));
    return success(answer, tool.meta?.(service, result));
  } catch (error) {
    call.log[isAssetError(error) ? "info" : "error"](`${tool.name} failed: ${describeForLog(error)}`);
    throw error;
  }
}

/** Adds what the user should hear of the settings. */
function withNotes(result: Record<string, unknown>, added: readonly string[]): Record<string, unknown> {
  if (added.length === 0) return result;
  const { notes } = result;
  return { ...result, notes: [...(Array.isArray(notes) ? notes : []), ...added] };
}

/** The deadline is looked up each time, because it moves while a person is asked. */
function asking(call: CallContext, ask: AskingCall["ask"], canAsk: boolean): AskingCall {
  return {
    ...call,
    get deadline() {
      return call.deadline;
    },
    canAsk,
    ask,
  };
}

/** Some clients show the model only the structured content, others only the text: each is complete. */
function success(result: Record<string, unknown>, meta: Record<string, unknown> | undefined): CallToolResult {
  const content = [{ type: "text" as const, text: JSON.stringify(result) }];
  return { content, structuredContent: result, ...(meta && { _meta: meta }) };
}

/** One text block and no structured content, which some clients would show instead of the text. */
function failure(error: unknown): CallToolResult {
  return {
    isError: true,
    content: [{ type: "text", text: cutMiddle(formatError(error), MOST_ERROR_CHARACTERS) }],
  };
}

/** Errors name what was given, which may be of any length. */
const MOST_ERROR_CHARACTERS = 2_500;

/** An unforeseen error by its name and message, any other as the client sees it. Never a stack trace. */
export function describeForLog(error: unknown): string {
  if (isAssetError(error)) return formatError(error);
  return error instanceof Error ? `${error.name}: ${error.message}` : String(error);
}
