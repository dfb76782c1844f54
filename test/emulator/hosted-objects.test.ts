import { createHash } from "node:crypto";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type Emulator, startEmulator } from "../../src/emulator/emulator.js";
import { pngBytes } from "../builders/bytes.js";
import { answerOf, createAsset, element, uploadFile } from "../builders/emulator-client.js";

let emulator: Emulator;

beforeEach(async () => {
  emulator = await startEmulator();
});
afterEach(() => emulator.close());

describe.each(["hostedUrl", "assetUrl"] as const)("the %s of an asset", (url) => {
  it("is refused before the upload: 403 in XML", async () => {
    const asset = await createAsset(emulator, pngBytes());

    const { status, text } = await answerOf(fetch(asset[url]));

    expect(status).toBe(403);
    expect(element(text, "Code")).toBe("AccessDenied");
  });

  it("serves the bytes after it, with their type, length, ETag and cache rule", async () => {
    const bytes = pngBytes();
    const asset = await uploadFile(emulator, bytes, { fileName: "Grüße aus (Köln) 100%.png" });

    const response = await fetch(asset[url]);

    expect(response.status).toBe(200);
    expect(Object.fromEntries(response.headers)).toMatchObject({
      "content-type": "image/png",
      "content-length": String(bytes.length),
      etag: `"${createHash("md5").update(bytes).digest("hex")}"`,
      "cache-control": "max-age=31536000",
    });
    expect(Buffer.from(await response.arrayBuffer())).toEqual(bytes);
  });

  it("answers HEAD with the same headers and no body", async () => {
    const asset = await uploadFile(emulator, pngBytes());

    const { status, headers, text } = await answerOf(fetch(asset[url], { method: "HEAD" }));

    expect([status, headers.get("content-length"), text]).toEqual([200, String(pngBytes().length), ""]);
  });

  it("is logged under its service", async () => {
    const asset = await uploadFile(emulator, pngBytes());

    await fetch(asset[url]);

    const service = url === "hostedUrl" ? "cdn" : "s3";
    expect(emulator.requests.entries({ operation: "getObject" })).toMatchObject([{ service, status: 200 }]);
  });
});

it("a bucket that is not the emulator's does not exist: 404", async () => {
  const { status, text } = await answerOf(fetch(`http://${emulator.uploadHost}/another-bucket/key`));

  expect(status).toBe(404);
  expect(element(text, "Code")).toBe("NoSuchBucket");
});

it("a key is taken literally: `..` leads nowhere", async () => {
  const asset = await uploadFile(emulator, pngBytes());
  const [, key = ""] = asset.hostedUrl.split("/cdn/");

  expect((await fetch(`${emulator.cdnBaseUrl}/x%2F..%2F${key}`)).status).toBe(403);
});
