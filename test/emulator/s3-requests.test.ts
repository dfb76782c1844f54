import { connect } from "node:net";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type Emulator, startEmulator } from "../../src/emulator/emulator.js";
import { pngBytes } from "../builders/bytes.js";
import {
  answerOf,
  BOUNDARY,
  createAsset,
  element,
  formOf,
  multipartBody,
  postBody,
  postForm,
  postInPieces,
  type StageOne,
} from "../builders/emulator-client.js";

let emulator: Emulator;
let asset: StageOne;
const bytes = pngBytes();

beforeEach(async () => {
  emulator = await startEmulator();
  asset = await createAsset(emulator, bytes);
});
afterEach(() => emulator.close());

function isStored(): boolean {
  return emulator.database.hasObject(asset.uploadDetails["key"] ?? "");
}

const MULTIPART = { "content-type": `multipart/form-data; boundary=${BOUNDARY}` };

describe("a request that is no form upload to the bucket", () => {
  it.each([
    ["with the key in the URL", "/site/picture.png"],
    ["with the bucket in the URL", "/webflow-emulated-assets"],
    ["to the CDN", "/cdn/site/picture.png"],
  ])("is refused %s: 405 MethodNotAllowed", async (_, path) => {
    const { status, text } = await postForm(
      `http://${emulator.uploadHost}${path}`,
      formOf(asset.uploadDetails, bytes),
    );

    expect(status).toBe(405);
    expect(element(text, "Code")).toBe("MethodNotAllowed");
    expect(isStored()).toBe(false);
  });

  it.each(["PUT", "DELETE", "PATCH"])("is refused when it is a %s: 405 MethodNotAllowed", async (method) => {
    const { status, text } = await answerOf(fetch(asset.assetUrl, { method }));

    expect(status).toBe(405);
    expect(element(text, "Method")).toBe(method);
  });

  it("is refused without Content-Length: 411 MissingContentLength", async () => {
    const body = multipartBody(formOf(asset.uploadDetails, bytes));

    const status = await postInPieces(asset.uploadUrl, [body], {
      ...MULTIPART,
      "transfer-encoding": "chunked",
    });

    expect(status).toBe(411);
    expect(isStored()).toBe(false);
  });

  it.each([
    "application/x-www-form-urlencoded",
    "multipart/mixed; boundary=x",
    "multipart/form-database",
  ])("is refused as %s: 412 PreconditionFailed", async (contentType) => {
    const body = multipartBody(formOf(asset.uploadDetails, bytes));

    const { status, text } = await postBody(asset.uploadUrl, body, { "content-type": contentType });

    expect(status).toBe(412);
    expect(element(text, "Code")).toBe("PreconditionFailed");
    expect(element(text, "Condition")).toBe("Bucket POST must be of the enclosure-type multipart/form-data");
  });

  it("is refused with an Authorization header, which is not repeated: 400 InvalidArgument", async () => {
    const { status, text } = await postForm(asset.uploadUrl, formOf(asset.uploadDetails, bytes), {
      authorization: `Bearer ${emulator.token}`,
    });

    expect(status).toBe(400);
    expect(element(text, "ArgumentName")).toBe("Authorization");
    expect(text).not.toContain(emulator.token);
    expect(isStored()).toBe(false);
  });
});

describe("a body that is not well-formed", () => {
  const whole = (): Buffer => multipartBody(formOf(asset.uploadDetails, bytes));

  it.each([
    ["has no closing boundary", () => whole().subarray(0, -6)],
    ["ends within the file", () => whole().subarray(0, -(BOUNDARY.length + 20))],
    ["has no boundary at all", () => Buffer.from("file=1")],
    ["is empty", () => Buffer.alloc(0)],
    ["has a part without a name", () => Buffer.from(`--${BOUNDARY}\r\nX: y\r\n\r\n1\r\n--${BOUNDARY}--`)],
    ["goes on with something else after a boundary", () => Buffer.from(`--${BOUNDARY}x\r\n\r\n1`)],
  ])("a body that is not well-formed and %s is refused: 400 MalformedPOSTRequest", async (_, body) => {
    const { status, text } = await postBody(asset.uploadUrl, body());

    expect(status).toBe(400);
    expect(element(text, "Code")).toBe("MalformedPOSTRequest");
    expect(isStored()).toBe(false);
  });

  it("a body that is not well-formed and whose Content-Type names no boundary is refused: 400 MalformedPOSTRequest", async () => {
    const { text } = await postBody(asset.uploadUrl, whole(), { "content-type": "multipart/form-data" });

    expect(element(text, "Code")).toBe("MalformedPOSTRequest");
  });

  it("stores nothing when the connection is cut", async () => {
    const body = whole();
    const head =
      `POST / HTTP/1.1\r\nHost: ${emulator.uploadHost}\r\nContent-Type: ${MULTIPART["content-type"]}\r\n` +
      `Content-Length: ${body.length}\r\n\r\n`;
    const [host = "", port] = emulator.uploadHost.split(":");
    const socket = connect(Number(port), host);
    socket.write(head);
    socket.write(body.subarray(0, -1));
    await expect.poll(() => emulator.requests.entries({ service: "s3" })[0]?.bodyBytes).toBe(body.length - 1);
    socket.destroy();

    const { status } = await postForm(asset.uploadUrl, []);

    expect(status).toBe(400);
    expect(isStored()).toBe(false);
    expect(emulator.requests.entries({ service: "s3" })[0]?.status).toBe("none");
  });
});

describe("a body in pieces", () => {
  const tricky = Buffer.from(`\r\n--${BOUNDARY.slice(0, -1)}\r\n\r\n\r\n--\r\n-\r`);

  it("is read wherever it is split, also within a boundary", async () => {
    const body = multipartBody(formOf(asset.uploadDetails, tricky));
    const pieces = [...body].map((byte) => Buffer.from([byte]));

    const status = await postInPieces(asset.uploadUrl, pieces, {
      ...MULTIPART,
      "content-length": body.length,
    });

    expect(status).toBe(201);
    expect(emulator.database.object(asset.uploadDetails["key"] ?? "")?.bytes).toEqual(tricky);
  });

  it("may have text before the first boundary and after the last", async () => {
    const body = multipartBody(formOf(asset.uploadDetails, bytes));

    const { status } = await postBody(
      asset.uploadUrl,
      Buffer.concat([Buffer.from("hello\r\n"), body, Buffer.from("goodbye")]),
    );

    expect(status).toBe(201);
  });

  it("is logged with the bytes that arrived", async () => {
    const body = multipartBody(formOf(asset.uploadDetails, bytes));

    await postBody(asset.uploadUrl, body);

    expect(emulator.requests.entries({ operation: "postObject" })).toMatchObject([
      { service: "s3", method: "POST", path: "/", bodyBytes: body.length, status: 201 },
    ]);
  });
});
