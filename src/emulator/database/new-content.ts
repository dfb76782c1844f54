import type {
  EmulatedCollection,
  EmulatedComponent,
  EmulatedField,
  EmulatedItem,
  EmulatedPage,
  EmulatedStyleSheet,
  FieldData,
  PageContent,
  PageElement,
  PublishedFile,
  WithUrls,
} from "./content-records.js";

type Given<Record, Key extends keyof Record> = Pick<Record, Key> & Partial<Record>;

export type NewEmulatedPage = Omit<
  Given<EmulatedPage, "siteId" | "path">,
  "content" | "published" | "publishedBefore"
> & {
  readonly elements?: readonly PageElement[];
  readonly localized?: PageContent["localized"];
  readonly head?: PageContent["head"];
};

export type NewEmulatedComponent = Given<EmulatedComponent, "siteId" | "name">;

/** The fields after `name` and `slug`, which every collection has. */
export type NewEmulatedCollection = Omit<Given<EmulatedCollection, "siteId" | "displayName">, "fields"> & {
  readonly fields?: readonly (Pick<EmulatedField, "slug" | "type"> & Partial<EmulatedField>)[];
};

export type NewEmulatedItem = Omit<Given<EmulatedItem, "collectionId">, "variants"> & {
  /** In the primary locale. */
  readonly fieldData: FieldData;
  /** In other locales, by their `cmsLocaleId`. */
  readonly localized?: Readonly<Record<string, FieldData>>;
};

export interface NewEmulatedCmsFile {
  readonly siteId: string;
  readonly fileName: string;
  /** The asset that it is a copy of. */
  readonly copyOf?: string;
  /** Its bytes; by default a picture of one pixel. */
  readonly bytes?: Buffer;
  readonly contentType?: string;
}

export type NewEmulatedStyleSheet = Given<EmulatedStyleSheet, "siteId" | "name" | "css">;

/** By default an HTML page with status 200 that the sitemap names. */
export type NewPublishedFile = Omit<Given<PublishedFile, "siteId" | "path">, "body"> & {
  readonly html?: WithUrls<string>;
  readonly body?: WithUrls<string | Buffer>;
};
