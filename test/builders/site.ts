import { createHash } from "node:crypto";
import { parseAllowedHosts } from "../../src/core/allowed-hosts.js";
import type { EmulatorSwitches } from "../../src/emulator/behaviour/switches.js";
import { type Emulator, startEmulator } from "../../src/emulator/emulator.js";
import type { AssetService } from "../../src/service/asset-service.js";
import { createAssetService } from "../../src/service/create-asset-service.js";
import type { AssetServiceOptions } from "../../src/service/options.js";
import { patient } from "../slowness.js";

/** An emulated site and an asset service that works on it. */
export interface TestSite {
  readonly emulator: Emulator;
  readonly service: AssetService;
  /** One more service on the same site, as a second client would start one. */
  anotherService(options?: Partial<AssetServiceOptions>): AssetService;
  close(): Promise<void>;
}

export interface TestSiteOptions {
  readonly switches?: Partial<EmulatorSwitches>;
  readonly service?: Partial<AssetServiceOptions>;
  /** Origins that sources come from: `host:port`. */
  readonly urlHosts?: string;
}

/** Starts both; failed steps are repeated after next to no time, and the rate limit is out of the way. */
export async function startSite(options: TestSiteOptions = {}): Promise<TestSite> {
  const emulator = await startEmulator({
    switches: { rateLimit: { limit: 100_000, windowMs: 60_000, sliding: false }, ...options.switches },
  });
  const services: AssetService[] = [];

  function anotherService(changes: Partial<AssetServiceOptions> = {}): AssetService {
    const service = createAssetService({
      token: emulator.token,
      apiBaseUrl: emulator.apiBaseUrl,
      allowedDirectories: [],
      uploadHosts: parseAllowedHosts(emulator.uploadHost),
      urlHosts: parseAllowedHosts([...siteHosts(emulator), options.urlHosts ?? ""].join(",")),
      retryPolicy: { attempts: 6, baseMs: 1, capMs: 5 },
      ...options.service,
      ...changes,
      timeouts: { lagMs: patient(400), ...options.service?.timeouts, ...changes.timeouts },
    });
    services.push(service);
    return service;
  }

  return {
    emulator,
    service: anotherService(),
    anotherService,
    async close() {
      await Promise.all(services.map((service) => service.close()));
      await emulator.close();
    },
  };
}

/** The hosts that an emulated site is published to. */
export function siteHosts({ siteHost }: Emulator): string[] {
  return [siteHost, siteHost.replace("127.0.0.1", "localhost")];
}

/** Bytes as a `data:` URI, the source that needs neither a file nor a server. */
export function dataUri(bytes: Buffer, mediaType = "image/png"): string {
  return `data:${mediaType};base64,${bytes.toString("base64")}`;
}

export function md5Of(bytes: Buffer): string {
  return createHash("md5").update(bytes).digest("hex");
}
