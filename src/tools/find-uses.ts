import { findUsesInput, findUsesOutput } from "../contract/find-uses.js";
import { defineTool } from "./definition/tool.js";

export const findUses = defineTool({
  name: "findUses",
  title: "Find where assets are used",
  description:
    "Find where assets of a Webflow site are used: pages, styles, CMS items, components, drafts. Reads the published " +
    "site and the API; noReferenceFound is no proof, as other sites and newsletters cannot be read.",
  input: findUsesInput,
  output: findUsesOutput,
  annotations: { readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: true },
  run: (service, args, context) => service.findUses(args, context),
});
