import { findUsesInput, findUsesOutput } from "../contract/find-uses.js";
import { defineTool } from "./definition/tool.js";

export const findUses = defineTool({
  name: "findUses",
  title: "Find where assets are used",
  description:
    "Find where assets of a Webflow site are used: pages, styles, CMS items, components, drafts. noReferenceFound is no " +
    "proof: other sites and newsletters cannot be read. status reading: repeat the call to go on.",
  input: findUsesInput,
  output: findUsesOutput,
  annotations: { readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: true },
  run: (service, args, context) => service.findUses(args, context),
});
