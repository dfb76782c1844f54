import type { CallContext } from "../../core/call-context.js";
import type { WebflowClient } from "../../webflow/data-api/client.js";
import { isNotFound } from "../../webflow/data-api/error-mapping.js";
import type { Asset } from "../../webflow/data-api/responses.js";
import { lookUntil } from "../../webflow/look-until.js";

/** The asset, or `not found` after `withinMs` milliseconds: Webflow may not find yet what it has just created. */
export function waitForAsset(
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
