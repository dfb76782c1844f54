import type { DeleteAssetsResult } from "../contract/delete-assets.js";
import { countFitting } from "../core/answer-size.js";
import { type CallContext, cancelledError, isCancelled } from "../core/call-context.js";
import { formatError, isAssetError } from "../core/errors.js";
import { cutText } from "../core/text.js";

export interface AssetBatchResult {
  /** Ids, in the order given. */
  readonly done: string[];
  readonly failed: DeleteAssetsResult["failed"];
}

/**
 * Runs `work` for every item, as many at once as the rate limit allows; one that fails does not stop the others.
 * Throws if the call is cancelled, and if the token is allowed none of it.
 */
export async function forEachAsset<Item extends { readonly assetId: string }>(
  items: readonly Item[],
  call: CallContext,
  doing: string,
  work: (item: Item) => Promise<void>,
): Promise<AssetBatchResult> {
  let ended = 0;
  const outcomes = await Promise.allSettled(
    items.map(async (item) => {
      try {
        await work(item);
      } finally {
        ended += 1;
        call.progress(`${doing} assets: ${ended} of ${items.length}`, ended, items.length);
      }
    }),
  );
  if (isCancelled(call)) throw cancelledError();
  const failures = outcomes.flatMap((outcome) => (outcome.status === "rejected" ? [outcome.reason] : []));
  const refused = failures.find((reason) => isAssetError(reason, "UNAUTHORIZED", "MISSING_SCOPE"));
  if (refused !== undefined && failures.length === items.length) throw refused;

  const done: string[] = [];
  const failed: AssetBatchResult["failed"] = [];
  items.forEach(({ assetId }, index) => {
    const outcome = outcomes[index];
    if (outcome?.status === "rejected") failed.push({ assetId, error: formatError(outcome.reason) });
    else done.push(assetId);
  });
  return { done, failed: shortened(failed.map(withShortId)) };
}

/** What is given as an id may be anything. */
function withShortId({
  assetId,
  error,
}: AssetBatchResult["failed"][number]): AssetBatchResult["failed"][number] {
  return { assetId: cutText(assetId, 60), error };
}

/** What the failures of one call may cost a model. */
const FAILURES_TOKENS = 4_000;

/** Of many failures, the first are described in full; the others by code and an asset that failed alike. */
function shortened(failed: AssetBatchResult["failed"]): AssetBatchResult["failed"] {
  const shown = countFitting(failed, FAILURES_TOKENS);
  const firstOfCode = new Map<string, string>();
  return failed.map(({ assetId, error }, index) => {
    const code = /^\[\w+\]/.exec(error)?.[0] ?? "";
    const first = firstOfCode.get(code);
    if (index < shown || first === undefined) {
      if (first === undefined) firstOfCode.set(code, assetId);
      return { assetId, error };
    }
    return { assetId, error: `${code} As ${first}. Next: the same.` };
  });
}
