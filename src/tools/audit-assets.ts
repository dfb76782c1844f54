import { auditAssetsInput, auditAssetsOutput } from "../contract/audit-assets.js";
import { defineTool } from "./definition/tool.js";

export const auditAssets = defineTool({
  name: "auditAssets",
  title: "Audit the assets of a site",
  description:
    "Report the state of the assets of a Webflow site or folder in brief: totals, heavy images, missing alt texts, " +
    "duplicates, unclear names, what is used; each number with the call that lists its assets.",
  input: auditAssetsInput,
  output: auditAssetsOutput,
  annotations: { readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: true },
  run: (service, args, context) => service.auditAssets(args, context),
});
