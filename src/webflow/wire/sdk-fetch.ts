import type { HttpRequest } from "./transport.js";

/*
 * The SDK calls the global `fetch`, and loses what it does not expect: the status and headers of an error whose body is
 * no JSON object, nulls, the cause of a failed connection. So the global `fetch` hands over requests that bear a mark
 * of ours, and leaves all others alone.
 */

/** Names the request of the SDK; never sent. An AsyncLocalStorage would slow down every promise of Node 20. */
const MARK = "x-webflow-assets-mcp-request";
const marked = new Map<string, (request: HttpRequest) => Promise<void>>();
let isInstalled = false;
let lastMark = 0;

/**
 * What the SDK gets whatever the answer was, because a failure would leave a timer of the SDK's own behind. Not a
 * `Response`, nor `Headers` elsewhere: for these Node loads a second undici, which takes 25 ms and 3 MB.
 */
const NEUTRAL_RESPONSE = { status: 200, body: null } as Response;

/** Runs `work`, which sends its requests with `headers`; they go to `ours` instead of the global `fetch`. */
export async function through<Result>(
  ours: (request: HttpRequest) => Promise<void>,
  work: (headers: Readonly<Record<string, string>>) => PromiseLike<Result>,
): Promise<Result> {
  install();
  lastMark += 1;
  const mark = String(lastMark);
  marked.set(mark, ours);
  try {
    return await work({ [MARK]: mark });
  } finally {
    marked.delete(mark);
  }
}

function install(): void {
  if (isInstalled) return;
  isInstalled = true;
  const original = globalThis.fetch;
  globalThis.fetch = async (input, init = {}) => {
    const headers = new Map(
      Object.entries(init.headers ?? {}).map(([name, value]) => [name.toLowerCase(), value]),
    );
    const ours = marked.get(headers.get(MARK) ?? "");
    if (!ours) return original(input, init);
    headers.delete(MARK);
    await ours({
      url: String(input),
      method: init.method ?? "GET",
      headers: Object.fromEntries(headers),
      body: typeof init.body === "string" ? init.body : undefined,
    });
    return NEUTRAL_RESPONSE;
  };
}
