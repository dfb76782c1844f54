import type { LookupAddress } from "node:dns";
import { createServer, type Server } from "node:net";
import { brotliCompressSync, deflateSync, gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { ErrorCode } from "../../../src/core/errors.js";
import { checkFile } from "../../../src/files/check-file.js";
import { createAllowedDirectories } from "../../../src/sources/local/directories-in-use.js";
import { createSourceReader, type SourceReader } from "../../../src/sources/source-reader.js";
import { htmlBytes, pngBytes } from "../../builders/bytes.js";
import { callContext } from "../../builders/call.js";
import { type Handler, type Origin, startOrigin } from "../../builders/origin.js";
import { codeOf } from "../../builders/outcome.js";
import { patient } from "../../slowness.js";

const MAX_MS = patient(2_000);
const ZEROS = Buffer.alloc(20 * 1024 * 1024);

/** What the names of this test resolve to; a name that is not here does not exist. */
const ADDRESSES: Record<string, string[]> = {
  "loopback.example.com": ["127.0.0.1"],
  "loopback6.example.com": ["::1"],
  "mapped.example.com": ["::ffff:127.0.0.1"],
  "nat64.example.com": ["64:ff9b::7f00:1"],
  "private.example.com": ["10.1.2.3"],
  "metadata.example.com": ["169.254.169.254"],
  "zone.example.com": ["fe80::1%eth0"],
  "mixed.example.com": ["93.184.215.14", "127.0.0.1"],
  "127.0.0.1.nip.io": ["127.0.0.1"],
};

/** Every spelling leads to the port on which the target listens. */
const PRIVATE_HOSTS = [
  "127.0.0.1",
  "127.1",
  "127.0.1",
  "127.255.255.254",
  "2130706433",
  "0x7f000001",
  "0x7f.0.0.1",
  "0X7F.1",
  "0177.0.0.1",
  "017700000001",
  "127.0.0.1.",
  "1２7.0.0.1",
  "①②⑦.⓪.⓪.①",
  "127。0。0。1",
  "0",
  "0.0.0.0",
  "[::1]",
  "[0:0:0:0:0:0:0:1]",
  "[::]",
  "[::ffff:127.0.0.1]",
  "[::ffff:7f00:1]",
  "[0:0:0:0:0:ffff:7f00:0001]",
  "[::ffff:0:127.0.0.1]",
  "[::127.0.0.1]",
  "[64:ff9b::127.0.0.1]",
  "[64:ff9b::a9fe:a9fe]",
  "[64:ff9b:1::127.0.0.1]",
  "[2002:7f00:1::1]",
  "[2001:0:7f00:1::1]",
  "[fe80::1]",
  "[fec0::1]",
  "[fc00::1]",
  "[fd00:ec2::254]",
  "[ff02::1]",
  "[100::1]",
  "[2001:db8::1]",
  "[4000::1]",
  "10.0.0.1",
  "172.16.0.1",
  "172.31.255.255",
  "192.168.1.1",
  "169.254.169.254",
  "169.254.170.2",
  "100.64.0.1",
  "100.100.100.200",
  "168.63.129.16",
  "192.0.0.192",
  "192.0.2.1",
  "198.18.0.1",
  "203.0.113.1",
  "224.0.0.1",
  "240.0.0.1",
  "255.255.255.255",
  "localhost",
  "LOCALHOST",
  "localhost.",
  "app.localhost",
  "localhost.localdomain",
  "printer",
  "printer.",
  "nas.local",
  "router.lan",
  "wiki.corp",
  "metadata.google.internal",
  "metadata.google.internal.",
  ...Object.keys(ADDRESSES),
];

const OTHER_SCHEMES = [
  "ftp://example.com/photo.png",
  "gopher://127.0.0.1:6379/_INFO",
  "dict://127.0.0.1:11211/stats",
  "ldap://127.0.0.1/",
  "sftp://example.com/photo.png",
  "smb://example.com/share/photo.png",
  "ws://example.com/",
  "git+ssh://example.com/x",
  "chrome://settings",
  "about:blank",
  "javascript:alert(1)",
  "JavaScript:alert(1)",
  "blob:https://example.com/x",
  "view-source:https://example.com",
  "jar:https://example.com/a.jar!/b",
];

const NOT_URLS = [
  "http://",
  "https://",
  "http://[",
  "http://[fe80::1%25eth0]/",
  "http://256.256.256.256/",
  "http://a b/",
  "http://example.com:99999/",
];

let target: Server;
let targetConnections = 0;
let port: number;
let door: Origin;
let reader: SourceReader;

async function resolver(hostname: string): Promise<LookupAddress[]> {
  const addresses = ADDRESSES[hostname.replace(/\.$/, "")];
  if (!addresses) throw Object.assign(new Error("not found"), { code: "ENOTFOUND" });
  return addresses.map((address) => ({ address, family: address.includes(":") ? 6 : 4 }));
}

function redirectTo(location: () => string): Handler {
  return (_request, response) => response.writeHead(302, { location: location() }).end();
}

const REDIRECTS: Record<string, () => string> = {
  "/to-loopback": () => `http://127.0.0.1:${port}/`,
  "/to-decimal": () => `http://2130706433:${port}/`,
  "/to-mapped": () => `http://[::ffff:7f00:1]:${port}/`,
  "/to-localhost": () => `http://localhost:${port}/`,
  "/to-name": () => `http://loopback.example.com:${port}/`,
  "/to-https": () => `https://127.0.0.1:${port}/`,
  "/to-relative-scheme": () => `//127.0.0.1:${port}/`,
  "/to-backslashes": () => `\\\\127.0.0.1:${port}\\`,
  "/to-metadata": () => "http://169.254.169.254/latest/meta-data/",
  "/to-credentials": () => `http://user:password@127.0.0.1:${door.port}/photo.png`,
  "/to-file": () => "file:///etc/passwd",
  "/to-data": () => "data:text/plain,x",
  "/to-ftp": () => `ftp://127.0.0.1:${port}/`,
  "/to-javascript": () => "javascript:alert(1)",
  "/to-redirect": () => "/to-loopback",
};

const BODIES: Record<string, [ErrorCode, Handler]> = {
  "/redirect-loop": ["DOWNLOAD_FAILED", redirectTo(() => "/redirect-loop")],
  "/redirect-nowhere": ["DOWNLOAD_FAILED", (_, response) => response.writeHead(302).end()],
  "/redirect-unreadable": ["DOWNLOAD_FAILED", redirectTo(() => "http://[")],
  "/bomb-gzip": ["FILE_TOO_LARGE", encoded("gzip", gzipSync(ZEROS))],
  "/bomb-gzip-twice": ["FILE_TOO_LARGE", encoded("gzip, gzip", gzipSync(gzipSync(ZEROS)))],
  "/bomb-brotli": ["FILE_TOO_LARGE", encoded("br", brotliCompressSync(ZEROS))],
  "/bomb-deflate": ["FILE_TOO_LARGE", encoded("deflate", deflateSync(ZEROS))],
  "/encoded-thrice": ["DOWNLOAD_FAILED", encoded("gzip, gzip, gzip", gzipSync(gzipSync(gzipSync(ZEROS))))],
  "/encoded-unknown": ["DOWNLOAD_FAILED", encoded("rot13", pngBytes())],
  "/encoded-cut": ["DOWNLOAD_FAILED", encoded("gzip", gzipSync(pngBytes()).subarray(0, 20))],
  "/endless": ["FILE_TOO_LARGE", (_, response) => writeForever(response)],
  "/declared-huge": [
    "FILE_TOO_LARGE",
    (_, response) => response.writeHead(200, { "content-length": 99_000_000 }).write("x"),
  ],
  "/cut": [
    "DOWNLOAD_FAILED",
    (_, response) => {
      response.writeHead(200, { "content-length": 1_000 });
      response.write(pngBytes(), () => response.destroy());
    },
  ],
  "/cut-chunked": [
    "DOWNLOAD_FAILED",
    (_, response) => {
      response.writeHead(200);
      response.write(pngBytes(), () => response.destroy());
    },
  ],
  "/two-lengths": [
    "DOWNLOAD_FAILED",
    raw("HTTP/1.1 200 OK\r\ncontent-length: 64\r\ncontent-length: 4\r\n\r\nabcd"),
  ],
  "/length-and-chunked": [
    "DOWNLOAD_FAILED",
    raw("HTTP/1.1 200 OK\r\ncontent-length: 4\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n"),
  ],
  "/no-http": ["DOWNLOAD_FAILED", raw("SSH-2.0-OpenSSH_9.6\r\n")],
  "/long-headers": ["DOWNLOAD_FAILED", raw(`HTTP/1.1 200 OK\r\nx: ${"x".repeat(100_000)}\r\n\r\n`)],
  "/silent": ["DOWNLOAD_FAILED", () => {}],
  "/stalled": ["DOWNLOAD_FAILED", (_, response) => response.writeHead(200).write("x")],
  "/dripping": ["DOWNLOAD_FAILED", (_, response) => drip(response)],
  "/partial": ["DOWNLOAD_FAILED", (_, response) => response.writeHead(206).end(pngBytes())],
  "/forbidden": ["DOWNLOAD_FAILED", (_, response) => response.writeHead(403).end(htmlBytes())],
  "/broken": ["DOWNLOAD_FAILED", (_, response) => response.writeHead(500).end(pngBytes())],
  "/none": ["FILE_EMPTY", (_, response) => response.writeHead(204).end()],
  "/page.png": [
    "TYPE_MISMATCH",
    (_, response) => response.writeHead(200, { "content-type": "image/png" }).end(htmlBytes()),
  ],
  "/script.png": ["TYPE_MISMATCH", (_, response) => response.writeHead(200).end("alert(document.cookie)")],
};

function encoded(coding: string, body: Buffer): Handler {
  return (_request, response) => response.writeHead(200, { "content-encoding": coding }).end(body);
}

function raw(answer: string): Handler {
  return (request) => request.socket.end(answer);
}

function writeForever(response: Parameters<Handler>[1]): void {
  const chunk = Buffer.alloc(1024 * 1024);
  const more = () => {
    while (!response.destroyed && response.write(chunk));
  };
  response.on("drain", more);
  more();
}

function drip(response: Parameters<Handler>[1]): void {
  const timer = setInterval(() => response.write("x"), 50);
  response.on("close", () => clearInterval(timer));
}

beforeAll(async () => {
  target = createServer((socket) => {
    targetConnections += 1;
    socket.destroy();
  });
  await new Promise<void>((resolve) => target.listen(0, "127.0.0.1", resolve));
  const address = target.address();
  port = typeof address === "object" && address ? address.port : 0;
  door = await startOrigin({
    ...Object.fromEntries(Object.entries(REDIRECTS).map(([path, location]) => [path, redirectTo(location)])),
    ...Object.fromEntries(Object.entries(BODIES).map(([path, [, handler]]) => [path, handler])),
  });
  reader = createSourceReader({
    allowedDirectories: createAllowedDirectories([]),
    urlHosts: [{ hostname: "127.0.0.1", port: door.port }],
    limits: { connectMs: patient(300), idleMs: patient(300), totalMs: patient(800) },
    resolver,
  });
});

afterAll(async () => {
  await reader.close();
  await door.close();
  target.close();
});

async function readAndJudge(source: string): Promise<unknown> {
  return checkFile(await reader.read(source, callContext()));
}

describe("a URL that reaches for the user's network", () => {
  it.each(PRIVATE_HOSTS)(
    "http://%s is URL_BLOCKED",
    async (host) => {
      expect(await codeOf(readAndJudge(`http://${host}:${port}/photo.png`))).toBe("URL_BLOCKED");
      expect(targetConnections).toBe(0);
    },
    MAX_MS,
  );

  it.each([
    (at: number) => `https://127.0.0.1:${at}/`,
    (at: number) => `HTTP://127.0.0.1:${at}/`,
    (at: number) => `http:/127.0.0.1:${at}/`,
    (at: number) => `http:127.0.0.1:${at}/`,
    (at: number) => `http:\\\\127.0.0.1:${at}\\`,
    (at: number) => `http://127.0.\t0.1:${at}/`,
    (at: number) => ` http://127.0.0.1:${at}/`,
    (at: number) => `http://127.0.0.1:${at}#@example.com/`,
    (at: number) => `http://127.0.0.1:${at}?@example.com/`,
    (at: number) => `http://example.com@127.0.0.1:${at}/`,
    (at: number) => `http://example.com:80@127.0.0.1:${at}/`,
    (at: number) => `http://example.com%2f@127.0.0.1:${at}/`,
    (at: number) => `http://user@example.com:${at}/`,
    (at: number) => `http://:password@example.com:${at}/`,
  ])(
    "is URL_BLOCKED in the disguise %#",
    async (disguise) => {
      expect(await codeOf(readAndJudge(disguise(port)))).toBe("URL_BLOCKED");
      expect(targetConnections).toBe(0);
    },
    MAX_MS,
  );

  it.each(Object.keys(REDIRECTS))(
    "is URL_BLOCKED after the redirect %s",
    async (path) => {
      expect(await codeOf(readAndJudge(door.url + path))).toBe("URL_BLOCKED");
      expect(targetConnections).toBe(0);
    },
    MAX_MS,
  );

  it.each(OTHER_SCHEMES)("%s is URL_BLOCKED", async (source) => {
    expect(await codeOf(readAndJudge(source))).toBe("URL_BLOCKED");
  });

  it.each(NOT_URLS)("%s is INVALID_INPUT", async (source) => {
    expect(await codeOf(readAndJudge(source))).toBe("INVALID_INPUT");
  });

  it("opens one port of a host, not the others", async () => {
    expect(await codeOf(readAndJudge(`http://127.0.0.1:${port}/`))).toBe("URL_BLOCKED");
    expect(await codeOf(readAndJudge(`http://127.0.0.2:${door.port}/`))).toBe("URL_BLOCKED");
  });
});

describe("a server that answers with malice", () => {
  it.each(Object.entries(BODIES).map(([path, [code]]) => [path, code] as const))(
    "%s is %s",
    async (path, code) => {
      expect(await codeOf(readAndJudge(door.url + path))).toBe(code);
    },
    MAX_MS,
  );

  it("sends a web server no more headers than it needs", async () => {
    await codeOf(readAndJudge(`${door.url}/page.png`));
    const headers = door.requests.at(-1)?.headers;
    expect(Object.keys(headers ?? {}).sort()).toEqual([
      "accept",
      "accept-encoding",
      "connection",
      "host",
      "user-agent",
    ]);
  });

  it("is refused in words without the query of the URL", async () => {
    await expect(reader.read(`${door.url}/broken?token=hunter2`, callContext())).rejects.toMatchObject({
      message: expect.not.stringContaining("hunter2"),
    });
  });
});
