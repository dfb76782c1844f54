import { afterAll, beforeAll, expect, it } from "vitest";
import { type ServerProcess, startServer } from "../builders/server-process.js";

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
