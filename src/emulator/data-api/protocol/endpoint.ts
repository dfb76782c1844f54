import type { Fault } from "../../behaviour/faults.js";
import type { Operation } from "../../behaviour/operations.js";
import type { ContentUrls } from "../../database/content-records.js";
import type { EmulatedToken } from "../../database/records.js";
import type { Reply } from "../../http/exchange.js";
import type { EmulatorContext } from "../../urls/content-urls.js";

/** What an endpoint needs of the emulator. */
export interface ApiContext extends EmulatorContext {
  /** URLs as the CMS and the designer store them. */
  readonly storedUrls: ContentUrls;
  /** Of the account that signs the forms. */
  readonly secretAccessKey: string;
}

/** One request to an endpoint: its route, token, scope and id have been checked. */
export interface ApiRequest {
  readonly token: EmulatedToken;
  /** The id in the path; empty where there is none. */
  readonly id: string;
  /** The second id in the path; empty where there is none. */
  readonly innerId: string;
  readonly query: URLSearchParams;
  /** The fields of the JSON body; empty without a body. */
  readonly body: Readonly<Record<string, unknown>>;
  readonly fault: Fault | undefined;
}

export type Endpoints = Partial<Record<Operation, (request: ApiRequest) => Reply>>;
