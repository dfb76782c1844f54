import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { numberedPng } from "../builders/bytes.js";
import { type FakeWebflow, fakeEnvironment, startFakeWebflow } from "../builders/fake-webflow.js";
import { type ServerProcess, startServer } from "../builders/server-process.js";
import { dataUri } from "../builders/site.js";

const SITE = "65f0aa000000000000000001";
const CALLS = [
  ["listSites", {}],
  ["listAssets", { siteId: SITE }],
  ["uploadAsset", { siteId: SITE, source: dataUri(numberedPng(1)), fileName: "a.png" }],
  ["ensureFolder", { siteId: SITE, path: "Blog" }],
] as const;

let target: FakeWebflow;
let redirecting: FakeWebflow;
let server: ServerProcess;
let status = 302;
/** Where redirects point to: another host, or a path of the same. */
let location = "";

beforeAll(async () => {
  target = await startFakeWebflow(() => ({ sites: [] }));
  redirecting = await startFakeWebflow(({ path }, response) => {
    if (path.startsWith("/moved")) return { sites: [] };
    return response.writeHead(status, { location }).end("moved");
  });
  server = startServer({ env: fakeEnvironment(redirecting) });
  await server.initialize();
});

afterAll(async () => {
  await server.close();
  await Promise.all([target.close(), redirecting.close()]);
});

async function errorOf(name: string, args: Record<string, unknown>): Promise<string> {
  return server.call(name, args).then(
    (result) => `no error: ${JSON.stringify(result)}`,
    (error: Error) => error.message,
  );
}

describe("a redirect of the Data API", () => {
  it.each([
    301, 302, 303, 307, 308,
  ])("a redirect of the Data API with %i is not followed to another host, whatever the call", async (code) => {
    status = code;
    location = `${target.apiBaseUrl}/sites`;
    for (const [name, args] of CALLS) expect(await errorOf(name, args)).toContain("redirected the request");
    expect(target.requests).toEqual([]);
  });

  it.each([
    301, 302, 303, 307, 308,
  ])("a redirect of the Data API with %i is not followed on the same host", async (code) => {
    status = code;
    location = "/moved/sites";
    for (const [name, args] of CALLS) expect(await errorOf(name, args)).toContain("redirected the request");
    expect(redirecting.requests.filter(({ path }) => path.startsWith("/moved"))).toEqual([]);
  });

  it("is reported with its status, the host it points to and what to do, at the first attempt", async () => {
    status = 302;
    location = "https://user:secret@login.example.com/portal?token=1";
    const before = redirecting.requests.length;
    const told = await errorOf("listSites", {});
    expect(told).toMatch(
      /^\[WEBFLOW_UNAVAILABLE\] The Data API redirected the request to login\.example\.com \(302\)/,
    );
    expect(told).toMatch(/Next: check WEBFLOW_API_BASE_URL/);
    expect(told).not.toMatch(/secret|portal/);
    expect(redirecting.requests.length - before).toBe(1);
  });

  it("is reported by doctor, which does not follow it", async () => {
    status = 307;
    location = `${target.apiBaseUrl}/sites`;
    const doctor = startServer({ args: ["doctor", "--json"], env: fakeEnvironment(redirecting) });
    let report = "";
    doctor.child.stdout.on("data", (data) => {
      report += data;
    });
    expect(await doctor.exited).toBe(1);
    expect(report).toContain("redirected the request");
    expect(target.requests).toEqual([]);
  });
});
