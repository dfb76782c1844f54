import type { EmulatedCollection } from "../../database/content-records.js";
import type { Reply } from "../../http/exchange.js";
import type { ApiContext, ApiRequest, Endpoints } from "../protocol/endpoint.js";
import { isRefusal, LARGEST_PAGE, pagination, readListPage } from "../protocol/paging.js";
import { json, notFound, webflowError } from "../protocol/replies.js";

/** `/sites/{id}/collections`, `/collections/{id}`, and `/sites/{id}/products`, which no site has. */
export function collectionEndpoints({ database, switches }: ApiContext): Endpoints {
  const { collections } = database.content;

  function list({ id: siteId, query }: ApiRequest): Reply {
    const all = [...collections.values()].filter((collection) => collection.siteId === siteId).map(describe);
    if (switches.collectionPaging === "all") return json(200, { collections: all });
    const page = readListPage(query, switches, LARGEST_PAGE);
    if (isRefusal(page)) return page;
    return json(200, {
      collections: all.slice(page.offset, page.offset + page.limit),
      pagination: pagination(page, all.length, switches),
    });
  }

  const refuseToSell = () => webflowError(409, "ecommerce_not_enabled", "Ecommerce is not yet initialized");

  return {
    listCollections: list,
    getCollection: ({ id }) => {
      const collection = collections.get(id);
      if (!collection) return notFound("collection");
      return json(200, { ...describe(collection), fields: collection.fields });
    },
    listProducts: refuseToSell,
    getProduct: refuseToSell,
  };
}

function describe({ id, displayName, singularName, slug, createdOn }: EmulatedCollection) {
  return { id, displayName, singularName, slug, createdOn, lastUpdated: createdOn };
}
