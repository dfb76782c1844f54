import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { countTokens } from "gpt-tokenizer/encoding/o200k_base";
import { ENTRY_NAME } from "../../../src/cli/clients/clients.js";
import { anthropicMessages } from "./anthropic-messages.js";
import type { Conversation, Dialect, Reply, ToolResult } from "./dialect.js";
import { gemini } from "./gemini.js";
import { openaiChat } from "./openai-chat.js";
import { openaiResponses } from "./openai-responses.js";

/** A call of one of the server's tools, by the server's own name for it. */
export interface ToolCall {
  readonly tool: string;
  readonly args: Readonly<Record<string, unknown>>;
}

/** What the model does: it makes one call after the other, and sees what came back. */
export type Script = Generator<ToolCall, void, ToolResult>;

/** What the model saw. */
export interface Seen {
  /** Names of the server's tools that the client offered. */
  readonly tools: ReadonlySet<string>;
  readonly definitionTokens: number;
  /** Of all results of the script's calls. */
  readonly resultTokens: number;
  readonly pictures: number;
  readonly calls: number;
  readonly isDone: boolean;
  /** Why the script ended before its end. */
  readonly failure: string | undefined;
}

export interface ScriptedModel {
  readonly url: string;
  seen(): Seen;
  close(): void;
}

const DIALECTS: readonly Dialect[] = [anthropicMessages, openaiChat, openaiResponses, gemini];
const TOOL_OF_SERVER = /webflow[-_]?assets/i;
/** Some clients show a model the tools' names first, and their schemas on request; then the tool is offered itself, or called through another one. */
const TOOL_SEARCHES = ["ToolSearch", "tool_search"];
const TOOL_CALL = "tool_call";

/**
 * Plays the model for a client on loopback, in the streaming form of whichever API the client calls: it makes the calls of a script,
 * each when the one before has its result, and a call again whose result the client did not send.
 */
export async function startScriptedModel(
  script: Script,
  log: (line: string) => void,
): Promise<ScriptedModel> {
  const player = createPlayer(script, log);
  const server = createServer((request, response) => void answer(request, response, player, log));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    seen: player.seen,
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  player: Player,
  log: (line: string) => void,
): Promise<void> {
  const path = new URL(request.url ?? "", "http://model").pathname;
  const body = await text(request);
  const dialect = DIALECTS.find((one) => one.matches(path));
  if (request.method !== "POST" || !dialect) {
    log(`${request.method} ${path}`);
    const models = {
      object: "list",
      data: [{ id: "scripted", object: "model" }],
      input_tokens: 1,
      totalTokens: 1,
    };
    response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(models));
    return;
  }
  const events = dialect.write(player.reply(dialect.read(JSON.parse(body))));
  response.writeHead(200, { "content-type": "text/event-stream" });
  for (const event of events) {
    if (dialect.namesEvents) response.write(`event: ${event.type}\n`);
    response.write(`data: ${JSON.stringify(event)}\n\n`);
  }
  response.end(dialect.end === undefined ? "" : `data: ${dialect.end}\n\n`);
}

interface Player {
  reply(conversation: Conversation): Reply;
  seen(): Seen;
}

interface PendingCall extends ToolCall {
  readonly id: string;
}

function createPlayer(script: Script, log: (line: string) => void): Player {
  const tools = new Map<string, string>();
  let resultTokens = 0;
  let pictures = 0;
  let calls = 0;
  let isDone = false;
  let failure: string | undefined;
  let pending: PendingCall | undefined;

  /** The script's next call after a result, or none at its end. */
  function advance(result: ToolResult | undefined): void {
    try {
      const { done = false, value } = result ? script.next(result) : script.next();
      isDone = done;
      pending = done || !value ? undefined : { ...value, id: `call_${calls}` };
      calls += pending ? 1 : 0;
    } catch (error) {
      failure = error instanceof Error ? error.message : String(error);
      pending = undefined;
    }
  }

  function take(result: ToolResult): void {
    log(`  ${result.text.slice(0, 300)}${result.pictures > 0 ? ` (${result.pictures} pictures)` : ""}`);
    resultTokens += countTokens(result.text);
    pictures += result.pictures;
    advance(result);
  }

  /** The call as this client takes it, or a search for its tool first. */
  function callAs({ tools: offered, results }: Conversation, { id, tool, args }: PendingCall): Reply {
    const names = [...offered.keys()];
    const name = names.find((one) => TOOL_OF_SERVER.test(one) && one.endsWith(tool));
    if (name !== undefined) return { id, tool: name, args };
    const fullName = `mcp__${ENTRY_NAME}__${tool}`;
    const found = results.get(`search_${id}`);
    if (found && offered.has(TOOL_CALL)) {
      tools.set(fullName, JSON.stringify(found.text));
      return { id, tool: TOOL_CALL, args: { name: fullName, arguments: args } };
    }
    const search = names.find((one) => TOOL_SEARCHES.includes(one));
    if (search !== undefined && !found) {
      return { id: `search_${id}`, tool: search, args: { query: `select:${fullName}` } };
    }
    failure = `the client does not offer ${tool}, but ${names.join(", ")}`;
    return { text: failure };
  }

  return {
    reply(conversation) {
      const names = [...conversation.tools.keys()];
      const ofServer = names.filter((name) => TOOL_OF_SERVER.test(name));
      // Clients also ask for a title, or whether the model is there.
      if (ofServer.length === 0 && !names.some((name) => TOOL_SEARCHES.includes(name))) return { text: "{}" };
      for (const name of ofServer) tools.set(name, conversation.tools.get(name) ?? "");
      const result = pending && conversation.results.get(pending.id);
      if (result) take(result);
      else if (calls === 0) advance(undefined);
      if (!pending) return { text: failure ?? "Done." };
      log(`${pending.tool} ${JSON.stringify(pending.args).slice(0, 200)}`);
      return callAs(conversation, pending);
    },

    seen: () => ({
      tools: new Set(tools.keys()),
      definitionTokens: [...tools.values()].reduce((sum, definition) => sum + countTokens(definition), 0),
      resultTokens,
      pictures,
      calls,
      isDone,
      failure,
    }),
  };
}
