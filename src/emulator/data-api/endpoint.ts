import type { Database, EmulatedToken } from "../database.js";
import type { Reply } from "../exchange.js";
import type { Fault } from "../faults.js";
import type { ObjectUrls } from "../object-urls.js";
import type { Operation } from "../operations.js";
import type { EmulatorSwitches } from "../switches.js";

/** What an endpoint needs of the emulator. */
export interface ApiContext {
  readonly database: Database;
  readonly switches: EmulatorSwitches;
  readonly urls: ObjectUrls;
  /** Of the account that forms are signed for. */
  readonly secretAccessKey: string;
}

/** One request to an endpoint: its route, token, scope and id have been checked. */
export interface ApiRequest {
  readonly token: EmulatedToken;
  /** The id in the path; empty where there is none. */
  readonly id: string;
  readonly query: URLSearchParams;
  /** The fields of the JSON body; empty without a body. */
  readonly body: Readonly<Record<string, unknown>>;
  readonly fault: Fault | undefined;
}

export type Endpoints = Partial<Record<Operation, (request: ApiRequest) => Reply>>;
