import { randomBytes } from "node:crypto";
import type { SyncFolderRequest, SyncFolderResult } from "../contract/sync-folder.js";
import { countFitting, PAGE_TOKENS } from "../core/answer-size.js";
import { AssetError } from "../core/errors.js";

/** What a sync found out, with all of its files. */
export type SyncPlan = Pick<SyncFolderResult, "siteId" | "folder" | "plan" | "leftOut" | "files" | "notes">;

/** The most recent plans, so that one of many files can be read page by page without making it again. */
export interface PlanPages {
  /** The first page: refused files come first, and what an upload reports anyway last. */
  first(request: SyncFolderRequest, plan: SyncPlan): SyncFolderResult;
  /** Another page. Throws INVALID_INPUT if the plan is no longer kept, or belongs to another directory or folder. */
  next(request: SyncFolderRequest, cursor: string): SyncFolderResult;
}

interface KeptPlan {
  readonly id: string;
  readonly question: string;
  readonly plan: SyncPlan;
  readonly madeAt: number;
}

const MAX_KEPT = 4;
const MAX_AGE_MS = 30 * 60_000;
/** Next to a report of the upload there is less room, and that report names what it uploads. */
const FILES_TOKENS_BESIDE_REPORT = 1_500;

export function createPlanPages(): PlanPages {
  /** Most recent last. */
  let kept: KeptPlan[] = [];

  function page({ id, plan }: KeptPlan, start: number, maxTokens: number): SyncFolderResult {
    const rest = plan.files.slice(start);
    const end = start + countFitting(rest, maxTokens);
    return {
      ...plan,
      files: plan.files.slice(start, end),
      ...(end < plan.files.length && { nextCursor: `${id}-${end}` }),
    };
  }

  return {
    first(request, plan) {
      const files = [...plan.files].sort((a, b) => rankOf(a) - rankOf(b));
      const made: KeptPlan = {
        id: randomBytes(4).toString("hex"),
        question: questionOf(request),
        plan: { ...plan, files },
        madeAt: Date.now(),
      };
      const first = page(made, 0, request.apply ? FILES_TOKENS_BESIDE_REPORT : PAGE_TOKENS);
      if (first.nextCursor !== undefined) kept = [...kept, made].slice(-MAX_KEPT);
      return first;
    },

    next(request, cursor) {
      const [id, digits = ""] = cursor.split("-");
      const found = kept.find((one) => one.id === id && Date.now() - one.madeAt < MAX_AGE_MS);
      if (found && /^\d+$/.test(digits) && found.question === questionOf(request)) {
        return page(found, Number(digits), PAGE_TOKENS);
      }
      throw new AssetError(
        "INVALID_INPUT",
        "The cursor does not belong to a recent plan for this directory and folder",
        "repeat the directory and folder of the previous call, or leave cursor out to compare again",
      );
    },
  };
}

function rankOf({ status }: SyncFolderResult["files"][number]): number {
  if (status === "refused") return 0;
  return status === "new" ? 2 : 1;
}

function questionOf({ siteId, directory, folder, folderId }: SyncFolderRequest): string {
  return JSON.stringify([siteId, directory, folder, folderId]);
}
