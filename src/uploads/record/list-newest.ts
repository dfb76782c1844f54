import type { CallContext } from "../../core/call-context.js";
import type { WebflowClient } from "../../webflow/data-api/client.js";
import { LARGEST_PAGE } from "../../webflow/data-api/list-reading.js";
import type { Asset } from "../../webflow/data-api/responses.js";
import type { UploadTarget } from "../file/file-to-upload.js";

/** New records are at one end of the list, whatever its order: both ends of a long list are read. */
const PAGES_AT_EACH_END = 3;

/** The newest assets of a folder, and some others. */
export async function listNewest(
  webflow: WebflowClient,
  { siteId, folder }: UploadTarget,
  call: CallContext,
): Promise<Asset[]> {
  const readPage = (offset: number) =>
    webflow.listAssets(siteId, { offset, limit: LARGEST_PAGE, folderId: folder?.id }, call);
  const first = await readPage(0);
  const rows = first.entries.length + first.unreadable;
  const size = Math.max(1, rows);
  // If an unpaged answer gives no total, only its beginning can be found.
  const mostPages = rows < LARGEST_PAGE ? 1 : PAGES_AT_EACH_END;
  const pages = first.total === undefined ? mostPages : Math.ceil(first.total / size);
  const others = Array.from({ length: Math.max(0, pages - 1) }, (_, index) => index + 1).filter(
    (page) => page < PAGES_AT_EACH_END || page >= pages - PAGES_AT_EACH_END,
  );
  const rest = await Promise.all(others.map((page) => readPage(page * size)));
  return [first, ...rest].flatMap(({ entries }) => entries);
}
