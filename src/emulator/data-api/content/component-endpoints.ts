import type { EmulatedComponent } from "../../database/content-records.js";
import type { Reply } from "../../http/exchange.js";
import type { ApiContext, ApiRequest, Endpoints } from "../protocol/endpoint.js";
import { type AskedLocale, isLocaleRefused, readLocale } from "../protocol/locales.js";
import { isRefusal, pagination, readListPage } from "../protocol/paging.js";
import { json, notFound } from "../protocol/replies.js";
import { domNodes } from "./dom-nodes.js";

/** `/sites/{id}/components` and what is below it. */
export function componentEndpoints(context: ApiContext): Endpoints {
  const { database, switches } = context;
  const { content } = database;

  function list({ id: siteId, query }: ApiRequest): Reply {
    const page = readListPage(query, switches);
    if (isRefusal(page)) return page;
    const components = content.componentsOf(siteId);
    return json(200, {
      components: components.slice(page.offset, page.offset + page.limit).map(describe),
      pagination: pagination(page, components.length, switches),
    });
  }

  /** A page of what a component consists of, under a name. */
  function parts<Part>(
    { id: siteId, innerId, query }: ApiRequest,
    name: "nodes" | "properties",
    read: (component: EmulatedComponent, locale: AskedLocale) => readonly Part[],
  ): Reply {
    const component = content.components.get(innerId);
    if (component?.siteId !== siteId) return notFound("component");
    const page = readListPage(query, switches);
    if (isRefusal(page)) return page;
    const locale = readLocale(query, database.sites.get(siteId), switches);
    if (isLocaleRefused(locale)) return locale;
    const all = read(component, locale);
    return json(200, {
      componentId: component.id,
      [name]: all.slice(page.offset, page.offset + page.limit),
      pagination: pagination(page, all.length, switches),
    });
  }

  return {
    listComponents: list,
    getComponentDom: (request) =>
      parts(request, "nodes", ({ elements, id }, locale) => domNodes(elements, id, { context, locale })),
    getComponentProperties: (request) => parts(request, "properties", ({ properties }) => properties),
  };
}

function describe({ id, name, group, description, isReadOnly }: EmulatedComponent) {
  return { id, name, group, description, ...(isReadOnly && { readonly: true }) };
}
