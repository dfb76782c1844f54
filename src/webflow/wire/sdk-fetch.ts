import { AsyncLocalStorage } from "node:async_hooks";

/**
 * What a request of the SDK goes through. The SDK takes no `fetch` of ours but calls the global one, and loses what it
 * does not expect: the status and headers of an error whose body is no JSON object, nulls, the cause of a failed
 * connection. So the global `fetch` hands requests that are made within `through` to this one, and leaves all others
 * alone.
 */
const current = new AsyncLocalStorage<typeof fetch>();
let isInstalled = false;

/** Runs `work`, whose calls of the global `fetch` go to `ours`. */
export function through<Result>(ours: typeof fetch, work: () => Promise<Result>): Promise<Result> {
  install();
  return current.run(ours, work);
}

function install(): void {
  if (isInstalled) return;
  isInstalled = true;
  const original = globalThis.fetch;
  globalThis.fetch = (input, init) => (current.getStore() ?? original)(input, init);
}
