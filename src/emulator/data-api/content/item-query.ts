import type { Reply } from "../../http/exchange.js";
import { validationError } from "../protocol/replies.js";
import type { ItemInLocale } from "./item-variants.js";

const SORTABLE = ["createdOn", "lastPublished", "lastUpdated", "name", "slug"] as const;
const DATES = ["createdOn", "lastPublished", "lastUpdated"] as const;

/** Filters and sorts items as the query of a list asks for, or refuses it. */
export function applyItemQuery(
  items: readonly ItemInLocale[],
  query: URLSearchParams,
): ItemInLocale[] | Reply {
  const sortBy = SORTABLE.find((name) => name === query.get("sortBy"));
  if (query.has("sortBy") && !sortBy) return validationError(`sortBy must be one of ${SORTABLE.join(", ")}`);
  const sortOrder = query.get("sortOrder") ?? "asc";
  if (sortOrder !== "asc" && sortOrder !== "desc") return validationError("sortOrder must be asc or desc");
  const found = items.filter(
    ({ item, fieldData }) =>
      isEqual(fieldData.name, query.get("name")) &&
      isEqual(fieldData.slug, query.get("slug")) &&
      DATES.every((name) => isWithin(item[name], query.get(`${name}[gte]`), query.get(`${name}[lte]`))),
  );
  if (!sortBy) return found;
  const direction = sortOrder === "asc" ? 1 : -1;
  return found.sort((a, b) => direction * sortKey(a, sortBy).localeCompare(sortKey(b, sortBy)));
}

function isEqual(value: unknown, wanted: string | null): boolean {
  return wanted === null || wanted === "" || value === wanted;
}

function isWithin(date: string | null, from: string | null, to: string | null): boolean {
  const ms = Date.parse(date ?? "");
  return !(from && !(ms >= Date.parse(from))) && !(to && !(ms <= Date.parse(to)));
}

function sortKey({ item, fieldData }: ItemInLocale, name: (typeof SORTABLE)[number]): string {
  return (name === "name" || name === "slug" ? fieldData[name] : item[name]) ?? "";
}
