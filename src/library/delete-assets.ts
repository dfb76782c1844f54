import type { DeleteAssetsRequest, DeleteAssetsResult } from "../contract/delete-assets.js";
import { abortable, type CallContext, hasDeadlinePassed } from "../core/call-context.js";
import { AssetError, formatError } from "../core/errors.js";
import type { FolderStore } from "../folders/folder-store.js";
import type { FolderTree } from "../folders/folder-tree.js";
import type { WebflowClient } from "../webflow/client.js";
import { assertWebflowId } from "../webflow/ids.js";
import type { Sites } from "../webflow/sites.js";
import { summaryOf } from "./asset-summary.js";
import { forEachAsset } from "./for-each-asset.js";
import { folderOfListed } from "./list-assets.js";
import type { AssetFinder } from "./listing/find-assets.js";
import type { ListedAsset } from "./listing/listing.js";
import type { ListingCache } from "./listing/listing-cache.js";

/** A call during which the user can be asked, once. A refusal is final. */
export interface ConfirmingCall extends CallContext {
  confirm(question: string): Promise<"accepted" | "declined" | "unavailable">;
}

/**
 * Deletes assets, after asking the user unless that was done. Throws CANCELLED when the user declines and
 * CONFIRMATION_REQUIRED when nobody can be asked, both before anything is deleted.
 */
export type DeleteAssets = (
  request: DeleteAssetsRequest,
  call: ConfirmingCall,
) => Promise<DeleteAssetsResult>;

export interface DeleteAssetsDependencies {
  readonly webflow: WebflowClient;
  readonly sites: Sites;
  readonly folders: FolderStore;
  readonly lookup: AssetFinder;
  readonly listings: ListingCache;
}

interface Candidate {
  readonly assetId: string;
  /** What is known against deleting it before Webflow is asked. */
  readonly error?: unknown;
}

export function createDeleteAssets(parts: DeleteAssetsDependencies): DeleteAssets {
  const { webflow, sites, folders, lookup, listings } = parts;

  /** Looks at what would be deleted and asks. Resolves with the candidates, those that cannot be found with an error. */
  async function confirmed(
    candidates: readonly Candidate[],
    named: string | undefined,
    call: ConfirmingCall,
  ): Promise<Candidate[]> {
    const siteId = await sites.resolve(named, call);
    const ids = candidates.filter(({ error }) => error === undefined).map(({ assetId }) => assetId);
    const found = await lookup.many(siteId, ids, call);
    const assets: ListedAsset[] = [];
    const checked = candidates.map((candidate) => {
      const answer = found.get(candidate.assetId);
      if (!answer) return candidate;
      if ("error" in answer) return { ...candidate, error: answer.error };
      assets.push(answer.asset);
      return candidate;
    });
    if (assets.length > 0) await ask(assets, await folders.tree(siteId, call), call);
    return checked;
  }

  async function remove({ assetId, error }: Candidate, call: CallContext): Promise<void> {
    if (error !== undefined) throw error;
    await webflow.deleteAsset(assetId, call);
    listings.noteDeleted(assetId);
  }

  return async ({ siteId, assetIds, confirm = false }, call) => {
    const named = siteId === undefined ? undefined : assertWebflowId(siteId, "siteId");
    const candidates = [...new Map(assetIds.map((id) => [id.toLowerCase(), id])).values()].map(candidate);
    const checked = confirm ? candidates : await confirmed(candidates, named, call);
    const { done, failed } = await forEachAsset(checked, call, "Deleted", (one) => remove(one, call));
    return { deleted: done, failed };
  };
}

function candidate(assetId: string): Candidate {
  try {
    return { assetId: assertWebflowId(assetId, "assetId") };
  } catch (error) {
    return { assetId, error };
  }
}

async function ask(assets: readonly ListedAsset[], tree: FolderTree, call: ConfirmingCall): Promise<void> {
  const lines = assets.map((asset) => describe(asset, tree));
  const count = assets.length === 1 ? "this asset" : `these ${assets.length} assets`;
  const question = `Delete ${count} from Webflow for good? Pages that use them break.\n- ${lines.join("\n- ")}`;
  const answer = await abortable(call, call.confirm(question)).catch((error) => {
    if (call.signal.aborted && !hasDeadlinePassed(call)) throw error;
    call.log.info(`the user could not be asked: ${formatError(error)}`);
    return "unavailable" as const;
  });
  if (answer === "accepted") return;
  if (answer === "declined") {
    throw new AssetError(
      "CANCELLED",
      "The user, or the client in the user's place, declined; nothing was deleted",
      "respect that; only when the user asks for the deletion after all, call again with confirm: true",
    );
  }
  throw new AssetError(
    "CONFIRMATION_REQUIRED",
    `Nothing was deleted yet. The call would delete ${count} for good, and pages that use them break: ${lines.join("; ")}`,
    "show this to the user, and only when the user agrees call again with confirm: true",
  );
}

/** Names are data of others: they stand in quotes, and cannot begin a line of their own in the question. */
function describe(asset: ListedAsset, tree: FolderTree): string {
  const { name, url } = summaryOf(asset);
  const folder = folderOfListed(tree, asset);
  const place = folder ? `in the folder ${quoted(folder.path)}` : "in the root";
  return `${quoted(name)} ${place}${url === undefined ? "" : `, ${oneLine(url)}`} (${asset.id})`;
}

function quoted(text: string): string {
  return JSON.stringify(oneLine(text));
}

function oneLine(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]+/gu, " ").slice(0, 300);
}
