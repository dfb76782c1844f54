import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Fault } from "../../src/emulator/behaviour/faults.js";
import { type Emulator, startEmulator } from "../../src/emulator/emulator.js";
import { pngBytes } from "../builders/bytes.js";
import {
  type Answer,
  type ApiCall,
  apiOf,
  createAsset,
  element,
  formOf,
  multipartBody,
  postForm,
  type StageOne,
} from "../builders/emulator-client.js";

let emulator: Emulator;
let call: ApiCall;

beforeEach(async () => {
  emulator = await startEmulator();
  call = apiOf(emulator);
});
afterEach(() => emulator.close());

function createFolder(displayName = "Spring"): Promise<Answer> {
  return call(`POST /sites/${emulator.siteId}/asset_folders`, { displayName });
}

function upload(asset: StageOne, bytes = pngBytes()): Promise<Answer> {
  return postForm(asset.uploadUrl, formOf(asset.uploadDetails, bytes));
}

function stored(asset: StageOne): Buffer | undefined {
  return emulator.database.object(asset.uploadDetails["key"] ?? "")?.bytes;
}

function folderCount(): number {
  return emulator.database.folders(emulator.siteId).length;
}

/** The status of each of so many listings of sites. */
async function statuses(count: number): Promise<number[]> {
  const found: number[] = [];
  for (let index = 0; index < count; index += 1) found.push((await call("GET /sites")).status);
  return found;
}

describe("a fault", () => {
  const failing: Fault = { on: "listSites", kind: "status", status: 500, when: "before" };

  it("strikes every request of its operation until it is removed", async () => {
    const handle = emulator.faults.add(failing);

    expect(await statuses(2)).toEqual([500, 500]);
    expect((await createFolder()).status).toBe(200);
    expect(handle.struck).toBe(2);
    handle.remove();
    expect(await statuses(1)).toEqual([200]);
  });

  it("strikes so many times after so many that it lets pass", async () => {
    emulator.faults.add({ ...failing, skip: 1, times: 2 });

    expect(await statuses(5)).toEqual([200, 500, 500, 200, 200]);
  });

  it("strikes at a rate, the same requests for the same seed", async () => {
    emulator.switches.rateLimit.limit = 1_000;
    emulator.faults.add({ ...failing, rate: 0.3 });
    const run = (seed: number): Promise<number[]> => {
      emulator.faults.seed(seed);
      return statuses(60);
    };

    const first = await run(7);

    expect(await run(7)).toEqual(first);
    expect(await run(8)).not.toEqual(first);
    const share = first.filter((status) => status === 500).length / first.length;
    expect(share).toBeGreaterThan(0.1);
    expect(share).toBeLessThan(0.5);
  });

  it("can be meant for a whole service", async () => {
    const asset = await createAsset(emulator, pngBytes());
    emulator.faults.add({ ...failing, on: "s3" });

    expect((await upload(asset)).status).toBe(500);
    expect((await fetch(asset.assetUrl)).status).toBe(500);
    expect((await fetch(asset.hostedUrl)).status).toBe(403);
    expect(await statuses(1)).toEqual([200]);
  });

  it("gives way to the one that was added before it", async () => {
    emulator.faults.add({ ...failing, times: 1 });
    const second = emulator.faults.add({ ...failing, status: 502 });

    expect(await statuses(2)).toEqual([500, 502]);
    expect(second.struck).toBe(1);
  });

  it("is gone when the plan is cleared", async () => {
    emulator.faults.add(failing);
    emulator.faults.clear();

    expect(await statuses(1)).toEqual([200]);
  });
});

describe("a failing service", () => {
  it.each([
    [500, "internal_error"],
    [502, "internal_error"],
    [503, "service_unavailable"],
  ])("answers %i in Webflow's form before it did anything", async (status, code) => {
    emulator.faults.add({ on: "createFolder", kind: "status", status, when: "before" });

    expect(await createFolder()).toMatchObject({ status, json: { code } });
    expect(folderCount()).toBe(0);
  });

  it("answers 500 after it made the folder", async () => {
    emulator.faults.add({ on: "createFolder", kind: "status", status: 500, when: "after" });

    expect((await createFolder()).status).toBe(500);
    expect(folderCount()).toBe(1);
  });

  it("answers 500 after it made the asset", async () => {
    emulator.faults.add({ on: "createAsset", kind: "status", status: 500, when: "after" });

    await expect(createAsset(emulator, pngBytes())).rejects.toThrow("500");
    expect(emulator.database.assets(emulator.siteId)).toHaveLength(1);
  });

  it.each([
    [503, "SlowDown"],
    [500, "InternalError"],
  ])("a failing storage answers %i in S3's form and stores nothing", async (status, code) => {
    const asset = await createAsset(emulator, pngBytes());
    emulator.faults.add({ on: "postObject", kind: "status", status, when: "before" });

    const answer = await upload(asset);

    expect([answer.status, element(answer.text, "Code")]).toEqual([status, code]);
    expect(stored(asset)).toBeUndefined();
  });

  it.each(["3", new Date(0).toUTCString(), null])("answers 429 with Retry-After %s", async (retryAfter) => {
    emulator.faults.add({ on: "api", kind: "too-many-requests", retryAfter });

    const { status, json, headers } = await call("GET /sites");

    expect(status).toBe(429);
    expect(json).toMatchObject({ code: "too_many_requests", message: "Too many requests" });
    expect(headers.get("retry-after")).toBe(retryAfter);
    expect(headers.get("x-ratelimit-remaining")).toBe("0");
  });
});

describe("a broken connection", () => {
  it("is reset before the folder is made", async () => {
    emulator.faults.add({ on: "createFolder", kind: "reset", when: "before" });

    await expect(createFolder()).rejects.toThrow("fetch failed");
    expect(folderCount()).toBe(0);
    expect(emulator.requests.entries()).toMatchObject([{ status: "reset" }]);
  });

  it("is reset after the folder is made", async () => {
    emulator.faults.add({ on: "createFolder", kind: "reset", when: "after" });

    await expect(createFolder()).rejects.toThrow("fetch failed");
    expect(folderCount()).toBe(1);
  });

  it("is reset after S3 stored the file", async () => {
    const asset = await createAsset(emulator, pngBytes());
    emulator.faults.add({ on: "postObject", kind: "reset", when: "after" });

    await expect(upload(asset)).rejects.toThrow("fetch failed");
    expect(stored(asset)).toEqual(pngBytes());
  });

  it("is reset within the body, after headers that promised all of it", async () => {
    emulator.faults.add({ on: "listSites", kind: "reset", when: "in-body" });

    const response = await fetch(`${emulator.apiBaseUrl}/sites`, {
      headers: { authorization: `Bearer ${emulator.token}` },
    });

    expect(response.status).toBe(200);
    await expect(response.text()).rejects.toThrow("terminated");
    expect(emulator.requests.entries()).toMatchObject([{ status: "reset" }]);
  });

  it("is reset while the file is being sent", async () => {
    const bytes = Buffer.alloc(8 * 1024 * 1024);
    const asset = await createAsset(emulator, bytes);
    emulator.faults.add({ on: "postObject", kind: "reset-in-upload" });

    await expect(upload(asset, bytes)).rejects.toThrow("fetch failed");
    expect(stored(asset)).toBeUndefined();
    const [logged] = emulator.requests.entries({ operation: "postObject" });
    expect(logged?.status).toBe("reset");
    expect(logged?.bodyBytes).toBeLessThan(multipartBody(formOf(asset.uploadDetails, bytes)).length);
  });

  it.each([
    ["before", 0],
    ["after", 1],
  ] as const)("hangs %s the work is done, and is never answered", async (when, made) => {
    emulator.faults.add({ on: "createFolder", kind: "hang", when });
    const hanging = expect(createFolder()).rejects.toThrow("fetch failed");
    await expect.poll(() => emulator.requests.count({ operation: "createFolder" })).toBe(1);

    expect(await statuses(1)).toEqual([200]);
    expect(folderCount()).toBe(made);
    await emulator.close();
    await hanging;
    expect(emulator.requests.entries({ operation: "createFolder" })).toMatchObject([{ status: "none" }]);
  });

  it("is refused until connections are let in again", async () => {
    const letIn = await emulator.refuseConnections();

    await expect(call("GET /sites")).rejects.toMatchObject({ cause: { code: "ECONNREFUSED" } });
    await letIn();
    expect(await statuses(1)).toEqual([200]);
  });
});

describe("an answer", () => {
  it.each([200, 502])("is the page of a gateway with %i, and nothing was done", async (status) => {
    emulator.faults.add({ on: "createFolder", kind: "html", status });

    const answer = await createFolder();

    expect(answer.status).toBe(status);
    expect(answer.headers.get("content-type")).toBe("text/html");
    expect(answer.text).toMatch(/^<html>/);
    expect(answer.headers.has("x-ratelimit-limit")).toBe(false);
    expect(folderCount()).toBe(0);
  });

  it("is empty although the folder was made", async () => {
    emulator.faults.add({ on: "createFolder", kind: "empty" });

    expect(await createFolder()).toMatchObject({ status: 200, text: "" });
    expect(folderCount()).toBe(1);
  });

  it("is JSON that stops half-way", async () => {
    emulator.faults.add({ on: "createFolder", kind: "truncated-json" });

    const { status, text } = await createFolder();

    expect(status).toBe(200);
    expect(text).toMatch(/^\{"id"/);
    expect(() => JSON.parse(text)).toThrow();
  });

  it("has the form of an unknown route", async () => {
    emulator.faults.add({ on: "listSites", kind: "route-not-found" });

    expect(await call("GET /sites")).toMatchObject({ status: 404, json: { errorEnum: "RouteNotFound" } });
  });

  it("drips in, byte by byte, and is whole in the end", async () => {
    emulator.faults.add({ on: "listSites", kind: "slow-drip", ms: 1, times: 1 });
    const response = await fetch(`${emulator.apiBaseUrl}/sites`, {
      headers: { authorization: `Bearer ${emulator.token}` },
    });
    const pieces: Buffer[] = [];
    for await (const piece of response.body ?? []) pieces.push(Buffer.from(piece));

    expect(pieces.length).toBeGreaterThan(1);
    expect(Buffer.concat(pieces).toString()).toBe((await call("GET /sites")).text);
  });

  it("stops dripping when the client has gone", async () => {
    emulator.faults.add({ on: "listSites", kind: "slow-drip", ms: 1 });
    const leaving = new AbortController();
    const response = await fetch(`${emulator.apiBaseUrl}/sites`, {
      headers: { authorization: `Bearer ${emulator.token}` },
      signal: leaving.signal,
    });

    leaving.abort();

    await expect(response.text()).rejects.toThrow("aborted");
    expect((await createFolder()).status).toBe(200);
  });

  it("waits for its latency, with its work not done yet", async () => {
    emulator.faults.add({ on: "createFolder", kind: "latency", ms: 3_600_000, times: 1 });
    const waiting = expect(createFolder()).rejects.toThrow("fetch failed");
    await expect.poll(() => emulator.requests.count()).toBe(1);

    expect(await statuses(1)).toEqual([200]);
    expect(folderCount()).toBe(0);
    await emulator.close();
    await waiting;
  });

  it("still comes after its latency", async () => {
    emulator.faults.add({ on: "listSites", kind: "latency", ms: 5 });

    expect(await statuses(1)).toEqual([200]);
  });
});

describe("stage 1", () => {
  it("hands out a form that has expired", async () => {
    emulator.faults.add({ on: "createAsset", kind: "expired-policy" });
    const asset = await createAsset(emulator, pngBytes());

    const { status, text } = await upload(asset);

    expect(status).toBe(403);
    expect(element(text, "Message")).toBe("Invalid according to Policy: Policy expired.");
  });

  it("forgets its record before the answer arrives", async () => {
    emulator.faults.add({ on: "createAsset", kind: "vanish" });
    const asset = await createAsset(emulator, pngBytes());

    expect((await call(`GET /assets/${asset.id}`)).status).toBe(404);
    expect((await upload(asset)).status).toBe(201);
  });
});

describe("S3", () => {
  let asset: StageOne;
  beforeEach(async () => {
    asset = await createAsset(emulator, pngBytes());
  });

  it.each([
    [200, true],
    [200, false],
    [204, true],
    [204, false],
  ] as const)("answers %i instead of 201, with an ETag: %s", async (status, etag) => {
    emulator.faults.add({ on: "postObject", kind: "s3-success", status, etag });

    const answer = await upload(asset);

    expect([answer.status, answer.text, answer.headers.has("etag")]).toEqual([status, "", etag]);
    expect(stored(asset)).toEqual(pngBytes());
  });

  it("answers with an error of S3's in a 200, and stores nothing", async () => {
    emulator.faults.add({ on: "postObject", kind: "s3-error", status: 200, code: "InternalError" });

    const { status, text } = await upload(asset);

    expect([status, element(text, "Code")]).toEqual([200, "InternalError"]);
    expect(stored(asset)).toBeUndefined();
  });

  it("sends the client elsewhere and stores nothing", async () => {
    emulator.faults.add({ on: "postObject", kind: "s3-redirect", location: "http://127.0.0.1:9/" });

    const { status, headers } = await upload(asset);

    expect([status, headers.get("location")]).toEqual([307, "http://127.0.0.1:9/"]);
    expect(stored(asset)).toBeUndefined();
  });

  it("answers with the ETag of another file", async () => {
    emulator.faults.add({ on: "postObject", kind: "wrong-etag" });

    const { headers, text } = await upload(asset);

    expect(element(text, "ETag")).toBe(`"${"0".repeat(32)}"`);
    expect(headers.get("etag")).toBe(`"${"0".repeat(32)}"`);
    expect(stored(asset)).toEqual(pngBytes());
  });

  it("answers with another key", async () => {
    emulator.faults.add({ on: "postObject", kind: "wrong-key" });

    expect(element((await upload(asset)).text, "Key")).not.toBe(asset.uploadDetails["key"]);
    expect(stored(asset)).toEqual(pngBytes());
  });

  it("stores other bytes, and shows that by the ETag", async () => {
    const { headers: rightHeaders } = await upload(asset);
    emulator.faults.add({ on: "postObject", kind: "corrupted" });

    const { status, headers } = await upload(asset);

    expect(status).toBe(201);
    expect(headers.get("etag")).not.toBe(rightHeaders.get("etag"));
    expect(stored(asset)).not.toEqual(pngBytes());
    expect(stored(asset)).toHaveLength(pngBytes().length);
  });
});
