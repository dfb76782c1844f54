import type { Implementation } from "@modelcontextprotocol/sdk/types.js";
import { HOMEPAGE, VERSION } from "../core/version.js";
import { ICON_SVG } from "./icon.js";

/** How the server introduces itself; clients show title and icon. */
export const SERVER_INFO: Implementation = {
  name: "webflow-assets-mcp",
  title: "Webflow Assets",
  version: VERSION,
  description: "Uploads and organises the assets of a Webflow site: folders, files, alt texts.",
  websiteUrl: HOMEPAGE,
  icons: [
    {
      src: `data:image/svg+xml;base64,${Buffer.from(ICON_SVG).toString("base64")}`,
      mimeType: "image/svg+xml",
      sizes: ["any"],
    },
  ],
};
