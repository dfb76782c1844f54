import { setMaxListeners } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { createDatabase, type Database } from "./database.js";
import { createFaultPlan, type FaultPlan } from "./faults.js";
import { type GeneratedSite, generateSite } from "./generated-site.js";
import { objectUrls } from "./object-urls.js";
import { createRequestHandler } from "./request-handler.js";
import { createRequestLog, type RequestLog } from "./request-log.js";
import { S3_CREDENTIALS } from "./s3/signature.js";
import { defaultSwitches, type EmulatorSwitches } from "./switches.js";

export type { Fault } from "./faults.js";
export type { EmulatorSwitches } from "./switches.js";

export interface EmulatorOptions {
  /** 0, the default, takes any free port of 127.0.0.1. */
  readonly port?: number;
  readonly switches?: Partial<EmulatorSwitches>;
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
  readonly s3Credentials: typeof S3_CREDENTIALS;
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
  close(): Promise<void>;
}

/** Starts the emulator. Throws when the port is taken. */
export async function startEmulator(options: EmulatorOptions = {}): Promise<Emulator> {
  const switches: EmulatorSwitches = { ...defaultSwitches(), ...options.switches };
  const database = createDatabase(() => switches.clockOffsetMs);
  const site = database.addSite("Emulated Site");
  const token = database.addToken({ siteIds: [site.id] });
  const faults = createFaultPlan();
  const requests = createRequestLog();
  const closing = new AbortController();
  // Every request that waits out its latency listens.
  setMaxListeners(0, closing.signal);

  const server = createServer({ keepAliveTimeout: 30_000 });
  const port = await listen(server, options.port ?? 0);
  const origin = `http://127.0.0.1:${port}`;
  const urls = objectUrls(origin, S3_CREDENTIALS.bucket);
  const handle = createRequestHandler({
    database,
    switches,
    urls,
    faults,
    requests,
    closing: closing.signal,
  });
  server.on("request", (incoming, response) => {
    handle(incoming, response).catch((error) => {
      incoming.socket.destroy();
      if (!closing.signal.aborted) process.stderr.write(`emulator: ${error?.stack ?? error}\n`);
    });
  });

  const seedSite = (generated: GeneratedSite): void => generateSite(database, site.id, generated);

  return {
    apiBaseUrl: `${origin}/v2`,
    token: token.value,
    siteId: site.id,
    uploadHost: `127.0.0.1:${port}`,
    cdnBaseUrl: `${origin}/cdn`,
    s3Credentials: S3_CREDENTIALS,
    switches,
    faults,
    requests,
    database,
    seedSite,
    library: database,
    seedLibrary: seedSite,
    async refuseConnections() {
      await stopListening(server);
      return async () => {
        await listen(server, port);
      };
    },
    close() {
      closing.abort();
      return stopListening(server);
    },
  };
}

/** Resolves to the port. */
function listen(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", () => {
      server.off("error", reject);
      resolve((server.address() as AddressInfo).port);
    });
  });
}

function stopListening(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
