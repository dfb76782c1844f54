/** JSON-RPC 2.0 with the window that embeds this one. */
export interface Rpc {
  /** Resolves to the peer's `result`; rejects with {@link RpcError}. */
  request(method: string, params: object, timeoutMs: number): Promise<unknown>;
  notify(method: string, params: object): void;
}

export interface RpcHandlers {
  notification(method: string, params: Record<string, unknown>): void;
  /** The result of a request of the peer; `undefined` for a method that is not known here. */
  request(method: string, params: Record<string, unknown>): object | undefined;
}

/** The peer answered with an error, or not in time (`code` undefined). */
export class RpcError extends Error {
  readonly code: number | undefined;

  constructor(message: string, code?: number) {
    super(message);
    this.code = code;
  }

  /** Whether the peer does not know the method, or does not speak at all. */
  get isUnsupported(): boolean {
    return this.code === undefined || this.code === METHOD_NOT_FOUND;
  }
}

const METHOD_NOT_FOUND = -32601;

interface Pending {
  resolve(result: unknown): void;
  reject(error: RpcError): void;
}

/** Only messages whose source is `peer` are listened to: its origin is the host's business and not known here. */
export function connectRpc(peer: Window, handlers: RpcHandlers): Rpc {
  const pending = new Map<number, Pending>();
  let lastId = 0;

  const send = (message: object): void => peer.postMessage({ jsonrpc: "2.0", ...message }, "*");

  window.addEventListener("message", ({ source, data }: MessageEvent<unknown>) => {
    if (source !== peer || !isRecord(data) || data["jsonrpc"] !== "2.0") return;
    const { id, method } = data;
    const params = asRecord(data["params"]);
    if (typeof method !== "string") settle(id, data);
    else if (id === undefined) handlers.notification(method, params);
    else answer(method, params, id);
  });

  function answer(method: string, params: Record<string, unknown>, id: unknown): void {
    const result = handlers.request(method, params);
    if (result) send({ id, result });
    else send({ id, error: { code: METHOD_NOT_FOUND, message: `Method not found: ${method}` } });
  }

  function settle(id: unknown, { result, error }: Record<string, unknown>): void {
    const waiting = pending.get(Number(id));
    pending.delete(Number(id));
    if (error === undefined || error === null) waiting?.resolve(result);
    else waiting?.reject(readError(asRecord(error)));
  }

  return {
    request(method, params, timeoutMs) {
      lastId += 1;
      const id = lastId;
      return new Promise((resolve, reject) => {
        const timer = setTimeout(() => {
          pending.delete(id);
          reject(new RpcError("This app did not respond in time."));
        }, timeoutMs);
        pending.set(id, {
          resolve(result) {
            clearTimeout(timer);
            resolve(result);
          },
          reject(error) {
            clearTimeout(timer);
            reject(error);
          },
        });
        send({ id, method, params });
      });
    },
    notify: (method, params) => send({ method, params }),
  };
}

function readError({ code, message }: Record<string, unknown>): RpcError {
  return new RpcError(
    String(message ?? "This app refused the request."),
    typeof code === "number" ? code : 0,
  );
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The value when it is an object; an empty one otherwise. */
export function asRecord(value: unknown): Record<string, unknown> {
  return isRecord(value) ? value : {};
}
