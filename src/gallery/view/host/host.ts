import { asRecord, connectRpc, RpcError } from "./rpc.js";
import { readToolResult, ToolError, type ToolResult } from "./tool-result.js";

/**
 * The client that shows this view, in the dialect of the MCP Apps extension, revision 2026-01-26:
 * https://github.com/modelcontextprotocol/ext-apps/blob/main/specification/2026-01-26/apps.mdx
 */
export interface Host {
  /** The tool's answer, within a minute by default. Throws {@link ToolError} or, if the client refuses, {@link RpcError}. */
  callTool(name: string, args: object, waitMs?: number): Promise<ToolResult>;
  /** Opens a link in the user's browser; false when the client does not. */
  openLink(url: string): Promise<boolean>;
  /** Says `text` in the conversation in the user's name; false when the client does not. */
  say(text: string): Promise<boolean>;
  /** Asks for the whole window (or the place in the conversation again); the client may decline. */
  requestDisplayMode(mode: DisplayMode): Promise<void>;
  reportSize(width: number, height: number): void;
}

export type DisplayMode = "inline" | "fullscreen";

/** What a client tells about itself; each part may be missing. */
export type HostContext = Record<string, unknown>;

export interface HostEvents {
  /** With the whole context every time, changes merged in. */
  context(context: HostContext): void;
  toolInput(args: Record<string, unknown>): void;
  toolResult(result: ToolResult): void;
  toolCancelled(): void;
  /** Nothing answers: no client of this dialect is there. */
  silent(): void;
  /** The view is about to be taken away. */
  teardown(): void;
}

const PROTOCOL_VERSION = "2026-01-26";
const HANDSHAKE_MS = 5_000;
/** Longer than the server takes for any call. */
const CALL_MS = 60_000;
/** The user may be asked first. */
const CONSENT_MS = 120_000;
const INVALID_PARAMS = -32602;
const INTERNAL_ERROR = -32603;

export function connectHost(peer: Window, events: HostEvents): Host {
  let context: HostContext = {};
  let heard = false;

  const rpc = connectRpc(peer, { notification: receive, request: answer });

  function receive(method: string, params: Record<string, unknown>): void {
    heard = true;
    switch (method) {
      case "ui/notifications/host-context-changed":
        mergeContext(params);
        break;
      case "ui/notifications/tool-input":
        events.toolInput(asRecord(params["arguments"]));
        break;
      case "ui/notifications/tool-result":
        events.toolResult(readToolResult(params));
        break;
      case "ui/notifications/tool-cancelled":
        events.toolCancelled();
    }
  }

  function answer(method: string): object | undefined {
    if (method === "ping") return {};
    if (method !== "ui/resource-teardown") return undefined;
    events.teardown();
    return {};
  }

  function mergeContext(changes: HostContext): void {
    context = { ...context, ...changes };
    events.context(context);
  }

  async function shakeHands(): Promise<void> {
    const params = {
      protocolVersion: PROTOCOL_VERSION,
      appInfo: { name: "webflow-assets-gallery", title: "Webflow assets", version: "1.0.0" },
      appCapabilities: { availableDisplayModes: ["inline", "fullscreen"] },
    };
    try {
      const answered = asRecord(await rpc.request("ui/initialize", params, HANDSHAKE_MS));
      heard = true;
      mergeContext(asRecord(answered["hostContext"]));
    } catch {
      // A client that cannot shake hands may still send results; only one that says nothing at all is absent.
      if (!heard) events.silent();
    }
    rpc.notify("ui/notifications/initialized", {});
  }

  async function accepted(method: string, params: object): Promise<boolean> {
    const result = asRecord(await rpc.request(method, params, CONSENT_MS));
    return result["isError"] !== true;
  }

  void shakeHands();

  return {
    async callTool(name, args, waitMs = CALL_MS) {
      const answered = await rpc.request("tools/call", { name, arguments: args }, waitMs);
      const result = readToolResult(asRecord(answered));
      if (result.error !== undefined) throw new ToolError(result.error);
      return result;
    },
    openLink: (url) => accepted("ui/open-link", { url }).catch(() => false),
    async say(text) {
      const block = { type: "text", text };
      try {
        return await accepted("ui/message", { role: "user", content: [block] });
      } catch (error) {
        // The specification's prose has a single block where its types have a list: clients are of both kinds.
        if (!isShapeRefused(error)) return false;
        return accepted("ui/message", { role: "user", content: block }).catch(() => false);
      }
    },
    async requestDisplayMode(mode) {
      const answered = await rpc
        .request("ui/request-display-mode", { mode }, CONSENT_MS)
        .catch(() => undefined);
      const granted = asRecord(answered)["mode"];
      if (granted !== undefined) mergeContext({ displayMode: granted });
    },
    reportSize: (width, height) => rpc.notify("ui/notifications/size-changed", { width, height }),
  };
}

function isShapeRefused(error: unknown): boolean {
  if (!(error instanceof RpcError)) return false;
  return (
    error.code === INVALID_PARAMS || error.code === INTERNAL_ERROR || /format|content/i.test(error.message)
  );
}
