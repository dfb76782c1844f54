import type { LookupAddress } from "node:dns";
import { lookup } from "node:dns/promises";
import type { LookupFunction } from "node:net";
import { buildConnector, EnvHttpProxyAgent } from "undici";
import { type AllowedHost, isHostAllowed } from "../../core/allowed-hosts.js";
import { type Proxies, proxyAgentOptions } from "../../core/proxies.js";
import { isPublicAddress } from "./public-address.js";
import { privateHost } from "./url.js";

/** Looks up all addresses of a host name. */
export type Resolver = (hostname: string) => Promise<LookupAddress[]>;

export function systemResolver(hostname: string): Promise<LookupAddress[]> {
  return lookup(hostname, { all: true });
}

/**
 * A dispatcher that connects only to public addresses and `openedHosts`, looking a name up once per connection: a name
 * that changes its answer gains nothing. Where a proxy connects to is the proxy's business.
 */
export function createVettedAgent(
  openedHosts: readonly AllowedHost[],
  resolver: Resolver,
  proxies: Proxies,
  timeouts: { connectMs: number; idleMs: number },
): EnvHttpProxyAgent {
  const toOpened = buildConnector({ timeout: timeouts.connectMs, lookup: asLookup(resolver) });
  const toPublic = buildConnector({
    timeout: timeouts.connectMs,
    lookup: asLookup((hostname) => resolvePublic(hostname, resolver)),
  });
  return new EnvHttpProxyAgent({
    ...proxyAgentOptions(proxies),
    connect: (options, callback) => {
      const url = new URL(`${options.protocol}//${options.host ?? options.hostname}`);
      const connect = isHostAllowed(url, openedHosts) ? toOpened : toPublic;
      connect(options, callback);
    },
    headersTimeout: timeouts.idleMs,
    bodyTimeout: timeouts.idleMs,
    proxyTls: { timeout: timeouts.connectMs },
    proxyTunnel: false,
  });
}

/** The addresses of a name, all of them public. Throws URL_BLOCKED if one is not. */
export async function resolvePublic(hostname: string, resolver: Resolver): Promise<LookupAddress[]> {
  const addresses = await resolver(hostname);
  if (!addresses.every(({ address }) => isPublicAddress(address))) throw privateHost(hostname);
  return addresses;
}

function asLookup(resolver: Resolver): LookupFunction {
  return (hostname, options, callback) => {
    resolver(hostname).then(
      (addresses) => {
        const [first] = addresses;
        if (first === undefined) callback(notFound(hostname), "");
        else if (options.all) callback(null, addresses);
        else callback(null, first.address, first.family);
      },
      (error: unknown) => callback(error instanceof Error ? error : notFound(hostname), ""),
    );
  };
}

function notFound(hostname: string): NodeJS.ErrnoException {
  return Object.assign(new Error(`no address for ${hostname}`), { code: "ENOTFOUND" });
}
