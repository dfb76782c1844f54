import type { ServerResponse } from "node:http";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { numberedPng } from "../builders/bytes.js";
import { type FakeSite, fakeAsset, fakeId, startFakeSite } from "../builders/fake-site.js";
import { type FakeAnswer, type FakeRequest, fakeEnvironment } from "../builders/fake-webflow.js";
import { type ServerProcess, startServer } from "../builders/server-process.js";
import { dataUri } from "../builders/site.js";

let site: FakeSite;
let server: ServerProcess;
let uploads = 0;

beforeAll(async () => {
  site = await startFakeSite();
  server = startServer({ env: fakeEnvironment(site.webflow) });
  await server.initialize();
});

beforeEach(() => {
  site.assets.splice(0);
  site.intercept = () => undefined;
});

afterAll(async () => {
  await server.close();
  await site.close();
});

type Kind = (request: FakeRequest) => boolean;

const isCreation: Kind = ({ method, path }) => method === "POST" && path.endsWith("/assets");
const isDeletion: Kind = ({ method }) => method === "DELETE";
const isStorage: Kind = ({ path }) => path === "/s3";

function answering(isMeant: Kind, answer: (response: ServerResponse) => void, times = 1): FakeAnswer {
  let left = times;
  return (request, response) => {
    if (!isMeant(request) || left === 0) return;
    left -= 1;
    answer(response);
  };
}

function page(status: number): (response: ServerResponse) => void {
  return (response) =>
    response
      .writeHead(status, { "content-type": "text/html" })
      .end("<!DOCTYPE html><html><head><title>Sign in to the network</title></head></html>");
}

function xmlError(status: number, code: string): (response: ServerResponse) => void {
  return (response) =>
    response
      .writeHead(status, { "content-type": "application/xml" })
      .end(
        `<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>${code}</Code><Message>Said by S3</Message></Error>`,
      );
}

function both(...answers: readonly FakeAnswer[]): FakeAnswer {
  return (request, response) => {
    for (const answer of answers) {
      const json = response.headersSent ? undefined : answer(request, response);
      if (json !== undefined) return json;
    }
    return undefined;
  };
}

function upload(): Promise<Record<string, unknown>> {
  uploads += 1;
  return server.call("uploadAsset", { source: dataUri(numberedPng(uploads)), fileName: `${uploads}.png` });
}

const sizes = (): number[] => (site.assets as { size: number }[]).map(({ size }) => size);

describe("an answer that says success", () => {
  it("is not believed of an upload when its body is an error: the file is sent again", async () => {
    site.intercept = answering(isStorage, xmlError(200, "InternalError"));
    expect(await upload()).toMatchObject({ status: "uploaded", notes: [] });
    expect(sizes()).toEqual([numberedPng(uploads).length]);
  });

  it("is not believed of a deletion when it is a page of something in between: the deletion is sent again", async () => {
    const id = fakeId(7);
    site.assets.push(fakeAsset(id, "old.png"));
    site.intercept = answering(isDeletion, page(200));
    const answer = await server.call("deleteAssets", { assetIds: [id], confirm: true, evenIfUsed: true });
    expect(answer).toMatchObject({ deleted: [id], failed: [] });
    expect(site.assets).toEqual([]);
  });

  it("is not believed of a deletion when its body is an error: the asset is reported as failed", async () => {
    const id = fakeId(8);
    site.assets.push(fakeAsset(id, "old.png"));
    site.intercept = answering(isDeletion, (response) =>
      response
        .writeHead(200, { "content-type": "application/json" })
        .end('{"code":"internal_error","message":"An Internal Error occurred"}'),
    );
    const answer = await server.call("deleteAssets", { assetIds: [id], confirm: true, evenIfUsed: true });
    expect(answer).toMatchObject({ deleted: [], failed: [{ assetId: id }] });
    expect(site.assets).toHaveLength(1);
  });
});

describe("a 404", () => {
  it("does not show that a record is gone when it is the page of something in between", async () => {
    site.intercept = both(
      answering(isStorage, xmlError(403, "AccessDenied")),
      answering(isDeletion, page(404), Number.POSITIVE_INFINITY),
    );
    await expect(upload()).rejects.toThrow(/\[UPLOAD_INCOMPLETE\].*made but holds no file/);
    expect(sizes()).toEqual([0]);
  });

  it("does not send the user to another site while the token can see this one", async () => {
    site.intercept = answering(isCreation, (response) =>
      response
        .writeHead(404, { "content-type": "application/json" })
        .end('{"code":"resource_not_found","message":"Requested resource not found"}'),
    );
    await expect(upload()).rejects.toThrow(
      new RegExp(`\\[WEBFLOW_REJECTED\\].*${site.siteId}, which the token can see`),
    );
  });
});

describe("a file that is uploaded", () => {
  it("is reported although Webflow tells its URL neither at once nor when asked", async () => {
    site.intercept = both(
      (request, response) => {
        if (!isCreation(request)) return;
        const end = response.end.bind(response);
        response.end = ((body: string) => {
          const { hostedUrl: _, ...rest } = JSON.parse(body);
          return end(JSON.stringify(rest));
        }) as ServerResponse["end"];
      },
      answering(
        ({ method, path }) => method === "GET" && path.startsWith("/assets/"),
        page(403),
        Number.POSITIVE_INFINITY,
      ),
    );
    expect(await upload()).toMatchObject({
      status: "uploaded",
      asset: { url: "" },
      notes: [expect.stringContaining("getAsset")],
    });
  });
});

describe("a record of size 0", () => {
  const drawing = '<svg xmlns="http://www.w3.org/2000/svg" width="4" height="4"/>';

  function addDrawing(): string {
    uploads += 1;
    const id = fakeId(uploads);
    const hostedUrl = `http://${site.webflow.host}/files/${id}.svg`;
    site.assets.push(fakeAsset(id, "a.svg", null, { size: 0, hostedUrl, contentType: "image/svg+xml" }));
    return id;
  }

  it("is shown when its file is served after all", async () => {
    site.intercept = answering(
      ({ path }) => path.startsWith("/files/") || path.endsWith(".svg"),
      (response) => response.writeHead(200, { "content-type": "image/svg+xml" }).end(drawing),
    );
    const { result } = await server.request("tools/call", {
      name: "viewAsset",
      arguments: { assetId: addDrawing() },
    });
    expect(result.content.at(-1).text).toBe(drawing);
  });

  it("is never said to be there for deletion", async () => {
    const id = addDrawing();
    await expect(server.call("viewAsset", { assetId: id })).rejects.toThrow(
      /shows no file yet.*Next: look again/,
    );
    await expect(server.call("viewAsset", { assetId: id })).rejects.not.toThrow(/delete/);
  });
});
