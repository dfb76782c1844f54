/**
 * The faults by what they imitate:
 * - Webflow or S3 fails: status (503 with Retry-After and S3's SlowDown, for a while with `forMs`), too-many-requests
 * - something in between answers: error-body (text, HTML, nothing, a JSON string or array), html, challenge
 * - the connection: latency, reset, hang, slow-drip, reset-in-upload, unasked-continue; an outage is
 *   `Emulator.outage(ms)` or `Emulator.refuseConnections()`
 * - answers that are wrong: only-accepted, html with status 200, empty, truncated-json, odd-records, odd-fields, route-not-found
 * - an upload: expired-policy, vanish, s3-success, s3-error, s3-redirect, wrong-etag, wrong-key, corrupted
 *
 * Lasting behaviour, such as lists that lag, altered names or weak ETags, is a switch instead.
 */
import type { Operation, Service } from "./operations.js";
import { seededRandom } from "./seeded-random.js";

/** The Retry-After header as it is, or a date so far ahead by the emulator's clock; null leaves it out. */
export type RetryAfter = string | null | { dateInMs: number };

/** The bodies of errors that are not the JSON object that Webflow documents. */
export type ErrorBody = "text" | "html" | "empty" | "json-string" | "json-array";

/** What can go wrong with one request. `before` and `after` say whether the service had done its work. */
export type FaultKind =
  /** The work is done; the answer comes `ms` milliseconds late. */
  | { kind: "latency"; ms: number }
  /** 429 in Webflow's form. */
  | { kind: "too-many-requests"; retryAfter: RetryAfter }
  /** An error status with a body of the service's form; `code` and `message` are those of the Data API. */
  | {
      kind: "status";
      status: number;
      when: "before" | "after";
      retryAfter?: RetryAfter;
      code?: string;
      message?: string;
    }
  /** Any status with a foreign body, from something between the client and the service. */
  | {
      kind: "error-body";
      status: number;
      body: ErrorBody;
      when?: "before" | "after";
      retryAfter?: RetryAfter;
    }
  /** The HTML page of Cloudflare's bot check, with `cf-mitigated: challenge`; 403 when no status is given. */
  | { kind: "challenge"; status?: 403 | 429 | 503 }
  /** An unrequested `100 Continue` precedes the answer. */
  | { kind: "unasked-continue" }
  /** The work is done; these records come first in the answer's list. */
  | { kind: "odd-records"; records: readonly unknown[] }
  /** The work is done; these replace fields of the record, or of a list's first record. */
  | { kind: "odd-fields"; fields: Readonly<Record<string, unknown>> }
  /** The connection is reset before the answer's headers, or (`in-body`, the work is done) half-way through its body. */
  | { kind: "reset"; when: "before" | "after" | "in-body" }
  /** No answer ever. */
  | { kind: "hang"; when?: "before" | "after" }
  /** A gateway's HTML page, with any status; the service has done nothing. */
  | { kind: "html"; status: number }
  /** The work is done; the answer has the right status and no body. */
  | { kind: "empty" }
  /** The work is done; the answer stops half-way, and its Content-Length agrees. */
  | { kind: "truncated-json" }
  /** The body comes byte by byte, `ms` milliseconds apart. */
  | { kind: "slow-drip"; ms: number }
  /** Webflow's answer to an unknown route. */
  | { kind: "route-not-found" }
  /** Stage 1 signs a form that has expired already. */
  | { kind: "expired-policy" }
  /** The record of stage 1 is gone when its answer arrives. */
  | { kind: "vanish" }
  /** S3 resets the connection while the file is being sent. */
  | { kind: "reset-in-upload" }
  /** S3 stores the file and answers with another status of success, with or without an ETag. */
  | { kind: "s3-success"; status: 200 | 204; etag: boolean }
  /** S3 stores nothing and answers with its XML for an error, under any status: its own failures may come as a 200. */
  | { kind: "s3-error"; status: number; code: string; message?: string }
  /** Nothing is done; the answer of success, with this JSON for a body, comes from a queue in front. */
  | { kind: "only-accepted"; status: 200 | 202; body: Readonly<Record<string, unknown>> }
  /** S3 stores nothing and sends the client elsewhere, with 307. */
  | { kind: "s3-redirect"; location: string }
  /** S3 stores the file and answers with the ETag of another. */
  | { kind: "wrong-etag" }
  /** S3 stores the file and answers with another key. */
  | { kind: "wrong-key" }
  /** S3 stores other bytes than it was sent; the ETag is that of what it stored. */
  | { kind: "corrupted" };

export type Fault = FaultKind & {
  /** The operation that it strikes, or all of a service. */
  readonly on: Operation | Service;
  /** Lets this many requests pass first. */
  readonly skip?: number;
  /** Strikes this many requests; without it, every one. */
  readonly times?: number;
  /** Strikes for this many milliseconds from its first strike on: an outage that passes. */
  readonly forMs?: number;
  /** Strikes with this probability, 0 to 1, by the plan's own seeded random numbers. */
  readonly rate?: number;
};

export interface FaultHandle {
  /** How many requests it struck. */
  readonly struck: number;
  remove(): void;
}

/** The planned faults. The first that fits strikes a request. */
export interface FaultPlan {
  add(fault: Fault): FaultHandle;
  clear(): void;
  /** Restarts the random numbers of `rate`. */
  seed(seed: number): void;
  /** The fault that strikes this request; counts it. */
  next(operation: Operation, service: Service): Fault | undefined;
}

interface Entry {
  readonly fault: Fault;
  seen: number;
  struck: number;
  firstStruckMs: number | undefined;
}

/** `now` is the emulator's clock, in milliseconds since the epoch. */
export function createFaultPlan(now: () => number): FaultPlan {
  let entries: Entry[] = [];
  let random = seededRandom(1);

  function strikes(entry: Entry): boolean {
    const {
      skip = 0,
      times = Number.POSITIVE_INFINITY,
      rate = 1,
      forMs = Number.POSITIVE_INFINITY,
    } = entry.fault;
    const nowMs = now();
    entry.seen += 1;
    if (entry.seen <= skip || entry.struck >= times) return false;
    if (nowMs - (entry.firstStruckMs ?? nowMs) >= forMs) return false;
    if (rate < 1 && random() >= rate) return false;
    entry.struck += 1;
    entry.firstStruckMs ??= nowMs;
    return true;
  }

  return {
    add(fault) {
      const entry: Entry = { fault, seen: 0, struck: 0, firstStruckMs: undefined };
      entries.push(entry);
      return {
        get struck() {
          return entry.struck;
        },
        remove: () => {
          entries = entries.filter((other) => other !== entry);
        },
      };
    },
    clear: () => {
      entries = [];
    },
    seed: (seed) => {
      random = seededRandom(seed);
    },
    next: (operation, service) =>
      entries.find((entry) => (entry.fault.on === operation || entry.fault.on === service) && strikes(entry))
        ?.fault,
  };
}
