import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, describe, expect, it } from "vitest";
import { formatError } from "../../src/core/errors.js";
import { createWebflowClient } from "../../src/webflow/data-api/client.js";
import { createPacer } from "../../src/webflow/rate-limit/pacing.js";
import { callContext } from "../builders/call.js";

const TOKEN = "token-that-nobody-must-see-0123456789";
const SECRET_FIELDS = {
  "X-Amz-Signature": "5d41402abc4b2a76b9719d911017c592",
  "X-Amz-Credential": "AKIAEXAMPLE/20261127/us-east-1/s3/aws4_request",
  Policy: "eyJleHBpcmF0aW9uIjoiMjAyNi0xMS0yN1QwMDowMDowMFoifQ==",
};

let server: Server | undefined;

afterEach(() => server?.close());

/** What a new asset fails with where Webflow answers like this. */
function failureWith(status: number, contentType: string, body: string): Promise<string> {
  return failureAt((_, response) => response.writeHead(status, { "content-type": contentType }).end(body));
}

async function failureAt(listener: RequestListener): Promise<string> {
  const answering = createServer(listener);
  server = answering;
  await new Promise<void>((resolve) => answering.listen(0, "127.0.0.1", resolve));
  const { port } = answering.address() as AddressInfo;
  const webflow = createWebflowClient({
    token: TOKEN,
    apiBaseUrl: `http://127.0.0.1:${port}`,
    pacer: createPacer(),
    retryPolicy: { attempts: 1, baseMs: 1, capMs: 1 },
  });
  const asset = { fileName: "a.png", fileHash: "0".repeat(32) };
  return webflow
    .createAsset("6".repeat(24), asset, callContext(), () => {})
    .then((created) => JSON.stringify(created), formatError);
}

describe("what Webflow repeats of a request or of its own secrets", () => {
  it.each([
    ["the token in a message", 400, { message: `Bad token ${TOKEN}` }],
    ["the token in details", 400, { message: "Bad", details: [{ authorization: `Bearer ${TOKEN}` }, TOKEN] }],
    ["the token in a key", 400, { message: "Bad", details: [{ [TOKEN]: "unknown" }] }],
    ["the token in base64", 400, { message: `Bad ${Buffer.from(TOKEN).toString("base64")}` }],
    ["the token in a code", 403, { code: TOKEN, message: "No" }],
    ["a form without an id", 200, { uploadDetails: SECRET_FIELDS }],
    ["fields of a form in an unknown place", 200, { form: SECRET_FIELDS }],
    ["a form in details", 422, { message: "No", details: [SECRET_FIELDS] }],
  ])("is not told on: %s", async (_, status, body) => {
    const text = await failureWith(status, "application/json", JSON.stringify(body));
    expect(text).toMatch(/^\[[A-Z_]+\] Webflow answered/);
    for (const secret of [TOKEN, ...Object.values(SECRET_FIELDS)]) expect(text).not.toContain(secret);
  });

  it.each([
    ["a page", "text/html", `<html>Authorization: Bearer ${TOKEN}</html>`],
    [
      "an answer that is cut off",
      "application/json",
      JSON.stringify({ uploadDetails: SECRET_FIELDS }).slice(0, -3),
    ],
  ])("is not told on in %s", async (_, contentType, body) => {
    for (const status of [200, 502]) {
      const text = await failureWith(status, contentType, body);
      server?.close();
      for (const secret of [TOKEN, ...Object.values(SECRET_FIELDS)]) expect(text).not.toContain(secret);
      expect(text).toMatch(/^\[WEBFLOW_/);
    }
  });

  it.each([
    302, 307,
  ])("is neither believed nor shown when it comes from behind a redirect (%i)", async (status) => {
    const text = await failureAt((request, response) => {
      if (request.url !== "/elsewhere") response.writeHead(status, { location: "/elsewhere" }).end();
      else response.writeHead(200, { "content-type": "application/json" }).end('{"id":"internal data"}');
    });
    expect(text).toMatch(
      /^\[WEBFLOW_UNAVAILABLE\] The Data API redirected.* Next: check WEBFLOW_API_BASE_URL/,
    );
    expect(text).not.toContain("internal data");
  });
});
