import type { Server } from "@modelcontextprotocol/sdk/server/index.js";
import {
  ErrorCode,
  ListResourcesRequestSchema,
  ListResourceTemplatesRequestSchema,
  McpError,
  ReadResourceRequestSchema,
  type ReadResourceResult,
  type Resource,
  type ResourceTemplate,
} from "@modelcontextprotocol/sdk/types.js";
import { countFitting, withShortTexts } from "../core/answer-size.js";
import { type CallContext, partOfCall } from "../core/call-context.js";
import { formatError, isAssetError } from "../core/errors.js";
import { cutMiddle, quotedLine } from "../core/text.js";
import {
  GALLERY_MIME_TYPE,
  GALLERY_URI,
  galleryHtml,
  galleryResourceMeta,
} from "../gallery/gallery-resource.js";
import type { AssetService } from "../service/asset-service.js";
import { listAllFolders } from "./all-folders.js";
import type { Calls, Request } from "./running-calls.js";

/** MCP, "Resources: Error Handling". */
const RESOURCE_NOT_FOUND = -32_002;

export const FOLDERS_TEMPLATE = "webflow-assets://sites/{siteId}/folders";
export const ASSET_TEMPLATE = "webflow-assets://assets/{assetId}";

const TEMPLATES: ResourceTemplate[] = [
  {
    uriTemplate: FOLDERS_TEMPLATE,
    name: "folders",
    title: "Asset folders of a site",
    description: "Every asset folder of a Webflow site by its path, with the number of assets in it.",
  },
  {
    uriTemplate: ASSET_TEMPLATE,
    name: "asset",
    title: "One asset",
    description: "Everything about one asset: names, folder, URL, alt text, dates and variants.",
    mimeType: "application/json",
  },
];

const GALLERY: Resource = {
  uri: GALLERY_URI,
  name: "gallery",
  title: "Asset gallery",
  description: "Draws assets and uploads as pictures, in clients that show MCP Apps.",
  mimeType: GALLERY_MIME_TYPE,
};

export interface ResourcesOptions {
  readonly calls: Calls;
  readonly service: () => Promise<AssetService>;
  /** The configured site: its folders are listed, or those of the only site; others by the template. */
  readonly siteId: string | undefined;
  readonly readOnly: boolean;
}

/** A listing of resources does not wait longer for the sites of the token. Milliseconds. */
const LOOK_FOR_SITE_MS = 3_000;

/** The page of the gallery is for clients that draw it; elsewhere a model would be invited to read its source. */
function showsApps(server: Server): boolean {
  return server.getClientCapabilities()?.extensions?.["io.modelcontextprotocol/ui"] !== undefined;
}

/** Answers `resources/list`, `resources/templates/list` and `resources/read`. */
export function serveResources(server: Server, { calls, service, siteId, readOnly }: ResourcesOptions): void {
  let onlySiteId: string | undefined;

  /** The configured site, or the only one that the token can see; undefined if that cannot be found out soon. */
  async function siteToList(signal: AbortSignal): Promise<string | undefined> {
    if (siteId !== undefined || onlySiteId !== undefined) return siteId ?? onlySiteId;
    const request: Request = { signal, progress: () => {} };
    const [only, ...others] = await calls
      .run(request, async (whole) => {
        const { call, stop } = partOfCall(whole, Date.now() + LOOK_FOR_SITE_MS);
        return (await service()).listSites(call).finally(stop);
      })
      .then(
        ({ sites }) => sites,
        () => [],
      );
    if (others.length === 0) onlySiteId = only?.id;
    return onlySiteId;
  }

  server.setRequestHandler(ListResourcesRequestSchema, async (_, { signal }) => {
    const gallery = showsApps(server) ? [GALLERY] : [];
    const site = await siteToList(signal);
    return { resources: [...gallery, ...(site === undefined ? [] : [foldersOf(site)])] };
  });
  server.setRequestHandler(ListResourceTemplatesRequestSchema, () => ({ resourceTemplates: TEMPLATES }));

  server.setRequestHandler(ReadResourceRequestSchema, async ({ params: { uri } }, { signal }) => {
    const read = readerOf(uri, readOnly);
    if (!read) throw new McpError(RESOURCE_NOT_FOUND, `Unknown resource ${quotedLine(uri, 200)}`);
    const request: Request = { signal, progress: () => {} };
    try {
      return await calls.run(request, async (call) => read(await service(), call));
    } catch (error) {
      throw asProtocolError(error);
    }
  });
}

type Reader = (service: AssetService, call: CallContext) => Promise<ReadResourceResult>;

function readerOf(uri: string, readOnly: boolean): Reader | undefined {
  if (uri === GALLERY_URI) return (service, call) => readGallery(service, readOnly, call);
  const siteId = /^webflow-assets:\/\/sites\/([0-9a-f]{24})\/folders$/i.exec(uri)?.[1];
  if (siteId !== undefined) return (service, call) => readFolders(uri, siteId, service, call);
  const assetId = /^webflow-assets:\/\/assets\/([0-9a-f]{24})$/i.exec(uri)?.[1];
  if (assetId !== undefined) return (service, call) => readAsset(uri, assetId, service, call);
  return undefined;
}

/** The view, with the origins that it may load pictures from. It is served even when those cannot be found out. */
async function readGallery(service: AssetService, readOnly: boolean, call: CallContext) {
  const [text, origins] = await Promise.all([galleryHtml({ readOnly }), service.pictureOrigins(call)]);
  const _meta = galleryResourceMeta(origins);
  return { contents: [{ uri: GALLERY_URI, mimeType: GALLERY_MIME_TYPE, text, _meta }] };
}

/** Told twice, as text and as JSON. */
const MOST_FOLDER_TOKENS = 4_000;
/** One may be longer than all others are together. */
const MOST_PATH_CHARACTERS = 1_000;

async function readFolders(uri: string, siteId: string, service: AssetService, call: CallContext) {
  const all = await listAllFolders(service, siteId, call);
  const shown = all.slice(0, countFitting(all, MOST_FOLDER_TOKENS));
  const folders = shown.map((folder) => ({ ...folder, path: cutMiddle(folder.path, MOST_PATH_CHARACTERS) }));
  const more = all.length - folders.length;
  const lines = folders.map(({ path, assets }) => `${path} (${assets} ${assets === 1 ? "asset" : "assets"})`);
  if (more > 0) lines.push(`and ${more} more; the tool listFolders lists them all, page by page`);
  return {
    contents: [
      {
        uri,
        mimeType: "text/plain",
        text: lines.length > 0 ? lines.join("\n") : "The site has no asset folders.",
      },
      {
        uri,
        mimeType: "application/json",
        text: JSON.stringify({ siteId, folders, ...(more > 0 && { more }) }),
      },
    ],
  };
}

async function readAsset(uri: string, assetId: string, service: AssetService, call: CallContext) {
  const asset = withShortTexts(service.withPublicUrls(await service.getAsset({ assetId }, call)));
  return { contents: [{ uri, mimeType: "application/json", text: JSON.stringify(asset) }] };
}

function foldersOf(siteId: string): Resource {
  return {
    uri: FOLDERS_TEMPLATE.replace("{siteId}", siteId),
    name: "folders",
    title: "Asset folders",
    description: "Every asset folder of the site by its path, with the number of assets in it.",
  };
}

function asProtocolError(error: unknown): McpError {
  const isUnknown = isAssetError(error, "ASSET_NOT_FOUND", "SITE_NOT_FOUND");
  return new McpError(isUnknown ? RESOURCE_NOT_FOUND : ErrorCode.InternalError, formatError(error));
}
