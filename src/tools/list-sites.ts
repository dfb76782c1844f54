import * as z from "zod";
import { defineTool } from "./definition/tool.js";

export const listSites = defineTool({
  name: "listSites",
  title: "List sites",
  description:
    "List the Webflow sites that the token sees, with ids. Only needed when it sees several: then the other tools need a siteId.",
  input: z.strictObject({}),
  output: z.object({
    sites: z.array(z.object({ id: z.string(), name: z.string(), shortName: z.string().optional() })),
  }),
  annotations: { readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: false },
  run: (service, _args, context) => service.listSites(context),
});
