import { createServer, type Server } from "node:http";
import { type AddressInfo, connect } from "node:net";
import { afterAll, beforeAll, describe, it } from "vitest";
import { startServer } from "../builders/server-process.js";

/** A name that only the proxy knows. */
const HOST = "webflow.test";

const webflow = createServer((_, response) => {
  response.setHeader("content-type", "application/json");
  response.end(JSON.stringify({ assetFolders: [], pagination: { limit: 100, offset: 0, total: 0 } }));
});
const open: Server[] = [];

beforeAll(() => listening(webflow));

afterAll(() => {
  for (const server of open) {
    server.close();
    server.closeAllConnections();
  }
});

/** Resolves to where the server listens. */
async function listening(server: Server): Promise<string> {
  open.push(server);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return `127.0.0.1:${portOf(server)}`;
}

function portOf(server: Server): number {
  return (server.address() as AddressInfo).port;
}

interface Proxy {
  readonly host: string;
  /** What it was asked to connect to, and with which password. */
  readonly tunnels: (string | undefined)[];
  readonly passwords: (string | undefined)[];
}

/** A proxy that tunnels to the Webflow above, or that gives this answer instead. */
async function aProxy(answer?: string): Promise<Proxy> {
  const tunnels: Proxy["tunnels"] = [];
  const passwords: Proxy["passwords"] = [];
  const server = createServer().on("connect", (request, client) => {
    tunnels.push(request.url);
    passwords.push(request.headers["proxy-authorization"]);
    if (answer !== undefined) {
      client.end(`HTTP/1.1 ${answer}\r\n\r\n`);
      return;
    }
    const upstream = connect(portOf(webflow), "127.0.0.1", () => {
      client.write("HTTP/1.1 200 Connection established\r\n\r\n");
      upstream.pipe(client).pipe(upstream);
    });
    upstream.on("error", () => client.destroy());
    client.on("error", () => upstream.destroy());
  });
  return { host: await listening(server), tunnels, passwords };
}

/** What listFolders is answered, or its error, on a Webflow that has the name above. */
async function listFolders(env: Record<string, string>): Promise<unknown> {
  const server = startServer({
    env: {
      WEBFLOW_TOKEN: "a-token",
      WEBFLOW_SITE_ID: "a".repeat(24),
      WEBFLOW_LOG_LEVEL: "silent",
      WEBFLOW_API_BASE_URL: `http://${HOST}/v2`,
      ...env,
    },
  });
  try {
    await server.initialize();
    return await server.call("listFolders", {});
  } catch (error) {
    return error instanceof Error ? error.message : error;
  } finally {
    await server.close();
  }
}

// Most of these wait for attempts to be repeated.
describe.concurrent("a proxy of the environment", () => {
  it("is what Webflow is spoken to through", async ({ expect }) => {
    const { host, tunnels } = await aProxy();
    expect(await listFolders({ HTTP_PROXY: `http://${host}` })).toHaveProperty("folders");
    expect(tunnels).toContain(`${HOST}:80`);
  });

  it("may be written without a scheme", async ({ expect }) => {
    const { host, tunnels } = await aProxy();
    expect(await listFolders({ http_proxy: host })).toHaveProperty("folders");
    expect(tunnels).toContain(`${HOST}:80`);
  });

  it("receives the user and password of its URL", async ({ expect }) => {
    const { host, passwords } = await aProxy();
    await listFolders({ HTTP_PROXY: `http://user:secret@${host}` });
    expect(passwords[0]).toBe(`Basic ${Buffer.from("user:secret").toString("base64")}`);
  });

  it("does not stand between this machine and itself", async ({ expect }) => {
    const { host, tunnels } = await aProxy();
    const env = {
      HTTP_PROXY: `http://${host}`,
      WEBFLOW_API_BASE_URL: `http://127.0.0.1:${portOf(webflow)}/v2`,
    };
    expect(await listFolders(env)).toHaveProperty("folders");
    expect(tunnels).toEqual([]);
  });

  it("does not stand between the demo and its emulator", async ({ expect }) => {
    const server = startServer({ args: ["--demo"], env: { HTTP_PROXY: "http://127.0.0.1:9" } });
    await server.initialize();
    expect(await server.call("listFolders", {})).toHaveProperty("folders");
    await server.close();
  });

  it("is named, with its variable, when it is dead", async ({ expect }) => {
    const text = await listFolders({ HTTP_PROXY: "http://user:secret@127.0.0.1:9" });
    expect(text).toMatch(
      /^\[WEBFLOW_UNAVAILABLE\] The proxy of HTTP_PROXY \(127\.0\.0\.1:9\) refused the connection/,
    );
    expect(text).not.toContain("secret");
  });

  it("is named when it asks for a password, once", async ({ expect }) => {
    const { host, tunnels } = await aProxy("407 Proxy Authentication Required\r\nProxy-Authenticate: Basic");
    const text = await listFolders({ HTTP_PROXY: `http://${host}` });
    expect(text).toMatch(/asks for a user and password \(407\).* Next: put them in HTTP_PROXY/);
    expect(tunnels).toHaveLength(1);
  });

  it("is named when it does not let Webflow through", async ({ expect }) => {
    const { host } = await aProxy("403 Forbidden");
    const text = await listFolders({ HTTP_PROXY: `http://${host}` });
    expect(text).toMatch(
      /The proxy of HTTP_PROXY \(.*\) did not connect to Webflow \(webflow\.test\): it answered 403/,
    );
  });

  it.for<[Record<string, string>, string]>([
    [
      { HTTPS_PROXY: "socks5://127.0.0.1:1080", HTTP_PROXY: "socks5://127.0.0.1:1080" },
      "HTTP_PROXY names a SOCKS proxy",
    ],
    [{ ALL_PROXY: "socks5://127.0.0.1:1080" }, "ALL_PROXY is not supported"],
    [{ HTTP_PROXY: "http://[" }, "HTTP_PROXY does not name a proxy"],
  ])("a proxy of the environment that cannot be used is named: %j", async ([env, expected], { expect }) => {
    expect(await listFolders(env)).toContain(expected);
  });
});
