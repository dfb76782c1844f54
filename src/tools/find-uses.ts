import { findUsesInput, findUsesOutput } from "../contract/find-uses.js";
import { defineTool } from "./definition/tool.js";

export const findUses = defineTool({
  name: "findUses",
  title: "Find where assets are used",
  description:
    "Find where assets of a Webflow site are used: pages, styles, CMS items, components, drafts. noReferenceFound is not " +
    "proof: other sites and newsletters cannot be read. If status is reading, repeat the call to go on.",
  input: findUsesInput,
  output: findUsesOutput,
  annotations: { readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: true },
  run: (service, args, context) => service.findUses(args, context),
});
