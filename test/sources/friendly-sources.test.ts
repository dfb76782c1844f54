import { symlinkSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { checkFile } from "../../src/files/check-file.js";
import { createAllowedDirectories } from "../../src/sources/local/directories-in-use.js";
import { createSourceReader, type SourceReader } from "../../src/sources/source-reader.js";
import {
  gifBytes,
  isoMediaBytes,
  jpegBytes,
  lottieJson,
  officeBytes,
  pdfBytes,
  pngBytes,
  svgBytes,
} from "../builders/bytes.js";
import { callContext } from "../builders/call.js";
import { makeTree } from "../builders/file-tree.js";
import { type Handler, type Origin, startOrigin } from "../builders/origin.js";

const PNG = pngBytes();
const NARROW_NO_BREAK_SPACE = "\u202f";

const tree = makeTree({
  "allowed/photo.png": PNG,
  "allowed/PHOTO.PNG": PNG,
  "allowed/with space.png": PNG,
  "allowed/ leading space.png": PNG,
  "allowed/100% #1 [a] (b) & 'c' ?.png": PNG,
  "allowed/a%20b.png": PNG,
  'allowed/it\'s "quoted".png': PNG,
  "allowed/back\\slash.png": PNG,
  "allowed/-rf.png": PNG,
  "allowed/~tilde.png": PNG,
  "allowed/data.png": PNG,
  "allowed/http.png": PNG,
  "allowed/a:b.png": PNG,
  "allowed/..twodots..png": "hidden, and so not friendly",
  "allowed/two..dots.png": PNG,
  "allowed/con.png": PNG,
  "allowed/日本語.png": PNG,
  "allowed/👩‍👩‍👧.png": PNG,
  "allowed/composed-\u00e9.png": PNG,
  "allowed/decomposed-e\u0301.png": PNG,
  "allowed/fo\u0301lder/composed-\u00e9.png": PNG,
  [`allowed/Screenshot 2026-03-20 at 9.03.24${NARROW_NO_BREAK_SPACE}PM.png`]: PNG,
  "allowed/sub/deep/er/photo.png": PNG,
  "allowed/noextension": PNG,
  "allowed/wrong.jpg": PNG,
  "allowed/photo.JPEG": jpegBytes(),
  "allowed/photo.heic": isoMediaBytes("avif"),
  "allowed/BMW.txt": "BMW sold more cars",
  "allowed/legacy.csv": Buffer.from("Größe;Maß", "latin1"),
  "allowed/report.final.pdf": pdfBytes(),
  "allowed/letter.docx": officeBytes(),
  "allowed/loader.json": lottieJson(),
  "allowed/link.png": { symlink: "photo.png" },
  "allowed/link-directory": { symlink: "sub/deep" },
  "allowed/sub/link-up.png": { symlink: "../photo.png" },
  [`allowed/${"x".repeat(250)}.png`]: PNG,
  "second/only-here.png": PNG,
  "second/photo.png": "the first directory wins",
  "home/pictures/photo.png": PNG,
  ".cache/assets/photo.png": PNG,
});
symlinkSync(join(tree.root, "allowed"), join(tree.root, "alias"));
const root = join(tree.root, "allowed");

const BODIES: Record<string, Handler | Buffer> = {
  "/photo.png": PNG,
  "/with%20space.png": PNG,
  "/100%25.png": PNG,
  "/%E6%97%A5%E6%9C%AC.png": PNG,
  "/bad%ZZescape.png": PNG,
  "/image": PNG,
  "/photo.png/": PNG,
  "/photo.png;jsessionid=1A2B": PNG,
  "/caf%E9.png": PNG,
  "/users%2Fu1%2Fphoto.png": PNG,
  "/fetch/w_300/https%3A%2F%2Fexample.com%2Fa%2520b.png%3Fw%3D3": PNG,
  "/fetch/https://example.com/a.png": PNG,
  "/stripe.com": PNG,
  "/v1.2": PNG,
  "/report.pdf": PNG,
  "/": PNG,
  "/image.php": PNG,
  "/photo.jpg": PNG,
  "/download": (_, response) =>
    response.writeHead(200, { "content-disposition": 'attachment; filename="team photo.png"' }).end(PNG),
  "/download-utf8": (_, response) =>
    response.writeHead(200, { "content-disposition": "inline; filename*=UTF-8''caf%C3%A9.png" }).end(PNG),
  "/download-raw": (_, response) =>
    response
      .writeHead(200, { "content-disposition": 'attachment; filename="caf\u00c3\u00a9.png";' })
      .end(PNG),
  "/named.png": (_, response) =>
    response.writeHead(200, { "content-disposition": 'attachment; filename="other.png"' }).end(PNG),
  "/gzip.svg": (_, response) =>
    response.writeHead(200, { "content-encoding": "gzip" }).end(gzipSync(svgBytes())),
  "/chunked.png": (_, response) => {
    response.write(PNG.subarray(0, 10));
    response.end(PNG.subarray(10));
  },
  "/wrong-type.png": (_, response) => response.writeHead(200, { "content-type": "text/html" }).end(PNG),
  "/raw": (_, response) => response.writeHead(200, { "content-type": "text/plain" }).end(PNG),
  "/list": (_, response) => response.writeHead(200, { "content-type": "text/csv; charset=utf-8" }).end("a,b"),
  "/moved": (_, response) => response.writeHead(301, { location: "/photo.png" }).end("moved"),
  "/moved-4": (_, response) => response.writeHead(307, { location: "moved-3" }).end(),
  "/moved-3": (_, response) => response.writeHead(308, { location: "?again" }).end(),
  "/closing.png": (_, response) => response.writeHead(200, { connection: "close" }).end(PNG),
};

let origin: Origin;
let reader: SourceReader;

beforeAll(async () => {
  origin = await startOrigin({
    ...BODIES,
    "/moved-3": (request, response) => {
      const location = request.url?.endsWith("?again") ? "/moved" : "?again";
      response.writeHead(308, { location }).end();
    },
  });
  reader = createSourceReader({
    allowedDirectories: createAllowedDirectories(
      [
        root,
        join(tree.root, "second"),
        join(tree.root, "no-such-directory"),
        "~/pictures",
        join(tree.root, ".cache/assets"),
      ],
      { homeDirectory: join(tree.root, "home") },
    ),
    urlHosts: [
      { hostname: "127.0.0.1", port: origin.port },
      { hostname: "localhost", port: origin.port },
    ],
    homeDirectory: join(tree.root, "home"),
  });
});

afterAll(async () => {
  await reader.close();
  await origin.close();
  tree.remove();
});

async function uploadName(source: string): Promise<string> {
  return (await checkFile(await reader.read(source, callContext()))).fileName;
}

describe("a local source", () => {
  const LOCAL: [string, string][] = [
    ["photo.png", "photo.png"],
    ["./photo.png", "photo.png"],
    ["sub/../photo.png", "photo.png"],
    ["sub//deep/./er/photo.png", "photo.png"],
    [`${root}/photo.png`, "photo.png"],
    [`${root}/sub/../photo.png`, "photo.png"],
    [`${root}//photo.png`, "photo.png"],
    ["PHOTO.PNG", "PHOTO.png"],
    ["with space.png", "with space.png"],
    [" leading space.png", "leading space.png"],
    ["100% #1 [a] (b) & 'c' ?.png", "100% #1 [a] (b) & 'c' -.png"],
    ["a%20b.png", "a%20b.png"],
    ['it\'s "quoted".png', "it's -quoted-.png"],
    ["back\\slash.png", "back-slash.png"],
    ["-rf.png", "-rf.png"],
    ["~tilde.png", "~tilde.png"],
    ["data.png", "data.png"],
    ["http.png", "http.png"],
    ["a:b.png", "a-b.png"],
    ["two..dots.png", "two..dots.png"],
    ["con.png", "_con.png"],
    ["日本語.png", "日本語.png"],
    ["👩‍👩‍👧.png", "👩‍👩‍👧.png"],
    ["composed-\u00e9.png", "composed-\u00e9.png"],
    ["composed-e\u0301.png", "composed-\u00e9.png"],
    ["decomposed-\u00e9.png", "decomposed-\u00e9.png"],
    ["f\u00f3lder/composed-e\u0301.png", "composed-\u00e9.png"],
    [
      "Screenshot 2026-03-20 at 9.03.24 PM.png",
      `Screenshot 2026-03-20 at 9.03.24${NARROW_NO_BREAK_SPACE}PM.png`,
    ],
    ["noextension", "noextension.png"],
    ["wrong.jpg", "wrong.png"],
    ["photo.JPEG", "photo.jpeg"],
    ["photo.heic", "photo.avif"],
    ["BMW.txt", "BMW.txt"],
    ["legacy.csv", "legacy.csv"],
    ["report.final.pdf", "report.final.pdf"],
    ["letter.docx", "letter.docx"],
    ["loader.json", "loader.json"],
    ["link.png", "photo.png"],
    ["link-directory/er/photo.png", "photo.png"],
    ["sub/link-up.png", "photo.png"],
    [`${"x".repeat(250)}.png`, `${"x".repeat(95)}.png`],
    ["only-here.png", "only-here.png"],
    ["../second/only-here.png", "only-here.png"],
    [join(tree.root, "alias/photo.png"), "photo.png"],
    ["~/pictures/photo.png", "photo.png"],
    [join(tree.root, ".cache/assets/photo.png"), "photo.png"],
    [pathToFileURL(join(root, "photo.png")).href, "photo.png"],
    [pathToFileURL(join(root, "with space.png")).href, "with space.png"],
    [pathToFileURL(join(root, "100% #1 [a] (b) & 'c' ?.png")).href, "100% #1 [a] (b) & 'c' -.png"],
    [pathToFileURL(join(root, "日本語.png")).href, "日本語.png"],
    [`file://localhost${root}/photo.png`, "photo.png"],
    [`FILE://${root}/photo.png`, "photo.png"],
    [` file://${root}/photo.png\n`, "photo.png"],
  ];

  it.each(
    LOCAL.map(([source, name]) => [source.replace(tree.root, "…"), name, source] as const),
  )("%j is read, and named %j", async (_shown, name, source) => {
    expect(await uploadName(source)).toBe(name);
  });

  it("is looked for in the allowed directories in their order", async () => {
    expect((await reader.read("photo.png", callContext())).bytes).toEqual(PNG);
  });

  it("works when the allowed directory itself is reached through a link, as /tmp is on macOS", async () => {
    const throughLink = createSourceReader({
      allowedDirectories: createAllowedDirectories([join(tree.root, "alias")]),
      urlHosts: [],
    });
    for (const source of ["photo.png", join(tree.root, "alias/photo.png"), join(root, "photo.png")]) {
      expect((await throughLink.read(source, callContext())).name).toBe("photo.png");
    }
    await throughLink.close();
  });
});

describe("a URL", () => {
  it.each([
    ["/photo.png", "photo.png"],
    ["/photo.png?width=200&sig=a%2Fb", "photo.png"],
    ["/photo.png#top", "photo.png"],
    ["/with%20space.png", "with space.png"],
    ["/with space.png", "with space.png"],
    ["/100%25.png", "100%.png"],
    ["/日本.png", "日本.png"],
    ["/bad%ZZescape.png", "bad%ZZescape.png"],
    ["/image", "image.png"],
    ["/photo.png/", "photo.png"],
    ["/photo.png;jsessionid=1A2B", "photo.png"],
    ["/caf%E9.png", "café.png"],
    ["/users%2Fu1%2Fphoto.png", "photo.png"],
    ["/fetch/w_300/https%3A%2F%2Fexample.com%2Fa%2520b.png%3Fw%3D3", "a b.png"],
    ["/fetch/https://example.com/a.png", "a.png"],
    ["/stripe.com", "stripe.png"],
    ["/v1.2", "v1.2.png"],
    ["/report.pdf", "report.png"],
    ["/", "image.png"],
    ["", "image.png"],
    ["/image.php?id=7", "image.png"],
    ["/photo.jpg", "photo.png"],
    ["/download?id=7", "team photo.png"],
    ["/download-utf8", "café.png"],
    ["/download-raw", "café.png"],
    ["/named.png", "named.png"],
    ["/gzip.svg", "gzip.svg"],
    ["/chunked.png", "chunked.png"],
    ["/wrong-type.png", "wrong-type.png"],
    ["/list", "list.csv"],
    ["/raw", "raw.png"],
    ["/moved", "photo.png"],
    ["/moved-4", "photo.png"],
    ["/closing.png", "closing.png"],
  ])("%j is read, and named %j", async (path, name) => {
    expect(await uploadName(origin.url + path)).toBe(name);
  });

  it("may be written with any case of scheme and host, a dot at its end, and white space around it", async () => {
    expect(await uploadName(` HTTP://LOCALHOST:${origin.port}/photo.png\n`)).toBe("photo.png");
  });
});

describe("a data: URI", () => {
  const base64 = PNG.toString("base64");
  it.each([
    [`data:image/png;base64,${base64}`, "image.png"],
    [`DATA:IMAGE/PNG;BASE64,${base64}`, "image.png"],
    [`data:;base64,${base64}`, "image.png"],
    [`data:image/jpeg;base64,${base64}`, "image.png"],
    [`data:image/png;charset=utf-8;base64,${base64.replaceAll("=", "%3D")}`, "image.png"],
    [`data:image/png;name=team%20photo.png;base64,${base64}`, "team photo.png"],
    [`data:image/gif;base64,${gifBytes().toString("base64")}`, "image.gif"],
    [`data:image/svg+xml,${encodeURIComponent(svgBytes().toString())}`, "image.svg"],
    [`data:image/svg+xml;utf8,${svgBytes()}`, "image.svg"],
    ["data:,hello", "document.txt"],
    ["data:text/plain,hello", "document.txt"],
    ["data:text/csv;charset=utf-8,a%2Cb", "document.csv"],
  ])("%j is read, and named %j", async (source, name) => {
    expect(await uploadName(source)).toBe(name);
  });
});
