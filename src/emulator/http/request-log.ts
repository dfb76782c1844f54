import type { Operation, Service } from "../behaviour/operations.js";
import type { RequestHead } from "./exchange.js";

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

/** What a request has to match to be counted. */
export type RequestFilter = Partial<Pick<LoggedRequest, "service" | "operation" | "method" | "status">>;

/** The latest requests that the emulator got, in order of arrival. */
export interface RequestLog {
  add(request: LoggedRequest): void;
  entries(filter?: RequestFilter): LoggedRequest[];
  count(filter?: RequestFilter): number;
  clear(): void;
}

/** `most`: how many requests are kept; the oldest are forgotten, a tenth of them at a time. */
export function createRequestLog(most: number): RequestLog {
  let requests: LoggedRequest[] = [];

  function entries(filter: RequestFilter = {}): LoggedRequest[] {
    const wanted = Object.entries(filter) as [keyof RequestFilter, unknown][];
    return requests.filter((request) => wanted.every(([key, value]) => request[key] === value));
  }

  return {
    add: (request) => {
      requests.push(request);
      if (requests.length > most) requests = requests.slice(-Math.ceil(most * 0.9));
    },
    entries,
    count: (filter) => entries(filter).length,
    clear: () => {
      requests = [];
    },
  };
}
