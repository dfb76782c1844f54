import { afterEach, describe, expect, it } from "vitest";
import { parseAllowedHosts } from "../../../src/core/allowed-hosts.js";
import { DeadlinePassed } from "../../../src/core/call-context.js";
import { createTextFetcher, type FetchedText } from "../../../src/sources/web/fetch-text.js";
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
