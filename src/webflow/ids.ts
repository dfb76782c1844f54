import { AssetError } from "../core/errors.js";

/** An ObjectId: 24 hex digits, in any case. */
export const WEBFLOW_ID = /^[0-9a-f]{24}$/i;

/** A Webflow id, 24 hex digits, in lower case. Throws INVALID_INPUT for what must not get into a path. */
export function assertWebflowId(id: string, argument: string): string {
  if (WEBFLOW_ID.test(id)) return id.toLowerCase();
  // A hosted file is named `<id>_<name>`, in a directory named after the site.
  const [inUrl] = /[0-9a-f]{24}(?=_[^/]*$)/i.exec(id) ?? [];
  throw new AssetError(
    "INVALID_INPUT",
    `${argument} ${JSON.stringify(id.slice(0, 60))} is not a Webflow id (24 hex digits)`,
    inUrl === undefined ? whereIdsAre(argument) : `use the id in it, ${inUrl}`,
  );
}

function whereIdsAre(argument: string): string {
  switch (argument) {
    case "siteId":
      return "use an id exactly as listSites returned it";
    case "folderId":
      return "use an id exactly as listFolders returned it, or give the path, as folder";
    default:
      return "use an id exactly as listAssets returned it";
  }
}

/** When it was created by Webflow's clock, in milliseconds: an ObjectId begins with the seconds since the epoch. */
export function timeOfWebflowId(id: string): number {
  return Number.parseInt(id.slice(0, 8), 16) * 1000;
}
