import { oneLine } from "../../core/text.js";
import type { Writable } from "../../core/writable.js";
import { reasonOf } from "../record/gaps.js";
import { type ContentParts, once } from "./list-steps.js";
import { idOf, readNode } from "./nodes.js";

/** The components of a site, used on a page or not: their definitions hold on to assets either way. */
export interface Components {
  begin(): void;
  readonly count: number;
}

const SCOPE = "components:read";

export function createComponents({
  siteId,
  ...parts
}: ContentParts & { readonly siteId: string }): Components {
  const { webflow, search, record, gaps, localeIds, steps } = parts;

  function readOne(id: string, name: string): void {
    const where = { in: `component ${oneLine(name, 80)}` };
    const onEntry = (node: object): void => record.add(where, readNode(node, search));
    const missed = once((why) => gaps.addOne("component", name, why));
    const onFailure = (error: unknown): void => missed(reasonOf(error));
    for (const localeId of localeIds) {
      steps.list({
        what: `content of component ${name}`,
        readPage: (list, call) => webflow.listComponentNodes(siteId, id, { ...list, localeId }, call),
        idOf,
        onEntry,
        onFailure,
      });
    }
    steps.list({
      what: `properties of component ${name}`,
      readPage: (list, call) => webflow.listComponentProperties(siteId, id, list, call),
      idOf: () => undefined,
      onEntry,
      onFailure,
    });
  }

  const components: Writable<Components> = {
    count: 0,
    begin() {
      steps.list({
        what: "components",
        readPage: (list, call) => webflow.listComponents(siteId, list, call),
        idOf,
        onEntry: ({ id, name }) => readOne(id, name ?? id),
        onEnd: (all) => {
          components.count = all;
        },
        onFailure: (error) => gaps.addSource("components", reasonOf(error, SCOPE)),
      });
    },
  };
  return components;
}
