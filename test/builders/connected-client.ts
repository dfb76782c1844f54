import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { InMemoryTransport } from "@modelcontextprotocol/sdk/inMemory.js";
import {
  type ClientCapabilities,
  type ElicitRequest,
  ElicitRequestSchema,
  type ElicitResult,
  type JSONRPCMessage,
} from "@modelcontextprotocol/sdk/types.js";
import { createLogger } from "../../src/core/logger.js";
import { createServer } from "../../src/server/create-server.js";
import type { AssetService } from "../../src/service/asset-service.js";
import type { Tool } from "../../src/tools/definition/tool.js";

/** The SDK's client on a server in this process, with what the server sent. */
export interface ConnectedClient {
  readonly client: Client;
  readonly sent: readonly JSONRPCMessage[];
  readonly logged: readonly string[];
  readonly questions: readonly ElicitRequest["params"][];
  abortCalls(): Promise<void>;
  close(): Promise<void>;
}

export interface ConnectedClientOptions {
  readonly tools?: readonly Tool[];
  readonly service?: AssetService;
  readonly siteId?: string;
  readonly readOnly?: boolean;
  readonly allowedDirectories?: readonly string[];
  readonly callMs?: number;
  readonly capabilities?: ClientCapabilities;
  /** How the user answers a question; given, the client can ask. */
  readonly answer?: () => ElicitResult | Promise<ElicitResult>;
}

const NO_SERVICE = {
  takeNotes: () => [],
  withPublicUrls: (result: unknown) => result,
} as Partial<AssetService> as AssetService;

export async function connectClient(options: ConnectedClientOptions = {}): Promise<ConnectedClient> {
  const { tools = [], readOnly = false, allowedDirectories = [], callMs = 45_000, siteId, answer } = options;
  const logged: string[] = [];
  const sent: JSONRPCMessage[] = [];
  const questions: ElicitRequest["params"][] = [];
  const { server, abortCalls } = createServer({
    tools: async () => tools,
    service: async () => options.service ?? NO_SERVICE,
    readOnly,
    allowedDirectories,
    siteId,
    log: createLogger("debug", [], (line) => logged.push(line)),
    callMs,
  });
  const [clientSide, serverSide] = InMemoryTransport.createLinkedPair();
  const send = serverSide.send.bind(serverSide);
  serverSide.send = (message, sendOptions) => {
    sent.push(message);
    return send(message, sendOptions);
  };
  const capabilities = { ...(answer && { elicitation: {} }), ...options.capabilities };
  const client = new Client({ name: "test", version: "1" }, { capabilities });
  if (answer) {
    client.setRequestHandler(ElicitRequestSchema, ({ params }) => {
      questions.push(params);
      return answer();
    });
  }
  await Promise.all([server.connect(serverSide), client.connect(clientSide)]);
  return { client, sent, logged, questions, abortCalls, close: () => client.close() };
}
