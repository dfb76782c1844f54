import { createHash } from "node:crypto";
import { afterEach, describe, expect, it } from "vitest";
import { DeadlinePassed } from "../../../src/core/call-context.js";
import { AssetError } from "../../../src/core/errors.js";
import { createAllowedDirectories } from "../../../src/sources/local/directories-in-use.js";
import { createSourceReader } from "../../../src/sources/source-reader.js";
import {
  createDownloader,
  type Downloader,
  type DownloaderOptions,
} from "../../../src/sources/web/download.js";
import { pngBytes } from "../../builders/bytes.js";
import { callContext } from "../../builders/call.js";
import { type Handler, type Origin, startOrigin } from "../../builders/origin.js";
import { codeOf } from "../../builders/outcome.js";

const PNG = pngBytes(1000);
const MD5 = createHash("md5").update(PNG).digest("hex");
const OPTIONS = { maxBytes: 10_000 };

const cleanUps: (() => Promise<void>)[] = [];

afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp();
});

async function originWith(routes: Record<string, Handler | Buffer | string>): Promise<Origin> {
  const origin = await startOrigin(routes);
  cleanUps.push(() => origin.close());
  return origin;
}

function downloaderFor(origins: readonly Origin[], options: Partial<DownloaderOptions> = {}): Downloader {
  const urlHosts = origins.map(({ port }) => ({ hostname: "127.0.0.1", port }));
  const downloader = createDownloader({ urlHosts, ...options });
  cleanUps.push(() => downloader.close());
  return downloader;
}

/** Answers each request with the next of `handlers`, the last one for good. */
function inTurn(...handlers: Handler[]): Handler {
  let turn = 0;
  return (request, response) => {
    const handler = handlers[Math.min(turn, handlers.length - 1)];
    turn += 1;
    handler?.(request, response);
  };
}

const answer =
  (status: number): Handler =>
  (_request, response) =>
    response.writeHead(status).end(PNG);
const reset: Handler = (request) => request.socket.destroy();

describe("a download", () => {
  it("gives the bytes and their MD5 with one request", async () => {
    const origin = await originWith({ "/photo.png": PNG });
    const { bytes, md5 } = await downloaderFor([origin]).download(
      `${origin.url}/photo.png`,
      callContext(),
      OPTIONS,
    );
    expect({ bytes, md5 }).toEqual({ bytes: PNG, md5: MD5 });
    expect(origin.requests).toHaveLength(1);
  });

  it.each([429, 502, 503, 504])("is repeated when the server is briefly unavailable (%i)", async (status) => {
    const origin = await originWith({ "/photo.png": inTurn(answer(status), answer(200)) });
    await downloaderFor([origin]).download(`${origin.url}/photo.png`, callContext(), OPTIONS);
    expect(origin.requests).toHaveLength(2);
  });

  it("is repeated when the connection breaks before the answer", async () => {
    const origin = await originWith({ "/photo.png": inTurn(reset, answer(200)) });
    await downloaderFor([origin]).download(`${origin.url}/photo.png`, callContext(), OPTIONS);
    expect(origin.requests).toHaveLength(2);
  });

  it("gives up a failing download after three attempts", async () => {
    const origin = await originWith({ "/photo.png": answer(502) });
    const work = downloaderFor([origin]).download(`${origin.url}/photo.png`, callContext(), OPTIONS);
    expect(await codeOf(work)).toBe("DOWNLOAD_FAILED");
    expect(origin.requests).toHaveLength(3);
  });

  it.each([400, 403, 404, 500])("is not repeated after %i", async (status) => {
    const origin = await originWith({ "/photo.png": answer(status) });
    const work = downloaderFor([origin]).download(`${origin.url}/photo.png`, callContext(), OPTIONS);
    expect(await codeOf(work)).toBe("DOWNLOAD_FAILED");
    expect(origin.requests).toHaveLength(1);
  });

  it("takes exactly the most bytes allowed, and not one more", async () => {
    const origin = await originWith({ "/photo.png": PNG });
    const downloader = downloaderFor([origin]);
    const download = (maxBytes: number) =>
      downloader.download(`${origin.url}/photo.png`, callContext(), { maxBytes });
    expect(await codeOf(download(PNG.length))).toBe("no error");
    expect(await codeOf(download(PNG.length - 1))).toBe("FILE_TOO_LARGE");
  });

  it("asks for room when bytes come, and takes no more of the body until there is some", async () => {
    const size = 2 * 1024 * 1024;
    const origin = await originWith({ "/large.png": Buffer.alloc(size) });
    const admitted: number[] = [];
    let giveRoom: () => void = () => {};
    const download = downloaderFor([origin]).download(`${origin.url}/large.png`, callContext(), {
      maxBytes: size,
      admit: (bytes) => {
        admitted.push(bytes);
        return new Promise((resolve) => {
          giveRoom = resolve;
        });
      },
    });
    for (let step = 1; step <= 8; step += 1) {
      await expect.poll(() => admitted.length).toBe(step);
      giveRoom();
    }
    expect((await download).bytes.length).toBe(size);
    expect(admitted).toEqual(Array(8).fill(size / 8));
  });

  it("rejects a download with the reason why its size was not admitted", async () => {
    const origin = await originWith({ "/photo.png": PNG });
    const refusal = new AssetError("FILE_TOO_LARGE", "there is no room", "send less");
    const work = downloaderFor([origin]).download(`${origin.url}/photo.png`, callContext(), {
      ...OPTIONS,
      admit: () => Promise.reject(refusal),
    });
    await expect(work).rejects.toBe(refusal);
  });

  it("is CANCELLED when the call is, also in the middle of the body", async () => {
    const cancel = new AbortController();
    const origin = await originWith({
      "/photo.png": (_request, response) => {
        response.writeHead(200, { "content-length": 1000 });
        response.write("x", () => cancel.abort());
      },
    });
    const call = callContext({ signal: cancel.signal });
    expect(await codeOf(downloaderFor([origin]).download(`${origin.url}/photo.png`, call, OPTIONS))).toBe(
      "CANCELLED",
    );
  });

  it("is DOWNLOAD_FAILED for taking too long when the deadline passes", async () => {
    const deadline = new AbortController();
    const origin = await originWith({ "/photo.png": () => deadline.abort(new DeadlinePassed()) });
    const call = callContext({ signal: deadline.signal });
    const work = downloaderFor([origin]).download(`${origin.url}/photo.png`, call, OPTIONS);
    await expect(work).rejects.toMatchObject({
      code: "DOWNLOAD_FAILED",
      message: expect.stringContaining("too long"),
    });
  });

  it("follows five redirects, and gives the URL at their end", async () => {
    const origin = await originWith({
      "/step": (request, response) => {
        const step = Number(new URL(request.url ?? "", "http://x").searchParams.get("n"));
        if (step === 0) return response.writeHead(200).end(PNG);
        return response.writeHead(302, { location: `/step?n=${step - 1}` }).end();
      },
    });
    const downloader = downloaderFor([origin]);
    const { finalUrl } = await downloader.download(`${origin.url}/step?n=5`, callContext(), OPTIONS);
    expect(finalUrl.search).toBe("?n=0");
    expect(await codeOf(downloader.download(`${origin.url}/step?n=6`, callContext(), OPTIONS))).toBe(
      "DOWNLOAD_FAILED",
    );
  });

  it("follows a redirect to another opened host", async () => {
    const second = await originWith({ "/photo.png": PNG });
    const first = await originWith({
      "/moved": (_request, response) =>
        response.writeHead(302, { location: `${second.url}/photo.png` }).end(),
    });
    const { md5 } = await downloaderFor([first, second]).download(
      `${first.url}/moved`,
      callContext(),
      OPTIONS,
    );
    expect(md5).toBe(MD5);
  });

  it("says when the host name cannot be found", async () => {
    const downloader = downloaderFor([], {
      resolver: () => Promise.reject(Object.assign(new Error("none"), { code: "ENOTFOUND" })),
    });
    await expect(
      downloader.download("https://nowhere.example.com/", callContext(), OPTIONS),
    ).rejects.toMatchObject({
      code: "DOWNLOAD_FAILED",
      message: expect.stringContaining("host name"),
    });
  });
});

describe("a probe", () => {
  it("reads the headers whatever the status, and leaves the body", async () => {
    const origin = await originWith({
      "/photo.png": (_request, response) => {
        response.writeHead(200, { "content-length": 1e9, "content-type": "image/png", etag: `"${MD5}"` });
        response.write("x");
      },
    });
    const downloader = downloaderFor([origin]);
    expect(await downloader.probe(`${origin.url}/photo.png`, callContext())).toEqual({
      status: 200,
      contentLength: 1e9,
      contentType: "image/png",
      etag: MD5,
    });
    expect(await downloader.probe(`${origin.url}/missing`, callContext())).toMatchObject({ status: 404 });
  });
});

describe("behind a proxy", () => {
  async function proxied(options: Partial<DownloaderOptions> = {}) {
    const proxy = await originWith({ "/photo.png": PNG });
    const proxies = { forHttp: { variable: "HTTP_PROXY", url: proxy.url }, exceptions: "" };
    const resolver = async () => [{ address: "93.184.215.14", family: 4 }];
    return { proxy, proxies, downloader: downloaderFor([], { resolver, proxies, ...options }) };
  }

  it("a public host is fetched through it, with a note about plain http", async () => {
    const { proxy, downloader } = await proxied();
    const { md5, notes } = await downloader.download("http://example.com/photo.png", callContext(), OPTIONS);
    expect(md5).toBe(MD5);
    expect(notes).toEqual([expect.stringContaining("plain http")]);
    expect(proxy.requests[0]?.url).toBe("http://example.com/photo.png");
  });

  it("a name that only the proxy can look up is blocked, unless the user opened it", async () => {
    const resolver = () => Promise.reject(new Error("no DNS here"));
    const { proxy, proxies, downloader } = await proxied({ resolver });
    const download = () => downloader.download("http://example.com/photo.png", callContext(), OPTIONS);
    expect(await codeOf(download())).toBe("URL_BLOCKED");
    expect(proxy.connections()).toBe(0);
    const opened = downloaderFor([], { resolver, proxies, urlHosts: [{ hostname: "example.com" }] });
    const { md5 } = await opened.download("http://example.com/photo.png", callContext(), OPTIONS);
    expect(md5).toBe(MD5);
  });

  it.each([
    "http://private.example.com/",
    "http://127.0.0.1/",
    "http://[::1]/",
    "http://localhost/",
    "http://nas.local/",
  ])("%s stays blocked", async (url) => {
    const { proxy, downloader } = await proxied({
      resolver: async () => [{ address: "10.0.0.1", family: 4 }],
    });
    expect(await codeOf(downloader.download(url, callContext(), OPTIONS))).toBe("URL_BLOCKED");
    expect(proxy.connections()).toBe(0);
  });
});

describe("sources by URL", () => {
  it.each([
    ["any", "no error"],
    ["listed", "no error"],
    ["off", "URL_BLOCKED"],
  ] as const)("set to %s: a host that the user listed gives %s", async (urlSources, code) => {
    const origin = await originWith({ "/photo.png": PNG });
    const downloader = downloaderFor([origin], { urlSources });
    expect(await codeOf(downloader.download(`${origin.url}/photo.png`, callContext(), OPTIONS))).toBe(code);
    expect(origin.requests.length).toBe(code === "no error" ? 1 : 0);
  });

  it("set to listed block any other host, also behind a redirect", async () => {
    const origin = await originWith({
      "/away": (_request, response) =>
        response.writeHead(302, { location: "https://example.com/photo.png" }).end(),
    });
    const downloader = downloaderFor([origin], { urlSources: "listed" });
    for (const url of ["https://example.com/photo.png", `${origin.url}/away`]) {
      expect(await codeOf(downloader.download(url, callContext(), OPTIONS))).toBe("URL_BLOCKED");
    }
  });

  it.each([22, 25, 6667, 10080])("never lead to port %i, which is another protocol's", async (port) => {
    const download = downloaderFor([]).download(`http://example.com:${port}/a.png`, callContext(), OPTIONS);
    expect(await codeOf(download)).toBe("URL_BLOCKED");
  });
});

describe("an MD5 that was declared", () => {
  it.each([
    [MD5, "no error"],
    [MD5.toUpperCase(), "no error"],
    ["0".repeat(32), "MD5_MISMATCH"],
  ])("an MD5 that was declared as %s is %s for every kind of source", async (md5, code) => {
    const origin = await originWith({ "/photo.png": PNG });
    const reader = createSourceReader({
      allowedDirectories: createAllowedDirectories([]),
      urlHosts: [{ hostname: "127.0.0.1", port: origin.port }],
    });
    cleanUps.push(() => reader.close());
    for (const source of [`${origin.url}/photo.png`, `data:;base64,${PNG.toString("base64")}`]) {
      expect(await codeOf(reader.read(source, callContext(), { md5 }))).toBe(code);
    }
  });
});
