import { randomBytes } from "node:crypto";
import { setMaxListeners } from "node:events";
import { setTimeout as delay } from "node:timers/promises";
import { createFaultPlan, type FaultPlan } from "./behaviour/faults.js";
import { defaultSwitches, type EmulatorSwitches } from "./behaviour/switches.js";
import type { ContentStore } from "./database/content-store.js";
import { createDatabase, type Database } from "./database/database.js";
import type { NewPublishedFile } from "./database/new-content.js";
import { type LoopbackServer, startLoopbackServer } from "./http/loopback-server.js";
import { createRequestLog, type RequestLog } from "./http/request-log.js";
import { createRequestHandler } from "./request-handler.js";
import { createRouters } from "./routers.js";
import { S3_ACCOUNT, type S3Credentials } from "./s3/signature.js";
import { fillDemoSite } from "./seeds/demo-site.js";
import type { GeneratedUses } from "./seeds/generated-content.js";
import { type GeneratedSite, generateSite } from "./seeds/generated-site.js";
import { storedUrls } from "./urls/content-urls.js";
import { objectUrls } from "./urls/object-urls.js";

export type { Fault } from "./behaviour/faults.js";
export type { EmulatorSwitches } from "./behaviour/switches.js";
export type { ContentUrls, PageElement } from "./database/content-records.js";

export interface EmulatorOptions {
  /** Port of the API, S3 and the CDN, on 127.0.0.1; 0, the default, takes a free one. */
  readonly port?: number;
  /** Port of the published site; 0, the default, takes a free one. */
  readonly sitePort?: number;
  readonly switches?: Partial<EmulatorSwitches>;
  /** Display name of the first site; by default "Emulated Site". */
  readonly siteName?: string;
  /** Fills the emulator at the first request, so that it starts at once. */
  readonly seed?: (emulator: Emulator) => void;
  /** The first token; by default a random one. */
  readonly token?: string;
  /** Secret of the account that signs the forms; by default a random one. */
  readonly s3SecretAccessKey?: string;
  /** How many requests the log keeps; by default the latest 50,000. */
  readonly loggedRequests?: number;
}

/** An embedded Webflow: Data API, S3 bucket and CDN on one port of loopback, the published site on another. */
export interface Emulator {
  /** `http://127.0.0.1:PORT/v2` */
  readonly apiBaseUrl: string;
  /** Has every scope on the first site. */
  readonly token: string;
  readonly siteId: string;
  /** `127.0.0.1:PORT` */
  readonly uploadHost: string;
  /** `http://127.0.0.1:PORT/cdn` */
  readonly cdnBaseUrl: string;
  /** `127.0.0.1:PORT`: the custom domain of the first site, as the API names it, without a scheme. */
  readonly siteHost: string;
  /** `http://127.0.0.1:PORT`: the published site. */
  readonly siteUrl: string;
  readonly s3Credentials: S3Credentials;
  readonly switches: EmulatorSwitches;
  readonly faults: FaultPlan;
  readonly requests: RequestLog;
  readonly database: Database;
  /** Pages, components, CMS and published files of the database. */
  readonly content: ContentStore;
  /** Serves a page or file at a path of the first site, which then counts as published. */
  publish(file: Omit<NewPublishedFile, "siteId">): void;
  /** Fills the first site with generated assets and content, equal for equal numbers. Returns what uses what. */
  seedSite(site: GeneratedSite): GeneratedUses;
  /** Fills the first site with a pottery studio's pictures, pages and posts, to play with. */
  seedDemoSite(): void;
  /** @deprecated The name of `database` in version 0.1. */
  readonly library: Database;
  /** @deprecated The name of `seedSite` in version 0.1. */
  seedLibrary(site: GeneratedSite): GeneratedUses;
  /** Cuts all connections and refuses new ones, until the function that it resolves to is called. */
  refuseConnections(): Promise<() => Promise<void>>;
  /** The same for `ms` milliseconds. Resolves when that is over, or the emulator was closed. */
  outage(ms: number): Promise<void>;
  close(): Promise<void>;
}

const LOGGED_REQUESTS = 50_000;

/** Starts the emulator. Throws when a port is taken. */
export async function startEmulator(options: EmulatorOptions = {}): Promise<Emulator> {
  const switches: EmulatorSwitches = { ...defaultSwitches(), ...options.switches };
  const database = createDatabase(switches);
  const site = database.addSite(options.siteName ?? "Emulated Site");
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

  const servers = await startServers(options);
  const [backend, published] = servers;
  database.addDomain(site.id, published.host);
  const seedSite = (generated: GeneratedSite): GeneratedUses => generateSite(database, site.id, generated);
  const emulator: Emulator = {
    apiBaseUrl: `http://${backend.host}/v2`,
    token: token.value,
    siteId: site.id,
    uploadHost: backend.host,
    cdnBaseUrl: `http://${backend.host}/cdn`,
    siteHost: published.host,
    siteUrl: `http://${published.host}`,
    s3Credentials: { ...S3_ACCOUNT, secretAccessKey },
    switches,
    faults,
    requests,
    database,
    content: database.content,
    publish: (file) => void database.content.publishFile({ ...file, siteId: site.id }),
    seedSite,
    seedDemoSite: () => fillDemoSite(database, site.id),
    library: database,
    seedLibrary: seedSite,
    ...connectionsOf(servers, closing),
  };

  const urls = objectUrls(`http://${backend.host}`, S3_ACCOUNT.bucket, switches);
  const base = { database, switches, urls, secretAccessKey };
  const routers = createRouters({ ...base, storedUrls: storedUrls(base) });
  const seed = once(() => options.seed?.(emulator));
  const handling = { database, switches, faults, requests, closing: closing.signal };
  for (const [server, route] of [
    [backend, routers.backend] as const,
    [published, routers.publishedSite] as const,
  ]) {
    server.serve(
      createRequestHandler(handling, (head) => {
        seed();
        return route(head);
      }),
    );
  }
  return emulator;
}

type Servers = readonly [backend: LoopbackServer, published: LoopbackServer];

/** The server of API, S3 and CDN, and that of the published site: both, or none when a port is taken. */
async function startServers({ port = 0, sitePort = 0 }: EmulatorOptions): Promise<Servers> {
  const backend = await startLoopbackServer(port);
  try {
    return [backend, await startLoopbackServer(sitePort)];
  } catch (error) {
    await backend.close();
    throw error;
  }
}

/** Cuts the connections of both servers, for a while or for good. */
function connectionsOf(
  servers: Servers,
  closing: AbortController,
): Pick<Emulator, "refuseConnections" | "outage" | "close"> {
  async function refuseConnections(): Promise<() => Promise<void>> {
    const letIn = await Promise.all(servers.map((server) => server.refuseConnections()));
    return async () => {
      await Promise.all(letIn.map((begin) => begin()));
    };
  }

  return {
    refuseConnections,
    async outage(ms) {
      const letIn = await refuseConnections();
      await delay(ms, undefined, { signal: closing.signal }).catch(() => {});
      await letIn();
    },
    async close() {
      closing.abort();
      await Promise.all(servers.map((server) => server.close()));
    },
  };
}

function once(run: () => void): () => void {
  let isDue = true;
  return () => {
    if (isDue) {
      isDue = false;
      run();
    }
  };
}
