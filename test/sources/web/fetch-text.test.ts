import { gzipSync } from "node:zlib";
import { afterEach, describe, expect, it } from "vitest";
import { parseAllowedHosts } from "../../../src/core/allowed-hosts.js";
import { DeadlinePassed } from "../../../src/core/call-context.js";
import { createTextFetcher, type FetchedText, MAX_TEXT_BYTES } from "../../../src/sources/web/fetch-text.js";
import { callContext } from "../../builders/call.js";
import { type Origin, startOrigin } from "../../builders/origin.js";

const PAGE = "<p>Ünïcode</p>";
let origin: Origin;

afterEach(() => origin.close());

/** What is made of a page with these bytes, and what was told of its memory. */
async function fetchPage(bytes: Buffer, contentType: string): Promise<FetchedText & { released: number[] }> {
  origin = await startOrigin({
    "/": (_request, response) => response.writeHead(200, { "content-type": contentType }).end(bytes),
  });
  const released: number[] = [];
  const fetcher = createTextFetcher({
    urlHosts: parseAllowedHosts(`127.0.0.1:${origin.port}`),
    onBytesReleased: (count) => released.push(count),
  });
  const answer = await fetcher.fetch(new URL(origin.url), callContext(), { mayFollow: () => false });
  await fetcher.close();
  return { ...answer, released };
}

describe("a text of a web site", () => {
  it("is reported as released with its chunks and itself", async () => {
    const bytes = Buffer.from(PAGE);
    const { text, released } = await fetchPage(bytes, "text/html");
    expect(text.toString()).toBe(PAGE);
    expect(released).toEqual([2 * bytes.length]);
  });

  it.each([
    ["by its byte order mark", Buffer.from(`\ufeff${PAGE}`, "utf16le"), "text/html"],
    ["by its content type", Buffer.from(PAGE, "utf16le"), "text/html; charset=utf-16"],
    ["in the other byte order", Buffer.from(`\ufeff${PAGE}`, "utf16le").swap16(), "text/html"],
  ])("is read where it is UTF-16, %s", async (_how, bytes, contentType) => {
    const { text } = await fetchPage(bytes, contentType);
    expect(text.toString()).toBe(PAGE);
  });
});

describe("a text in a gzip file", () => {
  async function fetchFile(path: string, bytes: Buffer, headers: Record<string, string>) {
    origin = await startOrigin({
      [path]: (_request, response) => response.writeHead(200, headers).end(bytes),
    });
    const fetcher = createTextFetcher({ urlHosts: parseAllowedHosts(`127.0.0.1:${origin.port}`) });
    const answer = await fetcher.fetch(new URL(path, origin.url), callContext(), { mayFollow: () => false });
    await fetcher.close();
    return answer;
  }

  it.each([
    ["as the file that it is", gzipSync(PAGE), { "content-type": "application/gzip" }],
    ["as if it was packed for the way", gzipSync(PAGE), { "content-encoding": "gzip" }],
    ["packed once more for the way", gzipSync(gzipSync(PAGE)), { "content-encoding": "gzip" }],
    ["unpacked in spite of its name", Buffer.from(PAGE), { "content-type": "application/xml" }],
  ])("is read where it is sent %s", async (_how, bytes, headers) => {
    const { text, isCut, isOther } = await fetchFile("/sitemap.xml.gz", bytes, headers);
    expect({ text: text.toString(), isCut, isOther }).toEqual({ text: PAGE, isCut: false, isOther: false });
  });

  it("is cut like any other where it is a bomb or damaged", async () => {
    const bomb = gzipSync(Buffer.alloc(MAX_TEXT_BYTES + 1, "a"));
    expect(await fetchFile("/sitemap.xml.gz", bomb, {})).toMatchObject({
      isCut: true,
      text: { length: MAX_TEXT_BYTES },
    });
    await origin.close();
    const damaged = gzipSync(PAGE).subarray(0, 15);
    expect(await fetchFile("/sitemap.xml.gz", damaged, {})).toMatchObject({ isCut: true });
  });
});

/** A call that ends by its deadline after so many milliseconds. */
function callOf(milliseconds: number) {
  const ending = new AbortController();
  setTimeout(() => ending.abort(new DeadlinePassed()), milliseconds);
  return callContext({ signal: ending.signal });
}

describe("a text that never ends", () => {
  it("is given up after its time although every call ends before that", async () => {
    origin = await startOrigin({ "/": (_request, response) => void response.writeHead(200).flushHeaders() });
    const urlHosts = parseAllowedHosts(`127.0.0.1:${origin.port}`);
    const fetcher = createTextFetcher({ urlHosts, idleMs: 200 });
    const isTimedOut = () =>
      fetcher.fetch(new URL(origin.url), callOf(50), { mayFollow: () => false }).then(
        () => false,
        (error) => error.code === "TIMED_OUT",
      );

    let calls = 1;
    while (calls < 40 && (await isTimedOut())) calls += 1;
    expect(calls).toBeLessThan(40);
    await fetcher.close();
  });
});

describe("a text of a host that asks for fewer requests", () => {
  /** A host that answers 429 so many times, and how a call with so many milliseconds left fares there. */
  async function fetcherAt(refusals: number, retryAfter: string, status = 429) {
    let asked = 0;
    origin = await startOrigin({
      "/": (_request, response) => {
        asked += 1;
        if (asked > refusals) response.writeHead(200, { "content-type": "text/html" }).end(PAGE);
        else
          response
            .writeHead(status, retryAfter === "" ? {} : { "retry-after": retryAfter })
            .end("Too many requests");
      },
    });
    const fetcher = createTextFetcher({ urlHosts: parseAllowedHosts(`127.0.0.1:${origin.port}`) });
    const fetch = (leftMs: number) =>
      fetcher
        .fetch(new URL(origin.url), callContext({ deadline: Date.now() + leftMs }), {
          mayFollow: () => false,
        })
        .then(
          ({ status }) => status,
          ({ code }) => code,
        );
    return { fetch, asked: () => asked };
  }

  it("is asked for again after the wait", async () => {
    const { fetch } = await fetcherAt(2, "0");
    expect(await fetch(60_000)).toBe(200);
  });

  it("is asked for again after a 503 that says when, and after no other", async () => {
    const busy = await fetcherAt(1, "0", 503);
    expect(await busy.fetch(60_000)).toBe(200);
    await origin.close();
    const wall = await fetcherAt(1, "", 503);
    expect(await wall.fetch(60_000)).toBe(503);
  });

  it("is left for the next call if this one ends before the wait", async () => {
    const { fetch } = await fetcherAt(1, "1");
    expect(await fetch(500)).toBe("RATE_LIMITED");
    expect(await fetch(60_000)).toBe(200);
  });

  it("is given up after four refusals", async () => {
    const { fetch, asked } = await fetcherAt(Number.POSITIVE_INFINITY, "0");
    expect(await fetch(60_000)).toBe(429);
    expect(asked()).toBe(4);
  });

  it("is given up at once if the wait is longer than any call, and holds nothing else up", async () => {
    const { fetch, asked } = await fetcherAt(Number.POSITIVE_INFINITY, "3600");
    expect(await fetch(60_000)).toBe(429);
    expect(await fetch(60_000)).toBe(429);
    expect(asked()).toBe(2);
  });
});
