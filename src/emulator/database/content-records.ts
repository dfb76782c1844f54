/** The URLs by which content refers to files; they change with the switches. */
export interface ContentUrls {
  asset(assetId: string): string;
  /** The smaller version of a picture that is so many pixels wide. */
  variant(assetId: string, width: number): string;
  cmsFile(fileId: string): string;
}

/** A value, or a function that makes it from the URLs of the moment. */
export type WithUrls<Value> = Value | ((urls: ContentUrls) => Value);

/** The alt text of a picture on a page: the asset's, none on purpose, or the page's own. */
export type ElementAlt = "inherit" | "decorative" | { readonly text: string };

/** A text property of a component, or an instance's override of it. */
export interface EmulatedProperty {
  readonly propertyId: string;
  readonly type: "Plain Text" | "Rich Text" | "Alt Text";
  readonly label: string;
  readonly text: { readonly html: string | null; readonly text: string | null };
}

/** A part of a page or component. The API's DOM shows the first four; only published pages show the others. */
export type PageElement =
  | { readonly kind: "text"; readonly html: WithUrls<string> }
  | { readonly kind: "rich-text"; readonly html: WithUrls<string> }
  | {
      readonly kind: "image";
      readonly assetId: string;
      /** Inherited when left out. */
      readonly alt?: ElementAlt;
      /** Custom attributes. */
      readonly attributes?: Readonly<Record<string, string>>;
    }
  | {
      readonly kind: "component";
      readonly componentId: string;
      readonly overrides?: readonly EmulatedProperty[];
      /** What was put into the component's slot. */
      readonly slot?: readonly PageElement[];
    }
  | {
      /** The items of a collection, each with its pictures and a link to its page. */
      readonly kind: "list";
      readonly collectionId: string;
      /** Items before the next page of the list; 100 when left out. */
      readonly pageSize?: number;
    }
  | { readonly kind: "markup"; readonly html: WithUrls<string> };

/** What a page shows, in the designer or to visitors. */
export interface PageContent {
  readonly elements: readonly PageElement[];
  /** What differs in secondary locales, by their ids. */
  readonly localized: Readonly<Record<string, readonly PageElement[]>>;
  /** Markup of the head (Open Graph, icons, JSON-LD, custom code), which the API does not show. */
  readonly head: WithUrls<string>;
}

export interface EmulatedPage {
  readonly id: string;
  readonly siteId: string;
  readonly createdOn: string;
  readonly title: string;
  readonly slug: string;
  readonly parentId: string | null;
  /** Of a template page, which shows the collection's items. */
  readonly collectionId: string | null;
  /** Such as `/about`, without the locale's subdirectory; the items' slugs follow that of a template. */
  readonly path: string;
  /** Pages that are served in place of others, or that functions of the site need. */
  readonly utility: "404" | "401" | "search" | undefined;
  readonly isDraft: boolean;
  readonly isArchived: boolean;
  /** Of a page that is a branch of another. */
  readonly branchId: string | null;
  readonly hasPassword: boolean;
  readonly isInSitemap: boolean;
  /** Names of the site's style sheets that it links. */
  readonly styleSheets: readonly string[];
  /** As edited. */
  content: PageContent;
  /** As last published; undefined if it never was. */
  published: PageContent | undefined;
  /** As published before that. */
  publishedBefore: PageContent | undefined;
  lastUpdated: string;
}

export interface EmulatedComponent {
  /** A UUID. */
  readonly id: string;
  readonly siteId: string;
  readonly name: string;
  readonly group: string | null;
  readonly description: string | null;
  /** Of a library of another site. */
  readonly isReadOnly: boolean;
  readonly elements: readonly PageElement[];
  readonly properties: readonly EmulatedProperty[];
}

export interface EmulatedField {
  readonly id: string;
  readonly slug: string;
  readonly displayName: string;
  /** Such as `Image` or `RichText`. */
  readonly type: string;
  readonly isRequired: boolean;
  readonly isEditable: boolean;
  readonly helpText: string | null;
  readonly validations: Readonly<Record<string, unknown>> | null;
}

export interface EmulatedCollection {
  readonly id: string;
  readonly siteId: string;
  readonly displayName: string;
  readonly singularName: string;
  readonly slug: string;
  readonly createdOn: string;
  readonly fields: readonly EmulatedField[];
}

export type FieldValue =
  | string
  | number
  | boolean
  | null
  | readonly unknown[]
  | { readonly [key: string]: unknown }
  | ((urls: ContentUrls) => unknown);

/** An item's values by the slugs of the fields. */
export type FieldData = Readonly<Record<string, FieldValue>> & {
  readonly name: string;
  readonly slug: string;
};

/** An item in one locale: as edited, and as published. */
export interface ItemVariant {
  readonly staged: FieldData;
  readonly live: FieldData | undefined;
}

export interface EmulatedItem {
  readonly id: string;
  readonly collectionId: string;
  readonly createdOn: string;
  /** By `cmsLocaleId`. */
  readonly variants: Map<string, ItemVariant>;
  isArchived: boolean;
  isDraft: boolean;
  lastUpdated: string;
  lastPublished: string | null;
}

/** A file of a CMS field: a copy in a bucket of its own, and no asset. */
export interface EmulatedCmsFile {
  readonly id: string;
  readonly siteId: string;
  /** Including the ids in front. */
  readonly hostedName: string;
}

/** A script that an app registered. */
export interface EmulatedScript {
  readonly id: string;
  readonly version: string;
  readonly displayName: string;
  readonly hostedLocation: WithUrls<string>;
  readonly integrityHash: string | null;
  readonly createdOn: string;
}

/** Registered scripts that an app put on a site, or on one page of it. */
export interface EmulatedCodeBlock {
  readonly siteId: string;
  readonly pageId: string | null;
  readonly createdOn: string;
  readonly scripts: readonly AppliedScript[];
}

export interface AppliedScript {
  readonly id: string;
  readonly version: string;
  readonly location: "header" | "footer";
  readonly attributes: Readonly<Record<string, string>>;
}

/** A style sheet that published pages link. */
export interface EmulatedStyleSheet {
  readonly siteId: string;
  /** The first part of its file name, such as `pottery-lane`. */
  readonly name: string;
  readonly css: WithUrls<string>;
  /** What pages link that were not published since; by default the same. */
  readonly olderCss: WithUrls<string> | undefined;
}

/** A file that a site serves at a path, whatever its pages and switches are. */
export interface PublishedFile {
  readonly siteId: string;
  /** With a leading slash, without a query. */
  readonly path: string;
  readonly body: WithUrls<string | Buffer>;
  readonly contentType: string;
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly isInSitemap: boolean;
  /** The same page in other locales: paths by `hreflang`. */
  readonly alternates: Readonly<Record<string, string>>;
}
