import type { CallContext } from "../../core/call-context.js";
import { lookUntil } from "../../core/look-until.js";
import type { WebflowClient } from "../../webflow/data-api/client.js";
import { isNotFound } from "../../webflow/data-api/error-mapping.js";
import { LARGEST_PAGE } from "../../webflow/data-api/list-reading.js";
import type { Asset } from "../../webflow/data-api/responses.js";
import type { UploadTarget } from "../file/file-to-upload.js";

/** New records are at one end of the list, whatever its order: both ends of a long list are read. */
const PAGES_AT_EACH_END = 3;

/** The asset, or `not found` after `withinMs` milliseconds: Webflow may not find yet what it has just created. */
export function findAsset(
  webflow: WebflowClient,
  id: string,
  withinMs: number,
  call: CallContext,
): Promise<Asset | "not found"> {
  return lookUntil(
    () => foundOrNot(webflow.getAsset(id, call)),
    (seen) => seen !== "not found",
    withinMs,
    call,
  );
}

/** The result of the request, or `not found` if Webflow answers 404. Rejects with every other failure. */
export async function foundOrNot<Found>(request: Promise<Found>): Promise<Found | "not found"> {
  try {
    return await request;
  } catch (error) {
    if (isNotFound(error)) return "not found";
    throw error;
  }
}

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
