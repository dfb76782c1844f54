import * as z from "zod";
import { readPage } from "../../references/page.js";
import { findReferences, type Label, type Reference, type Search } from "../../references/references.js";

const nodeSchema = z.looseObject({ text: z.unknown().optional(), image: z.unknown().optional() });
const markupSchema = z.looseObject({ html: z.string() });

const IN_NODE: Label = { place: "other", strength: "strong" };

/**
 * What a node of a page or a component refers to. Nodes are read by the keys that they have, because Webflow's own
 * examples name wrong types; unknown ones are searched all the same.
 */
export function readNode(node: object, search: Search): Reference[] {
  const { text, image, ...rest } = nodeSchema.parse(node);
  return [
    ...readText(text, search),
    ...searchValue(image, search, { place: "image", strength: "strong" }),
    ...searchValue(rest, search, IN_NODE),
  ];
}

function readText(text: unknown, search: Search): Reference[] {
  const markup = markupSchema.safeParse(text);
  if (!markup.success) return searchValue(text, search, IN_NODE);
  const { html, ...rest } = markup.data;
  return [...readPage(Buffer.from(html), search).references, ...searchValue(rest, search, IN_NODE)];
}

/** What any value of the Data API refers to. */
export function searchValue(value: unknown, search: Search, label: Label): Reference[] {
  return findReferences(Buffer.from(JSON.stringify(value) ?? ""), search, label);
}

/** The id of an entry, if it has one. */
export function idOf(entry: object): string | undefined {
  return "id" in entry && typeof entry.id === "string" ? entry.id : undefined;
}
