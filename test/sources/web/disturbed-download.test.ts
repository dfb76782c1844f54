import { createHash } from "node:crypto";
import { deflateRawSync, deflateSync, gzipSync } from "node:zlib";
import { afterEach, describe, expect, it } from "vitest";
import { createDownloader, type DownloaderOptions } from "../../../src/sources/web/download.js";
import { numberedPng } from "../../builders/bytes.js";
import { callContext } from "../../builders/call.js";
import { type Handler, type Origin, startOrigin } from "../../builders/origin.js";

const PNG = numberedPng(7, 60_000);
const ETAG = '"v1"';

const cleanUps: (() => Promise<void>)[] = [];

afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp();
});

async function originWith(handler: Handler): Promise<Origin> {
  const origin = await startOrigin({ "/photo.png": handler });
  cleanUps.push(() => origin.close());
  return origin;
}

function downloadFrom({ url, port }: Origin, limits: DownloaderOptions["limits"] = { backoffMs: 20 }) {
  const downloader = createDownloader({ urlHosts: [{ hostname: "127.0.0.1", port }], limits });
  cleanUps.push(() => downloader.close());
  return (call = callContext(), query = "") =>
    downloader.download(`${url}/photo.png${query}`, call, { maxBytes: 100_000 });
}

describe("a host that is asked too often", () => {
  /** Takes ten requests a window, and refuses the others. */
  function atMostTen(windowMs: number, refusal: Record<string, string>, status: number): Handler {
    let windowEnds = 0;
    let taken = 0;
    return (_, response) => {
      if (Date.now() >= windowEnds) {
        windowEnds = Date.now() + windowMs;
        taken = 0;
      }
      taken += 1;
      if (taken > 10) response.writeHead(status, refusal).end("slow down");
      else response.end(PNG);
    };
  }

  it.each([
    ["says how long to wait", 429, { "retry-after": "1" }],
    ["says nothing of it", 429, {}],
    ["is briefly unavailable", 503, {}],
  ])("gives all files in the end when it %s", async (_, status, refusal) => {
    const origin = await originWith(atMostTen(600, refusal, status));
    const download = downloadFrom(origin, { backoffMs: 200 });
    const files = await Promise.all(Array.from({ length: 25 }, (_, n) => download(callContext(), `?${n}`)));
    expect(files.every(({ bytes }) => bytes.equals(PNG))).toBe(true);
    expect(origin.requests.length).toBeLessThan(2 * 25);
  });

  it("is given up when it never answers anything else", async () => {
    const origin = await originWith((_, response) => response.writeHead(503).end());
    await expect(downloadFrom(origin, { backoffMs: 1 })()).rejects.toMatchObject({
      code: "DOWNLOAD_FAILED",
      message: expect.stringContaining("503"),
    });
    expect(origin.requests).toHaveLength(5);
  });

  it("is not waited for longer than the call has time, and the answer says how long it would be", async () => {
    const origin = await originWith((_, response) => response.writeHead(429, { "retry-after": "30" }).end());
    await expect(downloadFrom(origin)(callContext({ deadline: Date.now() + 5_000 }))).rejects.toMatchObject({
      code: "DOWNLOAD_FAILED",
      message: expect.stringContaining("asks for a wait of 30 s"),
    });
    expect(origin.requests).toHaveLength(1);
  });
});

describe("a download that breaks off", () => {
  /** Sends what is asked for, and breaks the connection off halfway the first `breaks` times. */
  function breaking(
    breaks: number,
    headers: (turn: number) => Record<string, string>,
    honoursRange = true,
  ): Handler {
    let turn = 0;
    return (request, response) => {
      turn += 1;
      const own = headers(turn);
      const [, from] = /^bytes=(\d+)-$/.exec(request.headers.range ?? "") ?? [];
      const isRest = honoursRange && from !== undefined && request.headers["if-range"] === own["etag"];
      const body = isRest ? PNG.subarray(Number(from)) : PNG;
      response.writeHead(isRest ? 206 : 200, {
        ...own,
        "content-length": body.length,
        ...(isRest && { "content-range": `bytes ${from}-${PNG.length - 1}/${PNG.length}` }),
      });
      if (turn > breaks) response.end(body);
      else
        response.write(body.subarray(0, body.length / 2), () => setImmediate(() => request.socket.destroy()));
    };
  }

  function rangesOf({ requests }: Origin): string[] {
    return requests.map(({ headers }) => (headers.range === undefined ? "whole" : "rest"));
  }

  it.each([1, 2])("goes on from there, also %i times", async (breaks) => {
    const origin = await originWith(breaking(breaks, () => ({ etag: ETAG })));
    const { bytes, md5 } = await downloadFrom(origin)();
    expect(bytes.equals(PNG)).toBe(true);
    expect(md5).toBe(createHash("md5").update(PNG).digest("hex"));
    expect(rangesOf(origin)).toEqual(["whole", "rest", "rest"].slice(0, breaks + 1));
  });

  it("is begun anew where nothing tells whether the file is still the same", async () => {
    const origin = await originWith(breaking(1, () => ({})));
    expect((await downloadFrom(origin)()).bytes.equals(PNG)).toBe(true);
    expect(rangesOf(origin)).toEqual(["whole", "whole"]);
  });

  it("is begun anew when the file has changed meanwhile", async () => {
    const origin = await originWith(breaking(1, (turn) => ({ etag: `"v${turn}"` })));
    expect((await downloadFrom(origin)()).bytes.equals(PNG)).toBe(true);
    expect(rangesOf(origin)).toEqual(["whole", "rest"]);
  });

  it("is begun anew when the server sends the rest of another file in spite of the condition", async () => {
    let turn = 0;
    const honest = breaking(1, () => ({ etag: ETAG }));
    const origin = await originWith((request, response) => {
      turn += 1;
      if (turn !== 2) return honest(request, response);
      const [, from = ""] = /=(\d+)-/.exec(request.headers.range ?? "") ?? [];
      const range = `bytes ${from}-${PNG.length - 1}/${PNG.length}`;
      return response
        .writeHead(206, { etag: '"v2"', "content-range": range })
        .end(PNG.subarray(Number(from)));
    });
    await downloadFrom(origin)();
    expect(rangesOf(origin)).toEqual(["whole", "rest", "whole"]);
  });

  it("is whole only when all has come, also where a server sends the rest in parts", async () => {
    let turn = 0;
    const origin = await originWith((request, response) => {
      turn += 1;
      const from = Number(/=(\d+)-/.exec(request.headers.range ?? "")?.[1] ?? 0);
      const end = turn === 2 ? from + 1_000 : PNG.length;
      const headers = { etag: ETAG, "content-length": end - from };
      const range = { "content-range": `bytes ${from}-${end - 1}/${PNG.length}` };
      response.writeHead(turn === 1 ? 200 : 206, turn === 1 ? headers : { ...headers, ...range });
      if (turn > 1) response.end(PNG.subarray(from, end));
      else response.write(PNG.subarray(0, 30_000), () => setImmediate(() => request.socket.destroy()));
    });
    expect((await downloadFrom(origin)()).bytes.equals(PNG)).toBe(true);
    expect(rangesOf(origin)).toEqual(["whole", "rest", "rest"]);
  });

  it("is begun anew when the server answers another part", async () => {
    let turn = 0;
    const whole = breaking(1, () => ({ etag: ETAG }), false);
    const origin = await originWith((request, response) => {
      turn += 1;
      if (turn !== 2) return whole(request, response);
      return response.writeHead(206, { "content-range": "bytes 1-2/60000" }).end("xx");
    });
    expect((await downloadFrom(origin)()).bytes.equals(PNG)).toBe(true);
    expect(rangesOf(origin)).toEqual(["whole", "rest", "whole"]);
  });

  it("fails when a download is interrupted for the third time", async () => {
    const origin = await originWith(breaking(99, () => ({})));
    await expect(downloadFrom(origin)()).rejects.toMatchObject({
      code: "DOWNLOAD_FAILED",
      message: expect.stringContaining("broke before the whole file had arrived"),
    });
    expect(origin.requests).toHaveLength(3);
  });
});

describe("a body", () => {
  it.each([
    ["aws-chunked", PNG],
    ["utf-8", PNG],
    ["binary", PNG],
    ["none", PNG],
    ["aws-chunked,gzip", gzipSync(PNG)],
    ["gzip", PNG],
    ["gzip", gzipSync(PNG)],
    ["deflate", deflateSync(PNG)],
    ["deflate", deflateRawSync(PNG)],
  ])("a body that is labelled %s is read for what it is", async (coding, body) => {
    const origin = await originWith((_, response) =>
      response.writeHead(200, { "content-encoding": coding }).end(body),
    );
    expect((await downloadFrom(origin)()).bytes.equals(PNG)).toBe(true);
  });
});

it("a redirect may be written in raw UTF-8", async () => {
  const origin = await startOrigin({
    "/photo.png": (request) =>
      request.socket.end(
        "HTTP/1.1 302 Found\r\nLocation: /café.png\r\nContent-Length: 0\r\nConnection: close\r\n\r\n",
      ),
    "/caf%C3%A9.png": PNG,
  });
  cleanUps.push(() => origin.close());
  expect((await downloadFrom(origin)()).finalUrl.pathname).toBe("/caf%C3%A9.png");
});

describe("a host that does not keep to HTTP", () => {
  it("is said not to, instead of that the connection failed", async () => {
    const origin = await originWith((_, response) => {
      response.socket?.end("HTTP/1.1 200 OK\r\nno header\r\n\r\nhello");
    });
    await expect(downloadFrom(origin)()).rejects.toMatchObject({
      code: "DOWNLOAD_FAILED",
      message: expect.stringContaining("its server does not keep to HTTP"),
      next: "check the URL, or download the file and give its local path",
    });
  });
});
