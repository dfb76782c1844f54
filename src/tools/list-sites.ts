import { listSitesInput, listSitesOutput } from "../contract/list-sites.js";
import { defineTool } from "./definition/tool.js";

export const listSites = defineTool({
  name: "listSites",
  title: "List sites",
  description:
    "List the Webflow sites that the token can access, with ids. Needed only if there are several: then other tools require a siteId.",
  input: listSitesInput,
  output: listSitesOutput,
  annotations: { readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: false },
  run: (service, _args, context) => service.listSites(context),
});
