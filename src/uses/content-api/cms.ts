import { oneLine } from "../../core/text.js";
import { readPage } from "../../references/page.js";
import type { Place, Reference } from "../../references/references.js";
import type { CollectionItem, SiteLocale } from "../../webflow/data-api/content-responses.js";
import { reasonOf } from "../record/gaps.js";
import { countPictures, type PictureCount } from "./cms-pictures.js";
import type { ContentParts } from "./list-steps.js";
import { idOf, searchValue } from "./nodes.js";

/** The collections of a site and their items, as they are being edited and as they are published, in every locale. */
export interface Cms {
  begin(): void;
  /** Items that were read. */
  readonly items: number;
  /** Pictures in the fields of items, which are not assets, by `collection / field`. */
  readonly pictures: ReadonlyMap<string, PictureCount>;
}

export interface CmsParts extends ContentParts {
  readonly siteId: string;
  readonly locales: readonly SiteLocale[];
  /** Where the pages of a collection's items are. */
  readonly templatesOf: (collectionId: string) => readonly string[];
  readonly onPath: (path: string) => void;
}

interface Collection {
  readonly id: string;
  readonly name: string;
  /** The type of each field by its slug; empty if they could not be read. */
  readonly fields: ReadonlyMap<string, string>;
}

const SCOPE = "cms:read";

export function createCms(parts: CmsParts): Cms {
  const { webflow, siteId, search, record, gaps, locales, steps } = parts;
  const cmsLocales = locales.filter(({ cmsLocaleId }) => cmsLocaleId !== undefined);
  const pictures = new Map<string, PictureCount>();
  const items = new Set<string>();

  function readCollection(id: string, name: string): void {
    steps.one(
      async (call) => readItems({ id, name, fields: await webflow.getCollectionFields(id, call) }),
      () => readItems({ id, name, fields: new Map() }),
    );
  }

  function readItems(collection: Collection): void {
    const { id, name } = collection;
    for (const [index, locale] of (cmsLocales.length > 0 ? cmsLocales : [undefined]).entries()) {
      const tag = index === 0 ? undefined : (locale?.tag ?? locale?.displayName);
      const what = `CMS items of ${name}${tag === undefined ? "" : ` in ${tag}`}`;
      for (const version of ["staged", "live"] as const) {
        steps.list({
          what,
          readPage: (list, call) =>
            webflow.listItems(id, version, { ...list, localeId: locale?.cmsLocaleId }, call),
          idOf,
          onEntry: (item) => {
            items.add(item.id);
            readItem(collection, item, tag);
            if (version === "live") addPaths(id, item);
            else if (index === 0) countPictures(collection, item.fieldData ?? {}, pictures);
          },
          onFailure: (error) => gaps.addSource(what, reasonOf(error)),
        });
      }
    }
  }

  function readItem({ name, fields }: Collection, item: CollectionItem, locale: string | undefined): void {
    const title = item.fieldData?.["name"];
    const itemName = typeof title === "string" && title !== "" ? title : item.id;
    for (const [slug, value] of Object.entries(item.fieldData ?? {})) {
      if (value === null || value === undefined || value === "") continue;
      const found = searchField(value, fields.get(slug));
      if (found.references.length === 0) continue;
      const where = `CMS: ${oneLine(name, 80)} / ${oneLine(itemName, 80)} / ${slug}`;
      record.add({ in: where, place: found.place, ...(locale && { detail: locale }) }, found.references);
    }
  }

  function searchField(
    value: unknown,
    type: string | undefined,
  ): { place: Place; references: readonly Reference[] } {
    if (type === "RichText" && typeof value === "string") {
      return { place: "richText", references: readPage(Buffer.from(value), search).references };
    }
    return { place: "field", references: searchValue(value, search, { place: "field", strength: "strong" }) };
  }

  function addPaths(collectionId: string, { fieldData }: CollectionItem): void {
    const slug = fieldData?.["slug"];
    if (typeof slug !== "string" || slug === "") return;
    for (const path of parts.templatesOf(collectionId)) parts.onPath(`${path}/${encodeURIComponent(slug)}`);
  }

  return {
    begin() {
      steps.list({
        what: "CMS collections",
        readPage: (list, call) => webflow.listCollections(siteId, list, call),
        idOf,
        onEntry: ({ id, displayName, slug }) => readCollection(id, displayName ?? slug ?? id),
        onFailure: (error) => gaps.addSource("CMS items", reasonOf(error, SCOPE)),
      });
    },
    get items() {
      return items.size;
    },
    pictures,
  };
}
