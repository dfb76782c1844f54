import type { ServerResponse } from "node:http";
import { brotliCompressSync, gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { numberedPng } from "../builders/bytes.js";
import { serverOnFakeSite } from "../builders/fake-site.js";
import type { FakeAnswer, FakeRequest } from "../builders/fake-webflow.js";
import { dataUri } from "../builders/site.js";

interface SentAsset {
  readonly id: string;
  readonly size: number;
  readonly altText: string;
}

const started = serverOnFakeSite();
let uploads = 0;

/** Changes an answer, as it is sent; answers only once where `times` says so. */
function altered(response: ServerResponse, alter: (body: Buffer) => Buffer): void {
  const end = response.end.bind(response) as (body?: Buffer) => ServerResponse;
  response.end = ((body?: string | Buffer) =>
    body === undefined ? end() : end(alter(Buffer.from(body)))) as ServerResponse["end"];
}

function asJson(change: (value: Record<string, unknown>) => unknown): (body: Buffer) => Buffer {
  return (body) => Buffer.from(JSON.stringify(change(JSON.parse(body.toString()))));
}

const isApi = ({ path }: FakeRequest): boolean => path !== "/s3";
const isCreate = ({ method, path }: FakeRequest): boolean => method === "POST" && path.endsWith("/assets");

/** Answers the first request of a kind, and leaves the others to the site. */
function once(isMeant: (request: FakeRequest) => boolean, answer: FakeAnswer): FakeAnswer {
  let isDone = false;
  return (request, response) => {
    if (isDone || !isMeant(request)) return undefined;
    isDone = true;
    return answer(request, response);
  };
}

function s3Error(status: number, code: string, message = "Said by S3"): FakeAnswer {
  return (_, response) => {
    const xml = `<?xml version="1.0" encoding="UTF-8"?>\n<Error>\n  <Code>${code}</Code>\n  <Message>${message}</Message>\n</Error>`;
    response.writeHead(status, { "content-type": "application/xml" }).end(xml);
  };
}

/** S3's answer with another status, with its ETag as a header alone, or in its XML alone. */
function s3Success(status: number, body: (xml: string) => string, keepsHeader: boolean): FakeAnswer {
  return ({ path }, response) => {
    if (path !== "/s3") return;
    const writeHead = response.writeHead.bind(response);
    response.writeHead = ((_status: number, headers: Record<string, string>) =>
      writeHead(
        status,
        keepsHeader ? headers : { "content-type": "application/xml" },
      )) as ServerResponse["writeHead"];
    altered(response, (xml) => Buffer.from(body(xml.toString())));
  };
}

const CASES: readonly (readonly [string, () => FakeAnswer])[] = [
  [
    "compresses its answers with gzip",
    () => (request, response) => {
      if (!isApi(request)) return;
      response.setHeader("content-encoding", "gzip");
      altered(response, gzipSync);
    },
  ],
  [
    "compresses its answers with Brotli",
    () => (request, response) => {
      if (!isApi(request)) return;
      response.setHeader("content-encoding", "br");
      altered(response, brotliCompressSync);
    },
  ],
  [
    "closes each connection, as it says",
    () => (_, response) => void response.setHeader("connection", "close"),
  ],
  [
    "closes each connection, and does not say so",
    () => (_, response) => void response.on("finish", () => response.socket?.end()),
  ],
  [
    "has fields that nobody knows, and nulls",
    () => (request, response) => {
      if (isApi(request))
        altered(
          response,
          asJson(({ altText, ...answer }) => ({
            ...answer,
            altText: altText || null,
            folderId: null,
            isNew: { deep: [1] },
          })),
        );
    },
  ],
  [
    "has a null security token, and its fields in another order and spelling",
    () => (request, response) => {
      if (!isCreate(request)) return;
      altered(
        response,
        asJson((answer) => {
          const { "content-type": type, ...fields } = answer["uploadDetails"] as Record<string, unknown>;
          const turned = Object.fromEntries(Object.entries(fields).reverse());
          return {
            ...answer,
            uploadDetails: { "Content-Type": type, "X-Amz-Security-Token": null, ...turned },
          };
        }),
      );
    },
  ],
  [
    "tells the limit in capitals and with a date",
    () =>
      once(isCreate, (_, response) => {
        response.writeHead(
          429,
          [
            ["RETRY-AFTER", new Date().toUTCString()],
            ["Content-Type", "application/json"],
          ].flat(),
        );
        response.end('{"code":"too_many_requests","message":"Too many requests"}');
      }),
  ],
  [
    "answers a change with nothing but {}",
    () =>
      ({ method }, response) => {
        if (method === "PATCH")
          altered(
            response,
            asJson(() => ({})),
          );
      },
  ],
  ["has S3 answer 200 with the ETag in a header alone", () => s3Success(200, () => "", true)],
  ["has S3 answer 204", () => s3Success(204, () => "", true)],
  [
    "has S3 tell the ETag in XML alone, with quotes as entities and a namespace",
    () =>
      s3Success(
        201,
        (xml) =>
          xml
            .replaceAll('"', "&quot;")
            .replace(
              "<PostResponse>",
              '<?xml version="1.0"?>\n<PostResponse xmlns="http://s3.amazonaws.com/doc/2006-03-01/">',
            ),
        false,
      ),
  ],
  ["has S3 answer SlowDown once", () => once(({ path }) => path === "/s3", s3Error(503, "SlowDown"))],
  ["has S3 give up waiting once", () => once(({ path }) => path === "/s3", s3Error(400, "RequestTimeout"))],
  [
    "has S3 refuse a conflicting request once",
    () => once(({ path }) => path === "/s3", s3Error(409, "OperationAborted")),
  ],
  [
    "has S3 say that the session's token has expired",
    () => once(({ path }) => path === "/s3", s3Error(400, "ExpiredToken")),
  ],
  [
    "has S3 say that the policy has expired",
    () =>
      once(
        ({ path }) => path === "/s3",
        s3Error(403, "AccessDenied", "Invalid according to Policy: Policy expired."),
      ),
  ],
];

describe.each(CASES)("a Webflow that %s", (_, intercept) => {
  it("an upload stores the file once, with its alt text, and shows it", async () => {
    uploads += 1;
    const bytes = numberedPng(uploads);
    started.site.intercept = intercept();

    const { status, asset, notes } = await started.server.call("uploadAsset", {
      source: dataUri(bytes),
      fileName: `${uploads}.png`,
      altText: "A dot",
    });

    const { id } = asset as SentAsset;
    const kept = (started.site.assets as SentAsset[]).filter(({ size }) => size > 0);
    expect([status, notes]).toEqual(["uploaded", []]);
    expect(kept).toMatchObject([{ id, size: bytes.length, altText: "A dot" }]);
    expect(await started.server.call("listAssets", {})).toMatchObject({ total: started.site.assets.length });
    expect(
      await started.server.call("updateAssets", { updates: [{ assetId: id, altText: "Two dots" }] }),
    ).toMatchObject({
      updated: [id],
    });
  });
});
