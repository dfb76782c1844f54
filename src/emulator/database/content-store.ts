import { randomUUID } from "node:crypto";
import type { EmulatorSwitches } from "../behaviour/switches.js";
import { type CmsStore, createCmsStore } from "./cms-store.js";
import type {
  EmulatedCodeBlock,
  EmulatedComponent,
  EmulatedPage,
  EmulatedScript,
  EmulatedStyleSheet,
  PublishedFile,
} from "./content-records.js";
import { lottieFile, type NewLottie } from "./lottie-file.js";
import type {
  NewEmulatedComponent,
  NewEmulatedPage,
  NewEmulatedStyleSheet,
  NewPublishedFile,
} from "./new-content.js";
import { newObjectId } from "./object-id.js";
import type { EmulatedAsset, EmulatedSite, NewEmulatedAsset, StoredObject } from "./records.js";

/** Pages, components and the CMS of all sites, edited and published. */
export interface ContentStore extends CmsStore {
  readonly pages: Map<string, EmulatedPage>;
  readonly components: Map<string, EmulatedComponent>;
  readonly scripts: (EmulatedScript & { readonly siteId: string })[];
  readonly codeBlocks: EmulatedCodeBlock[];
  readonly styleSheets: EmulatedStyleSheet[];
  addPage(page: NewEmulatedPage): EmulatedPage;
  addComponent(component: NewEmulatedComponent): EmulatedComponent;
  addStyleSheet(styleSheet: NewEmulatedStyleSheet): EmulatedStyleSheet;
  pagesOf(siteId: string): EmulatedPage[];
  componentsOf(siteId: string): EmulatedComponent[];
  /** A Lottie animation, as an asset; `lottieImages` says how it holds the pictures, which are assets. */
  addLottie(lottie: NewLottie): EmulatedAsset;
  /** The file that was published at a path, if any. */
  fileAt(siteId: string, path: string): PublishedFile | undefined;
  filesOf(siteId: string): PublishedFile[];
  /** Serves a file at a path of the site, as it is, and publishes nothing else. */
  publishFile(file: NewPublishedFile): PublishedFile;
  /** Publishes the pages and items as they are now, on all of the site's domains. */
  publishSite(siteId: string): void;
}

/** What the content of sites depends on. */
export interface ContentBase {
  readonly switches: EmulatorSwitches;
  readonly sites: ReadonlyMap<string, EmulatedSite>;
  readonly assetRecords: ReadonlyMap<string, EmulatedAsset>;
  now(): number;
  addAsset(asset: NewEmulatedAsset): EmulatedAsset;
  putObject(key: string, bytes: Buffer, contentType: string): StoredObject;
}

export function createContentStore(base: ContentBase): ContentStore {
  const cms = createCmsStore(base);
  const pages = new Map<string, EmulatedPage>();
  const components = new Map<string, EmulatedComponent>();
  const styleSheets: EmulatedStyleSheet[] = [];
  const files = new Map<string, PublishedFile>();
  const pagesOf = (siteId: string) => [...pages.values()].filter((page) => page.siteId === siteId);

  function markPublished(siteId: string): void {
    const site = base.sites.get(siteId);
    if (!site) return;
    const lastPublished = new Date(base.now()).toISOString();
    site.lastPublished = lastPublished;
    site.customDomains = site.customDomains.map((domain) => ({ ...domain, lastPublished }));
  }

  return {
    ...cms,
    pages,
    components,
    scripts: [],
    codeBlocks: [],
    styleSheets,
    pagesOf,
    componentsOf: (siteId) => [...components.values()].filter((component) => component.siteId === siteId),
    fileAt: (siteId, path) => files.get(`${siteId} ${path}`),
    filesOf: (siteId) => [...files.values()].filter((file) => file.siteId === siteId),

    addPage(given) {
      const page = newPage(given, base.now());
      pages.set(page.id, page);
      return page;
    },

    addComponent(given) {
      const component = newComponent(given);
      components.set(component.id, component);
      return component;
    },

    addLottie: (given) =>
      base.addAsset({
        siteId: given.siteId,
        fileName: given.fileName,
        contentType: "application/json",
        bytes: () => lottieFile(given, base),
      }),

    addStyleSheet(given) {
      const styleSheet = { olderCss: undefined, ...given };
      styleSheets.push(styleSheet);
      return styleSheet;
    },

    publishFile(given) {
      const file = newFile(given);
      files.set(`${file.siteId} ${file.path}`, file);
      markPublished(file.siteId);
      return file;
    },

    publishSite(siteId) {
      for (const page of pagesOf(siteId)) {
        page.publishedBefore = page.published;
        page.published = page.isDraft || page.isArchived ? undefined : page.content;
      }
      cms.publishItems(siteId);
      markPublished(siteId);
    },
  };
}

function newPage({ elements = [], localized = {}, head = "", ...given }: NewEmulatedPage, nowMs: number) {
  const createdOn = given.createdOn ?? new Date(nowMs).toISOString();
  const slug = given.slug ?? given.path.split("/").at(-1) ?? "";
  return {
    id: newObjectId(Date.parse(createdOn)),
    title: slug === "" ? "Home" : slug,
    parentId: null,
    collectionId: null,
    utility: undefined,
    isDraft: false,
    isArchived: false,
    branchId: null,
    hasPassword: false,
    isInSitemap: given.utility === undefined,
    styleSheets: [],
    lastUpdated: createdOn,
    ...given,
    createdOn,
    slug,
    content: { elements, localized, head },
    published: undefined,
    publishedBefore: undefined,
  };
}

function newComponent(given: NewEmulatedComponent): EmulatedComponent {
  return {
    id: randomUUID(),
    group: null,
    description: null,
    isReadOnly: false,
    elements: [],
    properties: [],
    ...given,
  };
}

function newFile({ html, ...given }: NewPublishedFile): PublishedFile {
  const status = given.status ?? 200;
  return {
    contentType: "text/html",
    headers: {},
    isInSitemap: status === 200 && (given.contentType ?? "text/html") === "text/html",
    alternates: {},
    ...given,
    status,
    body: given.body ?? html ?? "",
  };
}
