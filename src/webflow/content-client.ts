import type { CallContext } from "../core/call-context.js";
import type { CollectionItem, ListPage, SiteDetails, SitePage } from "./content-responses.js";

/** Which part of a list to read, and for which locale: `localeId` of a page or component, `cmsLocaleId` of an item. */
export interface ListRequest {
  readonly offset: number;
  /** Webflow: at most 100. */
  readonly limit: number;
  readonly localeId?: string | undefined;
}

/** The part of the Data API that tells what a site is made of: everything that may refer to assets. Reading only. */
export interface ContentClient {
  /** Calls of any kind that may be made before the rate limit is reached, as far as Webflow told. */
  callsLeft(): number;
  getSite(siteId: string, call: CallContext): Promise<SiteDetails>;
  listPages(siteId: string, list: ListRequest, call: CallContext): Promise<ListPage<SitePage>>;
  /** The static texts and images of a page; not its styles, backgrounds and videos. */
  listPageNodes(pageId: string, list: ListRequest, call: CallContext): Promise<ListPage<object>>;
  listComponents(siteId: string, list: ListRequest, call: CallContext): Promise<ListPage<Named>>;
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
  listCollections(siteId: string, list: ListRequest, call: CallContext): Promise<ListPage<NamedCollection>>;
  /** The type of each field by its slug. */
  getCollectionFields(collectionId: string, call: CallContext): Promise<ReadonlyMap<string, string>>;
  /** Items as they are edited, or as visitors see them. */
  listItems(
    collectionId: string,
    version: "staged" | "live",
    list: ListRequest,
    call: CallContext,
  ): Promise<ListPage<CollectionItem>>;
  /** Scripts that apps registered, and where they are applied: answers of any shape. Freeform code is in none. */
  getScripts(siteId: string, kind: ScriptList, call: CallContext): Promise<unknown>;
}

/** What apps may have added to a site: scripts, those of the whole site, those of its pages. */
export type ScriptList = "registered" | "site" | "blocks";

interface Named {
  readonly id: string;
  readonly name?: string | undefined;
}

interface NamedCollection {
  readonly id: string;
  readonly displayName?: string | undefined;
  readonly slug?: string | undefined;
}
