import type { RequestHead } from "./exchange.js";
import type { Operation, Service } from "./operations.js";

export interface LoggedRequest extends RequestHead {
  readonly service: Service;
  readonly operation: Operation;
  /** Milliseconds since the epoch, by this machine's clock. */
  readonly at: number;
  /** Bytes of the body that have arrived. */
  bodyBytes: number;
  /** Of the answer; `reset` when the emulator reset the connection, `none` when it has not answered. */
  status: number | "reset" | "none";
}

/** What a request has to have for it to be counted. */
export type RequestFilter = Partial<Pick<LoggedRequest, "service" | "operation" | "method" | "status">>;

/** Every request that the emulator got, in order of arrival. */
export interface RequestLog {
  add(request: LoggedRequest): void;
  entries(filter?: RequestFilter): LoggedRequest[];
  count(filter?: RequestFilter): number;
  clear(): void;
}

export function createRequestLog(): RequestLog {
  let requests: LoggedRequest[] = [];

  function entries(filter: RequestFilter = {}): LoggedRequest[] {
    const wanted = Object.entries(filter) as [keyof RequestFilter, unknown][];
    return requests.filter((request) => wanted.every(([key, value]) => request[key] === value));
  }

  return {
    add: (request) => {
      requests.push(request);
    },
    entries,
    count: (filter) => entries(filter).length,
    clear: () => {
      requests = [];
    },
  };
}
