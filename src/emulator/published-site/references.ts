import type { ContentUrls } from "../database/content-records.js";
import type { EmulatedAsset } from "../database/records.js";
import { type EmulatorContext, publishedUrls, withUrls } from "../urls/content-urls.js";

/** Whether anything that visitors of the site see refers to the asset. */
export function isReferredTo({ id, siteId }: EmulatedAsset, context: EmulatorContext): boolean {
  const { content } = context.database;
  const urls = publishedUrls(context, "");
  const collectionIds = new Set(
    [...content.collections.values()].filter((collection) => collection.siteId === siteId).map((c) => c.id),
  );
  const shown: unknown[] = [
    ...content.pagesOf(siteId).map(({ published }) => published),
    ...content.componentsOf(siteId).map(({ elements }) => elements),
    ...content.styleSheets.filter((sheet) => sheet.siteId === siteId).map(({ css }) => css),
    ...content.filesOf(siteId).map(({ body }) => withUrls(body, urls).toString()),
    ...[...content.items.values()]
      .filter(({ collectionId }) => collectionIds.has(collectionId))
      .flatMap(({ variants }) => [...variants.values()].map(({ live }) => live)),
  ];
  return shown.some((value) => textOf(value, urls).includes(id));
}

/** Everything that content holds, with its URLs. */
function textOf(value: unknown, urls: ContentUrls): string {
  return JSON.stringify(value, (_key, inner) => withUrls(inner, urls)) ?? "";
}
