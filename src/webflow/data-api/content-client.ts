import * as z from "zod";
import type { CallContext } from "../../core/call-context.js";
import {
  anything,
  type CollectionItem,
  collectionDetailsSchema,
  collectionSchema,
  componentSchema,
  itemSchema,
  pageSchema,
  type SiteDetails,
  type SitePage,
  siteDetailsSchema,
} from "./content-responses.js";
import type { SdkRequest } from "./exchange.js";
import { type ListPage, listPageSchema } from "./lenient.js";
import type { SendRequest } from "./request.js";
import { withoutUndefined } from "./sdk.js";

/** Which part of a list to read, and in which locale: `localeId` of a page or component, `cmsLocaleId` of an item. */
export interface ListRequest {
  readonly offset: number;
  /** Webflow: at most 100. */
  readonly limit: number;
  readonly localeId?: string | undefined;
}

/** The part of the Data API that describes what a site is made of: everything that may refer to assets. Read-only. */
export interface ContentClient {
  /** Calls of any kind that may be made before the rate limit is reached, as far as Webflow has reported. */
  callsLeft(): number;
  getSite(siteId: string, call: CallContext): Promise<SiteDetails>;
  listPages(siteId: string, list: ListRequest, call: CallContext): Promise<ListPage<SitePage>>;
  /** The static texts and images of a page; not its styles, backgrounds and videos. */
  listPageNodes(pageId: string, list: ListRequest, call: CallContext): Promise<ListPage<object>>;
  listComponents(
    siteId: string,
    list: ListRequest,
    call: CallContext,
  ): Promise<ListPage<z.output<typeof componentSchema>>>;
  listComponentNodes(
    siteId: string,
    componentId: string,
    list: ListRequest,
    call: CallContext,
  ): Promise<ListPage<object>>;
  listComponentProperties(
    siteId: string,
    componentId: string,
    list: ListRequest,
    call: CallContext,
  ): Promise<ListPage<object>>;
  listCollections(
    siteId: string,
    list: ListRequest,
    call: CallContext,
  ): Promise<ListPage<z.output<typeof collectionSchema>>>;
  /** The type of each field, by its slug. */
  getCollectionFields(collectionId: string, call: CallContext): Promise<ReadonlyMap<string, string>>;
  /** Items as they are being edited, or as visitors see them. */
  listItems(
    collectionId: string,
    version: "staged" | "live",
    list: ListRequest,
    call: CallContext,
  ): Promise<ListPage<CollectionItem>>;
  /** Scripts that apps registered or applied, in any shape; custom code that people typed is in none of them. */
  getScripts(siteId: string, kind: ScriptList, call: CallContext): Promise<unknown>;
}

/** What apps may have added: scripts, those applied to the whole site, and those applied to its pages. */
export type ScriptList = "registered" | "site" | "blocks";

type Send = SdkRequest["send"];

/** The methods of `ContentClient` as requests to the Data API. */
export function createContentRequests(send: SendRequest): Omit<ContentClient, "callsLeft"> {
  function read<Schema extends z.ZodType>(call: CallContext, name: string, schema: Schema, request: Send) {
    return send(call, { name, subject: "content", schema, send: request });
  }

  function readList<Entry extends z.ZodType>(call: CallContext, key: string, entry: Entry, request: Send) {
    return read(call, `list ${key}`, listPageSchema(key, entry), request);
  }

  return {
    getSite: (siteId, call) =>
      read(call, "get site", siteDetailsSchema, (sdk, options) => sdk.sites.get(siteId, options)),

    listPages: (siteId, list, call) =>
      readList(call, "pages", pageSchema, (sdk, options) =>
        sdk.pages.list(siteId, withoutUndefined(list), options),
      ),
    listPageNodes: (pageId, list, call) =>
      readList(call, "nodes", anything, (sdk, options) =>
        sdk.pages.getContent(pageId, withoutUndefined(list), options),
      ),
    listComponents: (siteId, { offset, limit }, call) =>
      readList(call, "components", componentSchema, (sdk, options) =>
        sdk.components.list(siteId, { offset, limit }, options),
      ),
    listComponentNodes: (siteId, id, list, call) =>
      readList(call, "nodes", anything, (sdk, options) =>
        sdk.components.getContent(siteId, id, withoutUndefined(list), options),
      ),
    listComponentProperties: (siteId, id, list, call) =>
      readList(call, "properties", anything, (sdk, options) =>
        sdk.components.getProperties(siteId, id, withoutUndefined(list), options),
      ),
    // Webflow documents no paging for this list; should it ever page, this asks for the pages as everywhere else.
    listCollections: async (siteId, { offset }, call) => {
      const page = await readList(call, "collections", collectionSchema, (sdk, options) =>
        sdk.collections.list(siteId, offset === 0 ? options : { ...options, queryParams: { offset } }),
      );
      return { ...page, total: page.total ?? page.entries.length + page.unreadable };
    },
    getCollectionFields: async (collectionId, call) => {
      const { fields } = await read(call, "get collection", collectionDetailsSchema, (sdk, options) =>
        sdk.collections.get(collectionId, options),
      );
      return new Map(fields.map(({ slug, type }) => [slug, type ?? ""]));
    },
    listItems: (collectionId, version, { localeId, ...page }, call) =>
      readList(call, "items", itemSchema, ({ collections: { items } }, options) => {
        const request = withoutUndefined({ ...page, cmsLocaleId: localeId });
        return version === "live"
          ? items.listItemsLive(collectionId, request, options)
          : items.listItems(collectionId, request, options);
      }),
    getScripts: (siteId, kind, call) =>
      read(call, "get scripts", z.unknown(), (sdk, options) => {
        if (kind === "registered") return sdk.scripts.list(siteId, options);
        if (kind === "site") return sdk.sites.scripts.getCustomCode(siteId, options);
        return sdk.sites.scripts.listCustomCodeBlocks(siteId, {}, options);
      }),
  };
}
