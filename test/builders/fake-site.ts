import { createHash } from "node:crypto";
import type { ServerResponse } from "node:http";
import { afterAll, beforeAll, beforeEach } from "vitest";
import {
  type FakeAnswer,
  type FakeRequest,
  type FakeWebflow,
  fakeEnvironment,
  startFakeWebflow,
} from "./fake-webflow.js";
import { type ServerProcess, startServer } from "./server-process.js";

/** A site behind a stand-in for Webflow. Its records are sent as they stand here, however odd a test makes them. */
export interface FakeSite {
  readonly siteId: string;
  readonly webflow: FakeWebflow;
  readonly folders: unknown[];
  readonly assets: unknown[];
  /** Answers a request in place of the site, where it returns something or has begun to answer. */
  intercept: FakeAnswer;
  /** Whether lists of assets heed `folderId`. */
  heedsFolderId: boolean;
  /** Whether lists have a `pagination`. */
  tellsTotals: boolean;
  /** Whether lists heed `offset`. */
  heedsOffset: boolean;
  /** By how much `total` is too high. */
  totalTooHigh: number;
  close(): Promise<void>;
}

/** The built server and the site that it works on, started once for a file; the site is emptied before each test. */
export function serverOnFakeSite(): { readonly site: FakeSite; readonly server: ServerProcess } {
  const started = {} as { site: FakeSite; server: ServerProcess };
  beforeAll(async () => {
    started.site = await startFakeSite();
    started.server = startServer({ env: fakeEnvironment(started.site.webflow) });
    await started.server.initialize();
  });
  beforeEach(() => {
    started.site.assets.splice(0);
    started.site.intercept = () => undefined;
  });
  afterAll(async () => {
    await started.server.close();
    await started.site.close();
  });
  return started;
}

interface FakeAsset {
  readonly id: string;
  readonly folderId?: string | null;
  size?: number;
}

const SITE_ID = "65f0aa000000000000000001";

/** An ObjectId made now, or `ageMs` milliseconds ago. */
export function fakeId(number: number, ageMs = 0): string {
  const seconds = Math.floor((Date.now() - ageMs) / 1000).toString(16);
  return `${seconds}${number.toString(16).padStart(16, "0")}`;
}

export function fakeFolder(id: string, displayName: unknown, parentFolder: string | null = null): object {
  return { id, siteId: SITE_ID, displayName, parentFolder, assets: [] };
}

export function fakeAsset(
  id: string,
  fileName: string,
  folderId: string | null = null,
  more: object = {},
): object {
  return {
    id,
    siteId: SITE_ID,
    folderId,
    displayName: fileName,
    originalFileName: fileName,
    contentType: "image/png",
    size: 100,
    hostedUrl: `https://files.example.com/${id}_${fileName}`,
    altText: null,
    variants: [],
    createdOn: "2026-01-01T00:00:00.000Z",
    lastUpdated: "2026-01-01T00:00:00.000Z",
    ...more,
  };
}

export async function startFakeSite(): Promise<FakeSite> {
  const folders: unknown[] = [];
  const assets: unknown[] = [];
  let made = 0;

  function makeFolder({ body }: FakeRequest): object {
    const { displayName, parentFolder } = JSON.parse(body);
    made += 1;
    const folder = fakeFolder(fakeId(made), displayName, parentFolder ?? null);
    folders.push(folder);
    return folder;
  }

  function makeAsset({ body }: FakeRequest): object {
    const { fileName, parentFolder } = JSON.parse(body);
    made += 1;
    const id = fakeId(made);
    const url = `http://${site.webflow.host}/files/${id}_${fileName}`;
    const asset = fakeAsset(id, fileName, parentFolder ?? null, {
      size: 0,
      hostedUrl: url,
      createdOn: new Date().toISOString(),
    });
    assets.push(asset);
    const expiration = new Date(Date.now() + 3_600_000).toISOString();
    return {
      ...asset,
      uploadUrl: `http://${site.webflow.host}/s3`,
      uploadDetails: {
        key: `${SITE_ID}/${id}_${fileName}`,
        "content-type": "image/png",
        success_action_status: "201",
        "X-Amz-Date": new Date().toISOString().replace(/[-:]|\.\d+/g, ""),
        Policy: Buffer.from(JSON.stringify({ expiration, conditions: [] })).toString("base64"),
        "X-Amz-Signature": "0".repeat(64),
      },
    };
  }

  function store({ body }: FakeRequest, response: ServerResponse): void {
    const [, key = ""] = /name="key"\r\n\r\n([^\r]+)/.exec(body) ?? [];
    const [, file = ""] = /name="file".*?\r\n\r\n(.*)\r\n--/s.exec(body) ?? [];
    const bytes = Buffer.from(file, "latin1");
    const asset = assets.find((one) => key.includes((one as FakeAsset | null)?.id ?? "no id")) as
      | FakeAsset
      | undefined;
    if (asset) asset.size = bytes.length;
    const etag = createHash("md5").update(bytes).digest("hex");
    const xml = `<PostResponse><Key>${key}</Key><ETag>"${etag}"</ETag></PostResponse>`;
    response.writeHead(201, { "content-type": "application/xml", etag: `"${etag}"` }).end(xml);
  }

  function pageOf(key: string, all: readonly unknown[], query: URLSearchParams): object {
    const limit = Number(query.get("limit") ?? 100);
    const offset = site.heedsOffset ? Number(query.get("offset") ?? 0) : 0;
    const pagination = { limit, offset, total: all.length + site.totalTooHigh };
    return { [key]: all.slice(offset, offset + limit), ...(site.tellsTotals && { pagination }) };
  }

  function list({ query }: FakeRequest): object {
    const folderId = query.get("folderId");
    const all =
      folderId === null || !site.heedsFolderId
        ? assets
        : assets.filter((asset) => (asset as FakeAsset | null)?.folderId === folderId);
    return pageOf("assets", all, query);
  }

  function oneAsset({ method, path, body }: FakeRequest, response: ServerResponse): unknown {
    const index = assets.findIndex((asset) => (asset as FakeAsset | null)?.id === path.split("/").at(-1));
    if (index === -1) {
      response.statusCode = 404;
      return { code: "resource_not_found", message: "Requested resource not found" };
    }
    if (method === "PATCH") Object.assign(assets[index] as object, JSON.parse(body));
    if (method === "DELETE") {
      assets.splice(index, 1);
      response.writeHead(204).end();
    }
    return assets[index];
  }

  const site: FakeSite = {
    siteId: SITE_ID,
    webflow: await startFakeWebflow((request, response) => {
      const { method, path } = request;
      const own = site.intercept(request, response);
      if (own !== undefined || response.headersSent) return own;
      if (path === "/s3") return store(request, response);
      if (path === "/sites") return { sites: [{ id: SITE_ID, displayName: "Fake" }] };
      if (path === `/sites/${SITE_ID}`) return { id: SITE_ID, displayName: "Fake" };
      if (path.endsWith("/asset_folders"))
        return method === "POST" ? makeFolder(request) : pageOf("assetFolders", folders, request.query);
      if (path.endsWith(`${SITE_ID}/assets`)) return method === "POST" ? makeAsset(request) : list(request);
      if (path.startsWith("/assets/")) return oneAsset(request, response);
      return undefined;
    }),
    folders,
    assets,
    intercept: () => undefined,
    heedsFolderId: true,
    tellsTotals: true,
    heedsOffset: true,
    totalTooHigh: 0,
    close: () => site.webflow.close(),
  };
  return site;
}
