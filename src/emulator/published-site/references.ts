import type { ContentUrls, PageContent } from "../database/content-records.js";
import type { EmulatedAsset } from "../database/records.js";
import { publishedUrls, withUrls } from "../urls/content-urls.js";
import type { PublishedSiteContext } from "./context.js";

/** Whether anything that visitors of a site see names an asset. */
export function isReferredTo({ id, siteId }: EmulatedAsset, context: PublishedSiteContext): boolean {
  const { content } = context.database;
  const urls = publishedUrls(context, "");
  const collectionIds = new Set(
    [...content.collections.values()].filter((collection) => collection.siteId === siteId).map((c) => c.id),
  );
  const texts = [
    ...content.pagesOf(siteId).map(
      ({ published }) =>
        () =>
          textOf(published, urls),
    ),
    ...content.componentsOf(siteId).map(
      ({ elements }) =>
        () =>
          textOf(elements, urls),
    ),
    ...content.styleSheets
      .filter((sheet) => sheet.siteId === siteId)
      .map(
        ({ css }) =>
          () =>
            textOf(css, urls),
      ),
    ...content.filesOf(siteId).map(
      ({ body }) =>
        () =>
          withUrls(body, urls).toString(),
    ),
    ...[...content.items.values()]
      .filter(({ collectionId }) => collectionIds.has(collectionId))
      .flatMap(({ variants }) =>
        [...variants.values()].map(
          ({ live }) =>
            () =>
              textOf(live, urls),
        ),
      ),
  ];
  return texts.some((text) => text().includes(id));
}

/** All that content holds, with its URLs. */
function textOf(value: PageContent | unknown, urls: ContentUrls): string {
  return JSON.stringify(value, (_key, inner) => withUrls(inner, urls)) ?? "";
}
