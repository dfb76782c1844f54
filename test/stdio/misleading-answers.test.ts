import type { ServerResponse } from "node:http";
import { describe, expect, it } from "vitest";
import { numberedPng } from "../builders/bytes.js";
import { fakeAsset, fakeId, serverOnFakeSite } from "../builders/fake-site.js";
import type { FakeAnswer, FakeRequest } from "../builders/fake-webflow.js";
import { dataUri } from "../builders/site.js";

const started = serverOnFakeSite();
let uploads = 0;

type Kind = (request: FakeRequest) => boolean;

const isCreation: Kind = ({ method, path }) => method === "POST" && path.endsWith("/assets");

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
  return started.server.call("uploadAsset", {
    source: dataUri(numberedPng(uploads)),
    fileName: `${uploads}.png`,
  });
}

describe("a 404", () => {
  it("does not send the user to another site while the token can see this one", async () => {
    started.site.intercept = answering(isCreation, (response) =>
      response
        .writeHead(404, { "content-type": "application/json" })
        .end('{"code":"resource_not_found","message":"Requested resource not found"}'),
    );
    await expect(upload()).rejects.toThrow(
      new RegExp(`\\[WEBFLOW_REJECTED\\].*${started.site.siteId}, which the token can see`),
    );
  });
});

describe("a file that is uploaded", () => {
  it("is reported although Webflow tells its URL neither at once nor when asked", async () => {
    started.site.intercept = both(
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
    const hostedUrl = `http://${started.site.webflow.host}/files/${id}.svg`;
    started.site.assets.push(
      fakeAsset(id, "a.svg", null, { size: 0, hostedUrl, contentType: "image/svg+xml" }),
    );
    return id;
  }

  it("is shown when its file is served after all", async () => {
    started.site.intercept = answering(
      ({ path }) => path.startsWith("/files/") || path.endsWith(".svg"),
      (response) => response.writeHead(200, { "content-type": "image/svg+xml" }).end(drawing),
    );
    const { result } = await started.server.request("tools/call", {
      name: "viewAsset",
      arguments: { assetId: addDrawing() },
    });
    expect(result.content.at(-1).text).toBe(drawing);
  });

  it("is never said to be there for deletion", async () => {
    const id = addDrawing();
    await expect(started.server.call("viewAsset", { assetId: id })).rejects.toThrow(
      /shows no file yet.*Next: look again/,
    );
    await expect(started.server.call("viewAsset", { assetId: id })).rejects.not.toThrow(/delete/);
  });
});
