/*
 * The SDK takes no `fetch` of ours but calls the global one, and loses what it does not expect: the status and headers of
 * an error whose body is no JSON object, nulls, the cause of a failed connection. So the global `fetch` hands over
 * requests that bear a mark of ours, and leaves all others alone.
 */

/** Names the request of the SDK; never sent. An AsyncLocalStorage would do the same, and slow down every promise of Node 20. */
const MARK = "x-webflow-assets-mcp-request";
const marked = new Map<string, typeof fetch>();
let isInstalled = false;
let lastMark = 0;

/** Runs `work`, which sends its requests with `headers`; they go to `ours` instead of the global `fetch`. */
export async function through<Result>(
  ours: typeof fetch,
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
  globalThis.fetch = (input, init) => {
    const headers = new Headers(init?.headers);
    const ours = marked.get(headers.get(MARK) ?? "");
    if (!ours) return original(input, init);
    headers.delete(MARK);
    return ours(input, { ...init, headers });
  };
}
