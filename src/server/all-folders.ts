import type { ListFoldersResult } from "../contract/list-folders.js";
import type { CallContext } from "../core/call-context.js";
import type { AssetService } from "../service/asset-service.js";

type ListedFolder = ListFoldersResult["folders"][number];

const PAGE = 1000;

/** Every folder of a site by path; without `siteId`, of the site that calls without one are about. */
export async function listAllFolders(
  service: AssetService,
  siteId: string | undefined,
  call: CallContext,
): Promise<ListedFolder[]> {
  const folders: ListedFolder[] = [];
  let cursor: string | undefined;
  do {
    const page = await service.listFolders({ siteId, limit: PAGE, cursor }, call);
    folders.push(...page.folders);
    cursor = page.nextCursor;
  } while (cursor !== undefined);
  return folders;
}
