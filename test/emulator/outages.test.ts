import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type Emulator, type Fault, startEmulator } from "../../src/emulator/emulator.js";
import { pngBytes } from "../builders/bytes.js";
import {
  type ApiCall,
  answerOf,
  apiOf,
  createAsset,
  element,
  formOf,
  postForm,
} from "../builders/emulator-client.js";

let emulator: Emulator;
let call: ApiCall;

beforeEach(async () => {
  emulator = await startEmulator();
  call = apiOf(emulator);
});
afterEach(() => emulator.close());

const MINUTE_MS = 60_000;

describe("a fault for a while", () => {
  it("strikes from its first request until its time is over", async () => {
    emulator.faults.add({ on: "api", kind: "status", status: 503, when: "before", forMs: MINUTE_MS });

    expect((await call("GET /sites")).status).toBe(503);
    emulator.switches.clockOffsetMs = MINUTE_MS / 2;
    expect((await call("GET /sites")).status).toBe(503);
    emulator.switches.clockOffsetMs = MINUTE_MS + 1_000;
    expect((await call("GET /sites")).status).toBe(200);
  });

  it("slows uploads down as S3 does, then lets them in", async () => {
    const asset = await createAsset(emulator, pngBytes());
    const form = formOf(asset.uploadDetails, pngBytes());
    emulator.faults.add({ on: "postObject", kind: "status", status: 503, when: "before", forMs: MINUTE_MS });

    expect(element((await postForm(asset.uploadUrl, form)).text, "Code")).toBe("SlowDown");
    emulator.switches.clockOffsetMs = MINUTE_MS + 1_000;
    expect((await postForm(asset.uploadUrl, form)).status).toBe(201);
  });

  it("cuts the network, and lets connections in again by itself", async () => {
    const outage = emulator.outage(5);

    await outage;

    expect((await call("GET /sites")).status).toBe(200);
  });

  it("refuses connections during an outage, which ends when the emulator closes", async () => {
    const outage = emulator.outage(MINUTE_MS);

    await expect
      .poll(() =>
        call("GET /sites").then(
          () => "answered",
          (error) => error.cause.code,
        ),
      )
      .toBe("ECONNREFUSED");
    await emulator.close();
    await outage;
    await expect(call("GET /sites")).rejects.toThrow("fetch failed");
  });
});

describe("an error", () => {
  it("says with Retry-After when Webflow comes back", async () => {
    emulator.faults.add({ on: "api", kind: "status", status: 503, when: "before", retryAfter: "15" });

    const { status, headers, json } = await call("GET /sites");

    expect([status, headers.get("retry-after")]).toEqual([503, "15"]);
    expect(json).toMatchObject({ code: "service_unavailable" });
  });

  it("says it with a date by a clock that is wrong", async () => {
    emulator.switches.clockOffsetMs = -3_600_000;
    emulator.faults.add({ on: "api", kind: "too-many-requests", retryAfter: { dateInMs: 20_000 } });

    const { headers } = await call("GET /sites");

    const again = Date.parse(headers.get("retry-after") ?? "");
    expect(again - Date.parse(headers.get("date") ?? "")).toBe(20_000);
    expect(again).toBeLessThan(Date.now() - 3_000_000);
  });

  it("has any code and message of the Data API", async () => {
    emulator.faults.add({
      on: "getSite",
      kind: "status",
      status: 402,
      when: "before",
      code: "payment_required",
      message: "Upgrade",
    });

    expect(await call(`GET /sites/${emulator.siteId}`)).toMatchObject({
      status: 402,
      json: { code: "payment_required", message: "Upgrade" },
    });
  });

  it.each([
    ["text", "text/plain; charset=UTF-8", "error code: 1015"],
    [
      "html",
      "text/html",
      "<html><head><title>429 Gateway Error</title></head><body><h1>429 Gateway Error</h1></body></html>",
    ],
    ["empty", null, ""],
    ["json-string", "application/json", '"Request failed"'],
    ["json-array", "application/json", '["Request failed"]'],
  ] as const)("has a body of %s instead of Webflow's JSON object", async (body, contentType, text) => {
    emulator.faults.add({ on: "api", kind: "error-body", status: 429, body, retryAfter: "7" });

    const answer = await call("GET /sites");

    expect(answer).toMatchObject({ status: 429, text });
    expect(answer.headers.get("content-type")).toBe(contentType);
    expect(answer.headers.get("retry-after")).toBe("7");
    expect(answer.headers.has("x-ratelimit-limit")).toBe(body.startsWith("json"));
  });

  it("an error with a body of another form comes before the work, or after it", async () => {
    const fault: Fault = { on: "createFolder", kind: "error-body", status: 500, body: "text", times: 1 };
    const create = () => call(`POST /sites/${emulator.siteId}/asset_folders`, { displayName: "Spring" });
    emulator.faults.add(fault);
    await create();
    expect(emulator.database.folders(emulator.siteId)).toHaveLength(0);

    emulator.faults.add({ ...fault, when: "after" });
    await create();

    expect(emulator.database.folders(emulator.siteId)).toHaveLength(1);
  });

  it.each(["api", "cdn"] as const)("is the challenge of a bot wall on the %s", async (on) => {
    emulator.faults.add({ on, kind: "challenge" });
    const url = on === "api" ? `${emulator.apiBaseUrl}/sites` : `${emulator.cdnBaseUrl}/site/a.png`;

    const { status, headers, text } = await answerOf(fetch(url));

    expect([status, headers.get("cf-mitigated"), headers.get("content-type")]).toEqual([
      403,
      "challenge",
      "text/html; charset=UTF-8",
    ]);
    expect(text).toContain("<title>Just a moment...</title>");
  });
});
