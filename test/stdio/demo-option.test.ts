import { afterAll, beforeAll, expect, it } from "vitest";
import { numberedPng } from "../builders/bytes.js";
import { type ServerProcess, startServer } from "../builders/server-process.js";
import { dataUri } from "../builders/site.js";

let server: ServerProcess;

beforeAll(async () => {
  server = startServer({ args: ["--demo"] });
  await server.initialize();
});

afterAll(() => server.close());

it("--demo serves a site that has pictures in folders, without and with alt text", async () => {
  const { total } = await server.call("listAssets", {});
  const missing = await server.call("listAssets", { missingAltText: true });
  const { folders } = await server.call("listFolders", {});

  expect(total).toBeGreaterThan(35);
  expect(missing["total"]).toBeGreaterThan(10);
  expect(missing["total"]).toBeLessThan(Number(total));
  expect((folders as { path: string }[]).map(({ path }) => path)).toContain("Products/Vases");
});

it("--demo serves a site with a name of its own", async () => {
  expect((await server.call("listSites", {}))["sites"]).toMatchObject([{ name: "Pottery Lane" }]);
});

it("--demo makes nobody who plays with it wait for a rate limit", async () => {
  const items = Array.from({ length: 130 }, (_, index) => ({
    source: dataUri(numberedPng(index, 100)),
    fileName: `${index}.png`,
  }));
  expect(JSON.stringify(await server.call("uploadAssets", { items }))).not.toMatch(/rate limit|RATE_LIMITED/);
});

it.each([
  ["tools/call", undefined, "params"],
  ["tools/call", { name: 5 }, "params.name"],
  ["tools/call", { name: "listSites", arguments: [1] }, "params.arguments"],
  ["resources/read", { uri: 5 }, "params.uri"],
])("%s with %j is the client's mistake, and the error says in words where", async (method, params, place) => {
  const { error } = await server.request(method, params);
  expect(error).toEqual({
    code: -32_602,
    message: expect.stringMatching(`^${place}: Invalid input: expected`),
  });
});
