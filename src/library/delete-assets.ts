import type { DeleteAssetsRequest, DeleteAssetsResult } from "../contract/delete-assets.js";
import {
  type Answer,
  type AskingCall,
  abortable,
  type CallContext,
  cleanUpCall,
  hasDeadlinePassed,
  isCancelled,
} from "../core/call-context.js";
import { AssetError, isAssetError, reasonOf } from "../core/errors.js";
import type { FolderStore } from "../folders/folder-store.js";
import type { WebflowClient } from "../webflow/data-api/client.js";
import { isNotFound, isRefusal } from "../webflow/data-api/error-mapping.js";
import { assertWebflowId } from "../webflow/ids.js";
import type { Sites } from "../webflow/sites.js";
import { describeUnread, describeUses, type LookForUses, type UsesBeforeDeletion } from "./asset-uses.js";
import { type DeletionInWords, describeDeletion } from "./describe-deletion.js";
import { forEachAsset } from "./for-each-asset.js";
import type { AssetFinder } from "./listing/asset-finder.js";
import type { ListingCache } from "./listing/listing-cache.js";
import type { ListedAsset } from "./listing/listing-entries.js";

/**
 * Deletes assets of one site, after looking where they are used (one in use fails with IN_USE unless the request says
 * otherwise) and after asking the user wherever that is possible; `confirm` counts only if nobody can be asked, or if
 * the server's own settings say so. Throws CANCELLED if the user declines, or has declined before, and
 * CONFIRMATION_REQUIRED if nobody agreed; both before anything is deleted.
 */
export type DeleteAssets = (request: DeleteAssetsRequest, call: AskingCall) => Promise<DeleteAssetsResult>;

export interface DeleteAssetsDependencies {
  readonly webflow: WebflowClient;
  readonly sites: Sites;
  readonly folders: FolderStore;
  readonly lookup: AssetFinder;
  readonly listings: ListingCache;
  readonly lookForUses: LookForUses;
  /** For unattended runs: `confirm` is enough, and nobody is asked. */
  readonly trustConfirm: boolean;
}

interface Candidate {
  readonly assetId: string;
  readonly asset?: ListedAsset;
  /** What is known, before Webflow is asked, against deleting it. */
  readonly error?: unknown;
}

interface KnownBeforeDeletion {
  readonly uses: UsesBeforeDeletion | undefined;
  /** Why others that were asked for are not deleted. */
  readonly kept: readonly unknown[];
}

export function createDeleteAssets(parts: DeleteAssetsDependencies): DeleteAssets {
  const { webflow, sites, folders, lookup, listings, lookForUses, trustConfirm } = parts;
  /** What the user has declined, for the lifetime of this process. */
  const declined = new Set<string>();

  async function candidatesOf(siteId: string, assetIds: readonly string[], call: CallContext) {
    const checked = [...new Map(assetIds.map((id) => [id.toLowerCase(), id])).values()].map(checkedId);
    const askedFor = checked.filter(({ error }) => error === undefined).map(({ assetId }) => assetId);
    const found = await lookup.many(siteId, askedFor, call);
    return checked.map((candidate): Candidate => {
      if (declined.has(candidate.assetId)) return { ...candidate, error: declinedBefore() };
      return { ...candidate, ...found.get(candidate.assetId) };
    });
  }

  async function describe(
    siteId: string,
    assets: readonly ListedAsset[],
    { uses, kept }: KnownBeforeDeletion,
    call: CallContext,
  ) {
    const described = assets.map(async (asset) => ({ asset, folder: await folderOf(siteId, asset, call) }));
    return describeDeletion(await Promise.all(described), uses, kept);
  }

  /** Its path, empty for the root; undefined if unknown. */
  async function folderOf(siteId: string, { id, folderId }: ListedAsset, call: CallContext) {
    try {
      const listed = folderId === undefined ? undefined : (await folders.tree(siteId, call)).byId(folderId);
      return (listed ?? (await folders.folderOfAsset(siteId, id, call)))?.path ?? "";
    } catch {
      return undefined;
    }
  }

  async function assertAgreed(
    siteId: string,
    assets: readonly ListedAsset[],
    known: KnownBeforeDeletion,
    isConfirmed: boolean,
    call: AskingCall,
  ): Promise<void> {
    if (trustConfirm && isConfirmed) return;
    const deletion = await describe(siteId, assets, known, call);
    const { count, consequence, lines } = deletion;
    const question = {
      message: `Delete ${count} from Webflow for good? ${consequence}\n${lines.join("\n")}`,
      field: "delete",
      title: `Delete ${count}`,
    };
    const answer = trustConfirm ? "unavailable" : await abortable(call, call.ask(question));
    if (answer === "accepted" || (answer === "unavailable" && isConfirmed)) return;
    if (answer === "declined") {
      for (const { id } of assets) declined.add(id);
      throw declinedNow();
    }
    throw notAgreed(deletion, answer);
  }

  async function remove({ assetId, error }: Candidate, call: CallContext): Promise<void> {
    if (error !== undefined) throw error;
    await deleteForCertain(webflow, assetId, call);
    listings.noteDeleted(assetId);
  }

  return async ({ siteId: named, assetIds, confirm = false, evenIfUsed = false }, call) => {
    const siteId = await sites.resolve(named, call);
    const meant = await candidatesOf(siteId, assetIds, call);
    if (meant.every(({ assetId }) => declined.has(assetId))) throw declinedBefore();
    const found = meant.flatMap(({ asset }) => asset ?? []);
    // Where nobody is asked any more, used assets are to go: then nothing is left to be said of their uses.
    const isSettled = confirm && evenIfUsed && (trustConfirm || !call.canAsk);
    const isLookNeeded = found.length > 0 && !isSettled;
    const uses = isLookNeeded ? await lookForUses(siteId, found, call) : undefined;
    const candidates = evenIfUsed || !uses ? meant : meant.map((one) => withoutUsed(one, uses));
    const left = candidates.flatMap(({ asset, error }) => (asset && error === undefined ? [asset] : []));
    const kept = candidates.flatMap(({ error }) => (error === undefined ? [] : [error]));
    if (left.length > 0) await assertAgreed(siteId, left, { uses, kept }, confirm, call);
    const { done, failed } = await forEachAsset(candidates, call, "Deleted", (one) => remove(one, call));
    return { deleted: done, failed, ...notesOn(done, uses) };
  };
}

/** A deletion whose answers were lost may have happened: that is looked up. */
async function deleteForCertain(webflow: WebflowClient, assetId: string, call: CallContext): Promise<void> {
  let mayBeGone = false;
  const onUncertain = (): void => {
    mayBeGone = true;
  };
  try {
    await webflow.deleteAsset(assetId, call, onUncertain);
  } catch (failure) {
    if (isRefusal(failure)) throw refusedDeletion(failure);
    if (!mayBeGone || isCancelled(call)) throw failure;
    const look = webflow.getAsset(assetId, hasDeadlinePassed(call) ? cleanUpCall(call) : call);
    const found = await look.catch((error: unknown) => (isNotFound(error) ? "gone" : "unknown"));
    if (found === "gone") return;
    throw found === "unknown" ? perhapsDeleted(assetId, failure) : failure;
  }
}

function withoutUsed(candidate: Candidate, { byAsset }: UsesBeforeDeletion): Candidate {
  const uses = byAsset.get(candidate.assetId.toLowerCase());
  if (candidate.error !== undefined || !uses?.isUsed) return candidate;
  const error = new AssetError(
    "IN_USE",
    `It is used: ${describeUses(uses)}`,
    "replace it there first (findUses lists every place), or, only if the user wants it deleted anyway, call again with evenIfUsed: true",
  );
  return { ...candidate, error };
}

function notesOn(deleted: readonly string[], uses: UsesBeforeDeletion | undefined): { notes?: string[] } {
  const note = uses && deleted.length > 0 ? describeUnread(uses) : undefined;
  return note === undefined ? {} : { notes: [note] };
}

/** Webflow does not document that it ever refuses a deletion; if it does, something still holds on to the asset. */
function refusedDeletion(refusal: AssetError): AssetError {
  return new AssetError(
    refusal.code,
    `${refusal.message}. Webflow refuses to delete assets that are still in use`,
    "call findUses to see where it is used, remove it there, and call again",
  );
}

function perhapsDeleted(assetId: string, cause: unknown): AssetError {
  return new AssetError(
    isAssetError(cause) ? cause.code : "INTERNAL",
    `${reasonOf(cause)} Webflow may have deleted the asset all the same`,
    `look in a minute with getAsset ${assetId} whether it is gone, and call again if it is not`,
    { cause },
  );
}

function checkedId(assetId: string): Candidate {
  try {
    return { assetId: assertWebflowId(assetId, "assetId") };
  } catch (error) {
    return { assetId, error };
  }
}

function declinedNow(): AssetError {
  return new AssetError(
    "CANCELLED",
    "The user, or the client in the user's place, declined; nothing was deleted, and these assets stay for the rest " +
      "of this session",
    "leave them; the user can delete them in Webflow's assets panel. If nobody was there to be asked, the README " +
      "explains WEBFLOW_TRUST_CONFIRM to whoever set this server up for unattended runs",
  );
}

function declinedBefore(): AssetError {
  return new AssetError(
    "CANCELLED",
    "The user declined to delete this asset earlier in this session",
    "leave it; the user can delete it in Webflow's assets panel",
  );
}

function notAgreed({ count, consequence, lines }: DeletionInWords, answer: Answer): AssetError {
  const what = `The call would delete ${count} for good. ${consequence} ${lines.join("; ")}`;
  if (answer === "unanswered") {
    return new AssetError(
      "CONFIRMATION_REQUIRED",
      `Nobody answered the question, so nothing was deleted. ${what}`,
      "call again when the user is there to answer",
    );
  }
  return new AssetError(
    "CONFIRMATION_REQUIRED",
    `Nothing was deleted yet. ${what}`,
    "show this to the user, and only if the user agrees, call again with confirm: true",
  );
}
