import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, describe, expect, it } from "vitest";
import { createFormPoster, FormExpired, type FormPoster } from "../../../src/webflow/storage/post-form.js";
import type { PresignedForm } from "../../../src/webflow/storage/presigned-form.js";
import { callContext } from "../../builders/call.js";
import { patient } from "../../slowness.js";

interface Received {
  readonly headers: IncomingMessage["headers"];
  readonly body: string;
}

const open: (() => Promise<unknown>)[] = [];

afterEach(async () => {
  await Promise.all(open.splice(0).map((close) => close()));
});

/** A storage that answers each upload with the next of `answers`, and the last one from then on. */
async function aStorageThatAnswers(...answers: ((response: ServerResponse) => void)[]) {
  const received: Received[] = [];
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    received.push({ headers: request.headers, body: Buffer.concat(chunks).toString("latin1") });
    const answer = answers[Math.min(received.length, answers.length) - 1];
    answer?.(response);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const storage = createFormPoster({
    retryPolicy: { attempts: 3, baseMs: 1, capMs: 2 },
    idleTimeoutMs: patient(500),
  });
  open.push(async () => {
    await storage.close();
    server.closeAllConnections();
    server.close();
  });
  return { storage, received, url: new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`) };
}

function aForm(url: URL, changes: Partial<PresignedForm> = {}): PresignedForm {
  return {
    url,
    fields: new Map([
      ["acl", "public-read"],
      ["Policy", "c2VjcmV0LXBvbGljeQ=="],
      ["X-Amz-Signature", "secret-signature"],
      ["content-type", "image/png"],
    ]),
    key: "site/a.png",
    contentType: "image/png",
    expiresAt: Date.now() + 3_600_000,
    ...changes,
  };
}

const BYTES = Buffer.from("the bytes of a file");

function post(storage: FormPoster, form: PresignedForm) {
  return storage.post(form, BYTES, "a.png", callContext());
}

const created = (response: ServerResponse) =>
  response
    .writeHead(201, { ETag: '"ABC"' })
    .end("<PostResponse><Key>site/a&amp;b.png</Key><ETag>&quot;abc&quot;</ETag></PostResponse>");

function failing(status: number, code: string, message = "m") {
  return (response: ServerResponse) =>
    response.writeHead(status).end(`<Error><Code>${code}</Code><Message>${message}</Message></Error>`);
}

describe("posting to the storage", () => {
  it("sends the fields as they are, the file last, and the length ahead", async () => {
    const { storage, received, url } = await aStorageThatAnswers(created);
    await post(storage, aForm(url));
    const [{ headers, body } = { headers: {}, body: "" }] = received;
    const names = [...body.matchAll(/name="([^"]+)"/g)].map(([, name]) => name);
    expect(names.filter((name) => name !== "a.png")).toEqual([
      "acl",
      "Policy",
      "X-Amz-Signature",
      "content-type",
      "file",
    ]);
    expect(body).toContain("the bytes of a file");
    expect(headers["content-length"]).toBe(String(body.length));
    expect(headers["transfer-encoding"]).toBeUndefined();
    expect(headers.authorization).toBeUndefined();
  });

  it("sends a large file whole, from the end of its head to the last boundary, and tells how far it is", async () => {
    const { storage, received, url } = await aStorageThatAnswers(created);
    const bytes = Buffer.alloc(600_000, "--a file--\r\n");
    const sent: number[] = [];
    await storage.post(aForm(url), bytes, 'a "b".png', callContext(), (count) => sent.push(count));
    const [{ headers, body } = { headers: {}, body: "" }] = received;
    const boundary = /boundary=(.+)$/.exec(headers["content-type"] ?? "")?.[1];
    const head = `--${boundary}\r\nContent-Disposition: form-data; name="file"; filename="a %22b%22.png"\r\nContent-Type: image/png\r\n\r\n`;
    expect(body.slice(body.lastIndexOf(`--${boundary}\r\n`))).toBe(
      `${head}${bytes.toString("latin1")}\r\n--${boundary}--\r\n`,
    );
    expect(headers["content-length"]).toBe(String(body.length));
    expect(sent).toEqual([262_144, 524_288, 600_000]);
  });

  it("reads ETag and key from the answer", async () => {
    const { storage, url } = await aStorageThatAnswers(created);
    expect(await post(storage, aForm(url))).toEqual({ etag: "abc", key: "site/a&b.png" });
  });

  it.each([
    [
      "a namespace",
      '<s3:PostResponse xmlns:s3="x"><s3:Key>site/a.png</s3:Key><s3:ETag>"abc"</s3:ETag></s3:PostResponse>',
    ],
    [
      "CDATA",
      '<PostResponse><Key><![CDATA[site/a.png]]></Key><ETag> <![CDATA["abc"]]> </ETag></PostResponse>',
    ],
    [
      "attributes and lines",
      '<PostResponse><Key a="1">\n site/a.png\n</Key><ETag b="2">\n "abc"\n</ETag></PostResponse>',
    ],
  ])("reads ETag and key from an answer with %s", async (_, xml) => {
    const { storage, url } = await aStorageThatAnswers((response) => response.writeHead(201).end(xml));
    expect(await post(storage, aForm(url))).toEqual({ etag: "abc", key: "site/a.png" });
  });

  it("takes no character that does not exist for a broken connection", async () => {
    const { storage, received, url } = await aStorageThatAnswers((response) =>
      response
        .writeHead(201, { etag: '"abc"' })
        .end("<PostResponse><Key>&#x110000;&#65;</Key></PostResponse>"),
    );
    expect(await post(storage, aForm(url))).toEqual({ etag: "abc", key: "&#x110000;A" });
    expect(received).toHaveLength(1);
  });

  it.each([
    [413, "Payload too large", /make the file smaller/],
    [400, "c2VjcmV0LXBvbGljeQ== is no way to ask", /the network or its filter/],
  ])("repeats what something in front of S3 says, %i, and who can help", async (status, text, next) => {
    const { storage, url } = await aStorageThatAnswers((response) => response.writeHead(status).end(text));
    const error = await post(storage, aForm(url)).catch((thrown) => thrown);
    expect(error).toMatchObject({ code: "STORAGE_REJECTED", next: expect.stringMatching(next) });
    expect(error.message).toBe(
      `The storage answered ${status} without a code: ${text.replace("c2VjcmV0LXBvbGljeQ==", "[redacted]")}`,
    );
  });

  it("reports an answer without an ETag as such", async () => {
    const { storage, url } = await aStorageThatAnswers((response) => response.writeHead(204).end());
    expect(await post(storage, aForm(url))).toEqual({ etag: undefined, key: undefined });
  });

  it("repeats 5xx, RequestTimeout and a cut connection with the same fields", async () => {
    const { storage, received, url } = await aStorageThatAnswers(
      failing(503, "SlowDown"),
      failing(400, "RequestTimeout"),
      created,
    );
    await post(storage, aForm(url));
    expect(received).toHaveLength(3);
    const second = await aStorageThatAnswers((response) => response.destroy(), created);
    await post(second.storage, aForm(second.url));
    expect(second.received).toHaveLength(2);
  });

  it("repeats what S3 answers 200 and yet calls an error, and reports it when that does not change", async () => {
    const { storage, received, url } = await aStorageThatAnswers(failing(200, "InternalError"), created);
    expect(await post(storage, aForm(url))).toMatchObject({ etag: "abc" });
    expect(received).toHaveLength(2);
    const always = await aStorageThatAnswers(failing(200, "InternalError"));
    await expect(post(always.storage, aForm(always.url))).rejects.toMatchObject({
      code: "STORAGE_UNAVAILABLE",
      message: expect.stringContaining("200 InternalError"),
    });
  });

  it("does not repeat what S3 refuses, and reports its code and message but no secret of the form", async () => {
    const message = "Policy c2VjcmV0LXBvbGljeQ== with secret-signature is wrong";
    const { storage, received, url } = await aStorageThatAnswers(failing(403, "AccessDenied", message));
    const error = await post(storage, aForm(url)).catch((thrown) => thrown);
    expect(error).toMatchObject({
      code: "STORAGE_REJECTED",
      message: expect.stringContaining("AccessDenied"),
    });
    expect(error.message).not.toMatch(/c2VjcmV0|secret-signature/);
    expect(received).toHaveLength(1);
  });

  it("follows no redirect", async () => {
    const { storage, received, url } = await aStorageThatAnswers((response) =>
      response.writeHead(307, { location: "/elsewhere" }).end(),
    );
    await expect(post(storage, aForm(url))).rejects.toMatchObject({ code: "STORAGE_REJECTED" });
    expect(received).toHaveLength(1);
  });

  it("recognizes an expired form, before sending if it is known, and from S3's answer", async () => {
    const { storage, received, url } = await aStorageThatAnswers(
      failing(403, "AccessDenied", "Invalid according to Policy: Policy expired."),
    );
    await expect(post(storage, aForm(url, { expiresAt: Date.now() }))).rejects.toBeInstanceOf(FormExpired);
    expect(received).toHaveLength(0);
    await expect(post(storage, aForm(url))).rejects.toBeInstanceOf(FormExpired);
  });

  it("ends an upload at once when its call is cancelled", async () => {
    const cancel = new AbortController();
    const { storage, url } = await aStorageThatAnswers(() => cancel.abort());
    const posted = storage.post(aForm(url), BYTES, "a.png", callContext({ signal: cancel.signal }));
    await expect(posted).rejects.toMatchObject({ code: "CANCELLED" });
  });

  it("gives up a storage that never answers", async () => {
    const { storage, url } = await aStorageThatAnswers(() => {});
    await expect(post(storage, aForm(url))).rejects.toMatchObject({ code: "STORAGE_UNAVAILABLE" });
  });

  it("reports how many bytes are sent, up to all of them", async () => {
    const { storage, url } = await aStorageThatAnswers(created);
    const told: number[] = [];
    const bytes = Buffer.alloc(200_000, 1);
    await storage.post(aForm(url), bytes, "a.png", callContext(), (sent) => told.push(sent));
    expect(told.at(-1)).toBe(bytes.length);
    expect(told).toEqual([...told].sort((a, b) => a - b));
  });
});
