import type { EmulatorSwitches } from "../behaviour/switches.js";
import type {
  EmulatedCmsFile,
  EmulatedCollection,
  EmulatedField,
  EmulatedItem,
  ItemVariant,
} from "./content-records.js";
import type { NewEmulatedCmsFile, NewEmulatedCollection, NewEmulatedItem } from "./new-content.js";
import { newObjectId } from "./object-id.js";
import type { EmulatedSite, StoredObject } from "./records.js";

/** Collections, their items and the files of these. */
export interface CmsStore {
  readonly collections: Map<string, EmulatedCollection>;
  readonly items: Map<string, EmulatedItem>;
  readonly cmsFiles: Map<string, EmulatedCmsFile>;
  addCollection(collection: NewEmulatedCollection): EmulatedCollection;
  /** Adds an item, which visitors see once it, or the site, is published. */
  addItem(item: NewEmulatedItem): EmulatedItem;
  /** Adds a file of a CMS field. */
  addCmsFile(file: NewEmulatedCmsFile): EmulatedCmsFile;
  itemsOf(collectionId: string): EmulatedItem[];
  /** Publishes an item in all its locales. */
  publishItem(itemId: string): void;
  /** Publishes the items of a site that are neither drafts nor archived, and takes archived ones down. */
  publishItems(siteId: string): void;
}

export interface CmsBase {
  readonly switches: EmulatorSwitches;
  readonly sites: ReadonlyMap<string, EmulatedSite>;
  now(): number;
  putObject(key: string, bytes: Buffer, contentType: string): StoredObject;
}

/** A picture of one transparent pixel: GIF's smallest. */
const PIXEL = Buffer.from("R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7", "base64");

export function createCmsStore(base: CmsBase): CmsStore {
  const collections = new Map<string, EmulatedCollection>();
  const items = new Map<string, EmulatedItem>();
  const cmsFiles = new Map<string, EmulatedCmsFile>();
  const isoNow = () => new Date(base.now()).toISOString();

  function publish(item: EmulatedItem, live: (variant: ItemVariant) => ItemVariant["live"]): void {
    for (const [locale, variant] of item.variants) {
      item.variants.set(locale, { staged: variant.staged, live: live(variant) });
    }
  }

  function publishItem(itemId: string): void {
    const item = items.get(itemId);
    if (!item) return;
    publish(item, ({ staged }) => staged);
    item.isDraft = false;
    item.lastPublished = isoNow();
  }

  return {
    collections,
    items,
    cmsFiles,
    itemsOf: (collectionId) => [...items.values()].filter((item) => item.collectionId === collectionId),
    publishItem,

    publishItems(siteId) {
      for (const item of items.values()) {
        if (collections.get(item.collectionId)?.siteId !== siteId) continue;
        if (item.isArchived) publish(item, () => undefined);
        else if (!item.isDraft) publishItem(item.id);
      }
    },

    addCollection(given) {
      const collection = newCollection(given, base.now());
      collections.set(collection.id, collection);
      return collection;
    },

    addItem({ fieldData, localized = {}, ...given }) {
      const createdOn = given.createdOn ?? isoNow();
      const site = base.sites.get(collections.get(given.collectionId)?.siteId ?? "");
      const primary = site?.locales.primary.cmsLocaleId ?? "";
      const variants = [[primary, fieldData] as const, ...Object.entries(localized)].map(
        ([locale, staged]) => [locale, { staged, live: undefined }] as const,
      );
      const item: EmulatedItem = {
        id: newObjectId(Date.parse(createdOn)),
        isArchived: false,
        isDraft: false,
        lastPublished: null,
        lastUpdated: createdOn,
        ...given,
        createdOn,
        variants: new Map(variants),
      };
      items.set(item.id, item);
      return item;
    },

    addCmsFile(given) {
      const { siteId, bytes = PIXEL, contentType = "image/gif" } = given;
      const file = { id: newObjectId(base.now()), siteId, hostedName: "" };
      file.hostedName = `${file.id}_${nameOfCopy(given, base.switches)}`;
      cmsFiles.set(file.id, file);
      const bucket = base.sites.get(siteId)?.cmsBucketId ?? siteId;
      base.putObject(`${bucket}/${file.hostedName}`, bytes, contentType);
      // Where the switch says that URLs name the site instead, the file is there as well.
      base.putObject(`${siteId}/${file.hostedName}`, bytes, contentType);
      return file;
    },
  };
}

function nameOfCopy({ fileName, copyOf }: NewEmulatedCmsFile, switches: EmulatorSwitches): string {
  const name = switches.cmsFileNames === "jpg-to-jpeg" ? fileName.replace(/\.jpg$/i, ".jpeg") : fileName;
  return copyOf !== undefined && switches.cmsCopiesNameTheirAsset ? `${copyOf}_${name}` : name;
}

function newCollection(given: NewEmulatedCollection, nowMs: number): EmulatedCollection {
  const createdOn = given.createdOn ?? new Date(nowMs).toISOString();
  const fields = [
    { slug: "name", type: "PlainText", isRequired: true },
    { slug: "slug", type: "PlainText", isRequired: true },
    ...(given.fields ?? []),
  ];
  return {
    id: newObjectId(nowMs),
    singularName: given.displayName.replace(/s$/, ""),
    slug: given.displayName.toLowerCase().replace(/[^a-z0-9]+/g, "-"),
    ...given,
    createdOn,
    fields: fields.map((field) => newField(field, nowMs)),
  };
}

function newField(field: Pick<EmulatedField, "slug" | "type"> & Partial<EmulatedField>, nowMs: number) {
  return {
    id: newObjectId(nowMs),
    displayName: field.slug,
    isRequired: false,
    isEditable: true,
    helpText: null,
    validations: null,
    ...field,
  };
}
