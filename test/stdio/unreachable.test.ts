import { createServer as createHttpServer } from "node:http";
import { createServer as createHttpsServer } from "node:https";
import { type AddressInfo, createServer, type Server } from "node:net";
import { afterAll, describe, it } from "vitest";
import { runCommand } from "../builders/run-command.js";
import { SELF_SIGNED } from "../builders/self-signed.js";
import { startServer } from "../builders/server-process.js";

const open: Server[] = [];

afterAll(() => {
  for (const server of open) server.close();
});

async function listening(server: Server): Promise<string> {
  open.push(server);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return `127.0.0.1:${(server.address() as AddressInfo).port}`;
}

function environment(apiBaseUrl: string): Record<string, string> {
  return { WEBFLOW_TOKEN: "a-token", WEBFLOW_API_BASE_URL: apiBaseUrl, WEBFLOW_LOG_LEVEL: "silent" };
}

/** The error of a call, and what doctor says of the token. */
async function told(apiBaseUrl: string): Promise<{ call: string; doctor: string }> {
  const server = startServer({ env: environment(apiBaseUrl) });
  await server.initialize();
  const call = await server.call("listSites", {}).then(
    () => "no error",
    (error: Error) => error.message,
  );
  await server.close();
  const { stdout } = await runCommand(["doctor", "--json"], environment(apiBaseUrl));
  return { call, doctor: stdout };
}

// Most of these wait for attempts to be repeated.
describe.concurrent("what keeps Webflow from being reached is told with its own next step, by calls and by doctor", () => {
  it("a certificate that is not trusted, which is tried once", async ({ expect }) => {
    const server = createHttpsServer(SELF_SIGNED, (_, response) => response.end("{}"));
    let connections = 0;
    server.on("connection", () => {
      connections += 1;
    });
    const { call, doctor } = await told(`https://${await listening(server)}/v2`);
    expect(call).toMatch(
      /certificate of Webflow .* is not trusted \(DEPTH_ZERO_SELF_SIGNED_CERT\).*NODE_EXTRA_CA_CERTS/s,
    );
    expect(doctor).toContain("NODE_EXTRA_CA_CERTS");
    // The call, doctor's look at the clock, and its look at the token.
    expect(connections).toBe(3);
  });

  it("a server that does not speak TLS", async ({ expect }) => {
    const host = await listening(createHttpServer((_, response) => response.end("{}")));
    const { call, doctor } = await told(`https://${host}/v2`);
    expect(call).toMatch(/does not speak TLS.*WEBFLOW_API_BASE_URL/s);
    expect(doctor).toContain("does not speak TLS");
  });

  it("a server that speaks something else than HTTP", async ({ expect }) => {
    const host = await listening(createServer((socket) => socket.end("SSH-2.0-OpenSSH_9.6\r\n")));
    expect((await told(`http://${host}/v2`)).call).toMatch(/answered with something that is not HTTP/);
  });

  it("a name that cannot be resolved", async ({ expect }) => {
    const { call, doctor } = await told("https://api.webflow.invalid/v2");
    expect(call).toMatch(
      /The name api\.webflow\.invalid \(Webflow\) could not be resolved \((?:ENOTFOUND|EAI_AGAIN)\)/,
    );
    expect(doctor).toContain("could not be resolved");
  });

  it("a connection that is refused", async ({ expect }) => {
    const { call, doctor } = await told("http://127.0.0.1:9/v2");
    expect(call).toMatch(/Webflow \(127\.0\.0\.1:9\) refused the connection \(ECONNREFUSED\)/);
    expect(doctor).toContain("refused the connection");
  });
});
