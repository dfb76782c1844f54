import { Resolver } from "node:dns/promises";
import { afterEach, describe, expect, it } from "vitest";
import { createAllowedDirectories } from "../../../src/sources/local/directories-in-use.js";
import { createSourceReader, type SourceReader } from "../../../src/sources/source-reader.js";
import { callContext } from "../../builders/call.js";
import { type DnsServer, startDnsServer } from "../../builders/dns-server.js";
import { type Origin, startOrigin } from "../../builders/origin.js";
import { codeOf } from "../../builders/outcome.js";

/** Public by its number, but of a network that was given back (6bone, RFC 3701): nobody answers there. */
const PUBLIC = "3ffe0000000000000000000000000001";
const LOOPBACK_MAPPED = "00000000000000000000ffff7f000001";

let target: Origin;
let dns: DnsServer;
let reader: SourceReader;

async function start(answers: readonly string[]): Promise<void> {
  target = await startOrigin({ "/photo.png": "secret" });
  dns = await startDnsServer(answers);
  const resolver = new Resolver();
  resolver.setServers([dns.address]);
  reader = createSourceReader({
    allowedDirectories: createAllowedDirectories([]),
    urlHosts: [],
    limits: { connectMs: 300 },
    resolver: async (hostname) =>
      (await resolver.resolve6(hostname)).map((address) => ({ address, family: 6 })),
  });
}

function read(): Promise<unknown> {
  return reader.read(`http://rebinding.example.com:${target.port}/photo.png`, callContext());
}

afterEach(async () => {
  await reader.close();
  await dns.close();
  await target.close();
});

describe("a host name that changes its address between the check and the connection", () => {
  it("is connected to at the address that was checked, without a second look-up", async () => {
    await start([PUBLIC, LOOPBACK_MAPPED]);
    expect(await codeOf(read())).toBe("DOWNLOAD_FAILED");
    expect(dns.questions()).toBe(1);
    expect(target.connections()).toBe(0);
  });

  it("checks the address of a host again for each connection", async () => {
    await start([PUBLIC, LOOPBACK_MAPPED]);
    await codeOf(read());
    expect(await codeOf(read())).toBe("URL_BLOCKED");
    expect(dns.questions()).toBe(2);
    expect(target.connections()).toBe(0);
  });

  it("would reach the target if the name were opened, so that this suite can fail", async () => {
    await start([LOOPBACK_MAPPED]);
    await reader.close();
    const resolver = new Resolver();
    resolver.setServers([dns.address]);
    reader = createSourceReader({
      allowedDirectories: createAllowedDirectories([]),
      urlHosts: [{ hostname: "rebinding.example.com", port: target.port }],
      resolver: async (hostname) =>
        (await resolver.resolve6(hostname)).map((address) => ({ address, family: 6 })),
    });
    expect(await codeOf(read())).toBe("no error");
    expect(target.connections()).toBe(1);
  });
});
