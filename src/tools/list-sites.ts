import { listSitesInput, listSitesOutput } from "../contract/list-sites.js";
import { defineTool } from "./definition/tool.js";

export const listSites = defineTool({
  name: "listSites",
  title: "List sites",
  description:
    "List the Webflow sites that the token sees, with ids. Needed only when it sees several: then other tools want a siteId.",
  input: listSitesInput,
  output: listSitesOutput,
  annotations: { readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: false },
  run: (service, _args, context) => service.listSites(context),
});
