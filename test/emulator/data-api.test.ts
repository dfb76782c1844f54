import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type Emulator, startEmulator } from "../../src/emulator/emulator.js";
import { type ApiCall, answerOf, apiOf } from "../builders/emulator-client.js";

let emulator: Emulator;
let call: ApiCall;

beforeEach(async () => {
  emulator = await startEmulator();
  call = apiOf(emulator);
});
afterEach(() => emulator.close());

const NOBODY = "0123456789abcdef01234567";

describe("a token", () => {
  it("is needed: 401 in Webflow's form of an error", async () => {
    const { status, text } = await answerOf(fetch(`${emulator.apiBaseUrl}/sites`));

    expect(status).toBe(401);
    expect(text).toBe(
      '{"message":"Request not authorized","code":"not_authorized","externalReference":null,"details":[]}',
    );
  });

  it("has to be known: 401", async () => {
    const { status } = await apiOf(emulator, "guessed")("GET /sites");

    expect(status).toBe(401);
  });

  it.each([
    ["GET /sites", "sites:read"],
    ["GET /sites/SITE/assets", "assets:read"],
    ["POST /sites/SITE/assets", "assets:write"],
    ["GET /sites/SITE/asset_folders", "assets:read"],
    ["POST /sites/SITE/asset_folders", "assets:write"],
    [`GET /assets/${NOBODY}`, "assets:read"],
    [`PATCH /assets/${NOBODY}`, "assets:write"],
    [`DELETE /assets/${NOBODY}`, "assets:write"],
    [`GET /asset_folders/${NOBODY}`, "assets:read"],
    ["GET /token/authorized_by", "authorized_user:read"],
  ])("a token without its scope is told which one %s needs: 403 %s", async (route, scope) => {
    const { value } = emulator.database.addToken({ scopes: ["other:scope"] });

    const { status, json } = await apiOf(emulator, value)(route.replace("SITE", emulator.siteId));

    expect(status).toBe(403);
    expect(json).toEqual({
      message: `OAuthForbidden: You are missing the following scopes - ${scope}`,
      code: "missing_scopes",
      externalReference: null,
      details: [],
    });
  });

  it("a token of an app can be introspected", async () => {
    const { status, json } = await call("GET /token/introspect");

    expect(status).toBe(200);
    expect(json?.["authorization"]).toMatchObject({
      grantType: "authorization_code",
      scope: expect.stringMatching(/^assets:read,assets:write,sites:read,authorized_user:read,pages:read,/),
      authorizedTo: { siteIds: [emulator.siteId] },
    });
    expect((await call("GET /token/authorized_by")).status).toBe(200);
  });

  it.each([403, 404] as const)("a token of a site gets %i there where the switch says so", async (status) => {
    emulator.switches.siteTokenAtTokenEndpoints = status;
    const { value } = emulator.database.addToken({ kind: "site" });

    expect((await apiOf(emulator, value)("GET /token/introspect")).status).toBe(status);
    expect((await apiOf(emulator, value)("GET /token/authorized_by")).status).toBe(status);
  });

  it("a token of a site reaches them where the switch says so", async () => {
    emulator.switches.siteTokenAtTokenEndpoints = "answered";
    const { value } = emulator.database.addToken({ kind: "site" });

    expect((await apiOf(emulator, value)("GET /token/introspect")).status).toBe(200);
  });

  it("a token of a site does not reach the authorization endpoints: 401", async () => {
    const { value } = emulator.database.addToken({ kind: "site" });

    expect((await apiOf(emulator, value)("GET /token/introspect")).status).toBe(401);
    expect((await apiOf(emulator, value)("GET /token/authorized_by")).status).toBe(401);
    expect((await apiOf(emulator, value)("GET /sites")).status).toBe(200);
  });
});

describe("sites", () => {
  it("are those that the token can see", async () => {
    const other = emulator.database.addSite("Another Site");
    emulator.database.addSite("Not mine");
    const { value } = emulator.database.addToken({ siteIds: [emulator.siteId, other.id] });

    const { json } = await apiOf(emulator, value)("GET /sites");

    expect(json).toMatchObject({
      sites: [
        { id: emulator.siteId, displayName: "Emulated Site" },
        { id: other.id, displayName: "Another Site", shortName: "another-site" },
      ],
    });
  });

  it("can be asked for one by one", async () => {
    const { json } = await call(`GET /sites/${emulator.siteId}`);

    expect(json).toMatchObject({ id: emulator.siteId, displayName: "Emulated Site", lastPublished: null });
  });

  it("sites of other people are not found: 404, or forbidden by a switch: 403", async () => {
    const { id } = emulator.database.addSite("Not mine");

    expect(await call(`GET /sites/${id}/assets`)).toMatchObject({
      status: 404,
      json: {
        code: "resource_not_found",
        message: "Requested resource not found: The site cannot be found",
      },
    });
    emulator.switches.foreignSiteStatus = 403;
    expect(await call(`GET /sites/${id}/assets`)).toMatchObject({ status: 403, json: { code: "forbidden" } });
  });

  it("keep their assets and folders from tokens of other sites", async () => {
    const { id: siteId } = emulator.database.addSite("Not mine");
    const asset = emulator.database.addAsset({ siteId, fileName: "a.png", contentType: "image/png" });
    const folder = emulator.database.addFolder({ siteId, displayName: "Private" });

    expect((await call(`GET /assets/${asset.id}`)).status).toBe(404);
    expect((await call(`DELETE /assets/${asset.id}`)).status).toBe(404);
    expect((await call(`GET /asset_folders/${folder.id}`)).status).toBe(404);
    expect(emulator.database.assets(siteId)).toHaveLength(1);
  });
});

describe("a request", () => {
  it.each([
    `PATCH /asset_folders/${NOBODY}`,
    `DELETE /asset_folders/${NOBODY}`,
    `PUT /assets/${NOBODY}`,
    "POST /sites",
    "GET /nothing",
  ])("a request that the API does not have is answered in another form: %s", async (route) => {
    const { status, json } = await call(route);

    expect(status).toBe(404);
    expect(json).toMatchObject({
      msg: `Route not found: ${route.split(" ")[1]}`,
      code: 404,
      name: "RouteNotFoundError",
      errorEnum: "RouteNotFound",
    });
    expect(emulator.requests.entries()).toMatchObject([{ operation: "unknownRoute", status: 404 }]);
  });

  it("a request with an id that is none is refused: 400", async () => {
    expect(await call("GET /assets/1234")).toMatchObject({
      status: 400,
      json: { code: "validation_error", message: "Validation Error: Provided ID is invalid" },
    });
  });

  it.each(["{", "[]", '"text"', "null"])("with the body %s is refused: 400", async (body) => {
    expect(await call(`POST /sites/${emulator.siteId}/assets`, body)).toMatchObject({
      status: 400,
      json: { code: "bad_request", message: "Bad Request: Request is malformed" },
    });
  });

  it("a request with a body above 1 MiB is refused: 413", async () => {
    const body = { fileName: "x".repeat(1024 * 1024) };

    expect((await call(`POST /sites/${emulator.siteId}/assets`, body)).status).toBe(413);
  });

  it("is logged with its operation, query, headers and status, in order of arrival", async () => {
    await call(`GET /sites/${emulator.siteId}/assets?limit=5`);
    await call("GET /sites");

    expect(emulator.requests.entries()).toMatchObject([
      { service: "api", operation: "listAssets", method: "GET", status: 200 },
      { operation: "listSites", path: "/v2/sites" },
    ]);
    const [first] = emulator.requests.entries({ operation: "listAssets" });
    expect(first?.query.get("limit")).toBe("5");
    expect(first?.headers.authorization).toBe(`Bearer ${emulator.token}`);
    expect(emulator.requests.count({ service: "api" })).toBe(2);
    emulator.requests.clear();
    expect(emulator.requests.count()).toBe(0);
  });
});
