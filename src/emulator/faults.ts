import type { Operation, Service } from "./operations.js";
import { seededRandom } from "./seeded-random.js";

/** What can go wrong with one request. `before` and `after` say whether the service had done its work. */
export type FaultKind =
  /** The work is done, and the answer comes, `ms` milliseconds later. */
  | { kind: "latency"; ms: number }
  /** 429; `retryAfter` is the header as it is, null leaves it out. */
  | { kind: "too-many-requests"; retryAfter: string | null }
  /** An error status with a body of the service's form. */
  | { kind: "status"; status: number; when: "before" | "after" }
  /** The connection is reset before the answer's headers, or (`in-body`, the work is done) half-way through its body. */
  | { kind: "reset"; when: "before" | "after" | "in-body" }
  /** No answer ever. */
  | { kind: "hang"; when?: "before" | "after" }
  /** The page of a gateway in front of the service, which has done nothing, with any status. */
  | { kind: "html"; status: number }
  /** The work is done; the answer has the right status and nothing behind it. */
  | { kind: "empty" }
  /** The work is done; the answer stops half-way, and its Content-Length agrees. */
  | { kind: "truncated-json" }
  /** The body comes byte by byte, `ms` milliseconds apart. */
  | { kind: "slow-drip"; ms: number }
  /** The shape that Webflow gives an unknown route. */
  | { kind: "route-not-found" }
  /** Stage 1 signs a form that has expired already. */
  | { kind: "expired-policy" }
  /** The record of stage 1 is gone when its answer arrives. */
  | { kind: "vanish" }
  /** S3 resets the connection while the file is being sent. */
  | { kind: "reset-in-upload" }
  /** S3 stores the file and answers with another status of success, with or without an ETag. */
  | { kind: "s3-success"; status: 200 | 204; etag: boolean }
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
  /** Strikes with this probability, 0 to 1, by the plan's own seeded random numbers. */
  readonly rate?: number;
};

export interface FaultHandle {
  /** How many requests it struck. */
  readonly struck: number;
  remove(): void;
}

/** The faults that are to happen. The first that fits strikes a request. */
export interface FaultPlan {
  add(fault: Fault): FaultHandle;
  clear(): void;
  /** Begins the random numbers of `rate` anew. */
  seed(seed: number): void;
  /** The fault that strikes this request; counts it. */
  next(operation: Operation, service: Service): Fault | undefined;
}

interface Entry {
  readonly fault: Fault;
  seen: number;
  struck: number;
}

export function createFaultPlan(): FaultPlan {
  let entries: Entry[] = [];
  let random = seededRandom(1);

  function strikes(entry: Entry): boolean {
    const { skip = 0, times = Number.POSITIVE_INFINITY, rate = 1 } = entry.fault;
    entry.seen += 1;
    if (entry.seen <= skip || entry.struck >= times) return false;
    if (rate < 1 && random() >= rate) return false;
    entry.struck += 1;
    return true;
  }

  return {
    add(fault) {
      const entry: Entry = { fault, seen: 0, struck: 0 };
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
