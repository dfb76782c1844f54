import type { EmulatedRequest } from "./exchange.js";
import type { Operation } from "./faults.js";

export interface LoggedRequest {
  readonly service: "api" | "s3" | "cdn";
  readonly operation: Operation;
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: EmulatedRequest["headers"];
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly bodyBytes: number;
  /** Of the answer, or what became of the connection. */
  status: number | "reset" | "none";
}

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
