import { type CallContext, cleanUpCall, isCancelled } from "../../core/call-context.js";
import { AssetError, formatError, isAssetError, reasonOf } from "../../core/errors.js";
import type { WebflowClient } from "../../webflow/data-api/client.js";
import type { Asset } from "../../webflow/data-api/responses.js";
import { timeOfWebflowId } from "../../webflow/ids.js";
import { lookUntil } from "../../webflow/look-until.js";
import type { FileToUpload, UploadTarget } from "../file/file-to-upload.js";
import type { Claim } from "../known/claims.js";
import { isLikeName } from "./like-name.js";
import { listNewest } from "./list-newest.js";

/** An upload from stage 1 on, with an account of the attempts whose records no answer has named. */
export interface UploadInProgress {
  readonly target: UploadTarget;
  readonly file: FileToUpload;
  /** What tells whether others are at work on the same bytes. */
  readonly claim: Claim;
  /** Attempts at stage 1 that may have created a record although no answer came. */
  unanswered: number;
  /** How many of them were given up because no answer came in time: Webflow may still be working on them. */
  timedOut: number;
  /** When the first attempt began, by Webflow's clock: milliseconds since the epoch. */
  since: number;
}

/**
 * What unanswered attempts may have left on the site. None of it is removed: a name, a moment and a size of 0 do not
 * prove whose record it is, and somebody else's upload may be under way. It is reported instead.
 */
export interface StrayRecords {
  /** Notes for an upload that arrived at an asset, `keptId`, nevertheless. */
  notesOn(ongoing: UploadInProgress, keptId: string, call: CallContext): Promise<string[]>;
  /** The error for an upload that failed with `cause`, naming what may be left. */
  errorWith(ongoing: UploadInProgress, cause: unknown, call: CallContext): Promise<unknown>;
}

export interface StrayRecordsDependencies {
  readonly webflow: WebflowClient;
  /** Whether an answer to this process named the record. */
  readonly isNamed: (id: string) => boolean;
  /** How long a list may lag, in milliseconds. */
  readonly lagMs: number;
}

interface Search {
  readonly candidates: readonly Asset[];
  /** Whether the list showed everything up to now. */
  readonly isConclusive: boolean;
}

/** Webflow stamps a new record's id and form at the same moment; if they are further apart, it is older. */
export const SAME_MOMENT_MS = 1_000;

export function createStrayRecords({ webflow, isNamed, lagMs }: StrayRecordsDependencies): StrayRecords {
  async function search(
    { target, file, since, timedOut }: UploadInProgress,
    keptId: string | undefined,
    call: CallContext,
  ): Promise<Search> {
    const assets = await lookUntil(
      () => listNewest(webflow, target, call),
      (seen) => keptId === undefined || seen.some(({ id }) => id === keptId),
      lagMs,
      call,
    );
    const candidates = assets.filter(
      (asset) =>
        !isNamed(asset.id) &&
        (asset.size ?? 0) === 0 &&
        timeOfWebflowId(asset.id) >= since - SAME_MOMENT_MS &&
        isLikeName(asset.originalFileName ?? "", file.fileName),
    );
    // A list that shows the latest record does not lag behind for earlier ones.
    const isConclusive = timedOut === 0 && assets.some(({ id }) => id === keptId);
    return { candidates, isConclusive };
  }

  return {
    async notesOn(ongoing, keptId, call) {
      if (ongoing.unanswered === 0) return [];
      const { fileName } = ongoing.file;
      const begun = "Webflow did not answer the first attempt to register the file";
      try {
        const { candidates, isConclusive } = await search(ongoing, keptId, call);
        if (candidates.length > 0) {
          return [
            `${begun}. ${describeCandidates(candidates)}, perhaps from that attempt, perhaps from somebody else's upload.`,
          ];
        }
        if (isConclusive) return [];
        return [
          `${begun}: Webflow may hold a second record named "${fileName}" without a file, which no list shows yet.`,
        ];
      } catch (error) {
        call.log.info(`the search for strays failed: ${formatError(error)}`);
        return [
          `${begun}: Webflow may hold a second record named "${fileName}" without a file ` +
            `(the search for it failed: ${reasonOf(error)}).`,
        ];
      }
    },

    async errorWith(ongoing, cause, call) {
      if (ongoing.unanswered === 0) return cause;
      const { fileName } = ongoing.file;
      const { candidates } = await search(ongoing, undefined, cleanUpCall(call)).catch(() => ({
        candidates: [],
      }));
      const left =
        candidates.length > 0
          ? `${describeCandidates(candidates)}, perhaps from this upload, perhaps from somebody else's.`
          : `Webflow may have made a record named "${fileName}" for it anyway, which holds no file.`;
      const message = `${reasonOf(cause)} ${left}`;
      call.log.error(message);
      const isNews = candidates.length > 0 || isCancelled(call) || !isAssetError(cause);
      const code = isNews ? "UPLOAD_INCOMPLETE" : cause.code;
      const completing = "call again with the same file, which completes such a record";
      const next =
        isNews || cause.code.endsWith("UNAVAILABLE") ? completing : `${cause.next}; then ${completing}`;
      return new AssetError(code, message, next, { cause });
    },
  };
}

function describeCandidates(candidates: readonly Asset[]): string {
  const shown = candidates.map(({ id, originalFileName }) => `"${originalFileName ?? ""}" (${id})`);
  return shown.length === 1
    ? `The site holds a record made in the same moment that holds no file, ${shown[0]}`
    : `The site holds records made in the same moment that hold no file, ${shown.join(", ")}`;
}
