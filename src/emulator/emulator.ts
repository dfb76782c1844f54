import { randomBytes } from "node:crypto";
import { setMaxListeners } from "node:events";
import { setTimeout as delay } from "node:timers/promises";
import { createDatabase, type Database } from "./database.js";
import { createFaultPlan, type FaultPlan } from "./faults.js";
import { type GeneratedSite, generateSite } from "./generated-site.js";
import { startLoopbackServer } from "./loopback-server.js";
import { objectUrls } from "./object-urls.js";
import { createRequestHandler } from "./request-handler.js";
import { createRequestLog, type RequestLog } from "./request-log.js";
import { S3_ACCOUNT, type S3Credentials } from "./s3/signature.js";
import { defaultSwitches, type EmulatorSwitches } from "./switches.js";

export type { Fault } from "./faults.js";
export type { EmulatorSwitches } from "./switches.js";

export interface EmulatorOptions {
  /** 0, the default, takes any free port of 127.0.0.1. */
  readonly port?: number;
  readonly switches?: Partial<EmulatorSwitches>;
  /** The value of the first token; a random one when left out. */
  readonly token?: string;
  /** Of the account that upload forms are signed for; a random one when left out. */
  readonly s3SecretAccessKey?: string;
  /** How many requests the log keeps: the latest 50,000 when left out. */
  readonly loggedRequests?: number;
}

/** An embedded Webflow: Data API, S3 bucket and CDN on one port of loopback. */
export interface Emulator {
  /** `http://127.0.0.1:PORT/v2` */
  readonly apiBaseUrl: string;
  /** Sees the first site with every scope. */
  readonly token: string;
  readonly siteId: string;
  /** `127.0.0.1:PORT` */
  readonly uploadHost: string;
  /** `http://127.0.0.1:PORT/cdn` */
  readonly cdnBaseUrl: string;
  readonly s3Credentials: S3Credentials;
  readonly switches: EmulatorSwitches;
  readonly faults: FaultPlan;
  readonly requests: RequestLog;
  readonly database: Database;
  /** Fills the first site with generated folders and assets, the same for the same numbers. */
  seedSite(site: GeneratedSite): void;
  /** @deprecated The name of `database` in version 0.1. */
  readonly library: Database;
  /** @deprecated The name of `seedSite` in version 0.1. */
  seedLibrary(site: GeneratedSite): void;
  /** Cuts all connections and refuses new ones, until the function that it resolves to is called. */
  refuseConnections(): Promise<() => Promise<void>>;
  /** The same for so many milliseconds. Resolves when connections are let in again, or the emulator was closed. */
  outage(ms: number): Promise<void>;
  close(): Promise<void>;
}

const LOGGED_REQUESTS = 50_000;

/** Starts the emulator. Throws when the port is taken. */
export async function startEmulator(options: EmulatorOptions = {}): Promise<Emulator> {
  const switches: EmulatorSwitches = { ...defaultSwitches(), ...options.switches };
  const database = createDatabase(() => switches.clockOffsetMs);
  const site = database.addSite("Emulated Site");
  const token = database.addToken({
    siteIds: [site.id],
    ...(options.token !== undefined && { value: options.token }),
  });
  const secretAccessKey = options.s3SecretAccessKey ?? randomBytes(30).toString("base64");
  const faults = createFaultPlan(database.now);
  const requests = createRequestLog(options.loggedRequests ?? LOGGED_REQUESTS);
  const closing = new AbortController();
  // Every request that waits out its latency listens.
  setMaxListeners(0, closing.signal);

  const server = await startLoopbackServer(options.port ?? 0, (host) =>
    createRequestHandler({
      database,
      switches,
      urls: objectUrls(`http://${host}`, S3_ACCOUNT.bucket, switches),
      faults,
      requests,
      secretAccessKey,
      closing: closing.signal,
    }),
  );
  const seedSite = (generated: GeneratedSite): void => generateSite(database, site.id, generated);

  return {
    apiBaseUrl: `http://${server.host}/v2`,
    token: token.value,
    siteId: site.id,
    uploadHost: server.host,
    cdnBaseUrl: `http://${server.host}/cdn`,
    s3Credentials: { ...S3_ACCOUNT, secretAccessKey },
    switches,
    faults,
    requests,
    database,
    seedSite,
    library: database,
    seedLibrary: seedSite,
    refuseConnections: server.refuseConnections,
    async outage(ms) {
      const letIn = await server.refuseConnections();
      await delay(ms, undefined, { signal: closing.signal }).catch(() => {});
      await letIn();
    },
    close() {
      closing.abort();
      return server.close();
    },
  };
}
