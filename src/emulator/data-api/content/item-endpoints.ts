import { isObjectId } from "../../database/object-id.js";
import type { Reply } from "../../http/exchange.js";
import type { ApiContext, ApiRequest, Endpoints } from "../protocol/endpoint.js";
import { isRefusal, pagination, readListPage } from "../protocol/paging.js";
import { json, notFound, validationError } from "../protocol/replies.js";
import { applyItemQuery } from "./item-query.js";
import { describeItem, type ItemVersion, inLocales, readCmsLocales } from "./item-variants.js";

/** `/collections/{id}/items`, staged and live. */
export function itemEndpoints(context: ApiContext): Endpoints {
  const { database, switches } = context;
  const { content } = database;

  function list({ id, query }: ApiRequest, version: ItemVersion): Reply {
    const collection = content.collections.get(id);
    if (!collection) return notFound("collection");
    const page = readListPage(query, switches);
    if (isRefusal(page)) return page;
    const locales = readCmsLocales(query, collection, context);
    if ("status" in locales) return locales;
    const items = applyItemQuery(
      content.itemsOf(id).flatMap((item) => inLocales(item, version, locales, context)),
      query,
    );
    if ("status" in items) return items;
    return json(200, {
      items: items.slice(page.offset, page.offset + page.limit).map((shown) => describeItem(shown, context)),
      pagination: pagination(page, items.length, switches),
    });
  }

  function get({ id, innerId, query }: ApiRequest, version: ItemVersion): Reply {
    if (!isObjectId(innerId)) return validationError("Provided ID is invalid");
    const collection = content.collections.get(id);
    const item = content.items.get(innerId);
    if (!collection || item?.collectionId !== id) return notFound("item");
    const locales = readCmsLocales(query, collection, context);
    if ("status" in locales) return locales;
    const [shown] = inLocales(item, version, locales, context);
    return shown ? json(200, describeItem(shown, context)) : notFound("item");
  }

  return {
    listItems: (request) => list(request, "staged"),
    listLiveItems: (request) => list(request, "live"),
    getItem: (request) => get(request, "staged"),
    getLiveItem: (request) => get(request, "live"),
  };
}
