import { randomUUID } from "node:crypto";
import { setMaxListeners } from "node:events";
import { stat } from "node:fs/promises";
import type { ItemResult, JobReport } from "../contract/job-report.js";
import type { SyncFolderRequest, SyncFolderResult } from "../contract/sync-folder.js";
import type { UploadStatusRequest } from "../contract/upload-status.js";
import type { CallContext } from "../core/call-context.js";
import { AssetError, formatError, internalError, isAssetError } from "../core/errors.js";
import type { Logger } from "../core/logger.js";
import type { SyncArguments } from "./config.js";

/** What the command needs of the asset service. */
export interface SyncService {
  syncFolder(request: SyncFolderRequest, call: CallContext): Promise<SyncFolderResult>;
  uploadStatus(request: UploadStatusRequest, call: CallContext): Promise<JobReport>;
}

export interface SyncOutput {
  /** The outcome: a list for people, or one JSON document. */
  result(text: string): void;
  /** How far it is. */
  progress(text: string): void;
}

/** What is printed at the end, and as JSON. */
interface Outcome {
  readonly ok: boolean;
  readonly siteId: string;
  readonly folder: SyncFolderResult["folder"];
  readonly plan: SyncFolderResult["plan"];
  readonly leftOut?: SyncFolderResult["leftOut"];
  /** Every file of the directory or the folder that is not the same in both. */
  readonly files: SyncFolderResult["files"];
  /** What became of each file that was sent. */
  readonly results: readonly ItemResult[];
  readonly notes?: SyncFolderResult["notes"];
}

/** Longer than any sync takes, and within what a timer can wait. */
const DAY_MS = 24 * 60 * 60_000;

/**
 * Compares a directory with a folder of the site and, with `apply`, uploads what is new or changed, however long that
 * takes. Resolves to the exit code: 0 if every file of the directory is on the site, otherwise 1.
 */
export async function runSync(
  request: SyncArguments & { readonly json: boolean },
  service: SyncService,
  { signal, log }: { readonly signal: AbortSignal; readonly log: Logger },
  output: SyncOutput,
): Promise<0 | 1> {
  // Everything that is under way listens to the one signal.
  setMaxListeners(0, signal);
  const call: CallContext = {
    id: randomUUID(),
    signal,
    deadline: Date.now() + DAY_MS,
    log,
    progress: onceASecond(output.progress),
  };
  try {
    const outcome = await sync(request, service, call);
    output.result(request.json ? JSON.stringify(outcome, null, 2) : describe(outcome, request.apply));
    return outcome.ok ? 0 : 1;
  } catch (error) {
    const text = formatError(isAssetError(error) ? error : internalError(error));
    output.result(request.json ? JSON.stringify({ ok: false, error: text }, null, 2) : text);
    return 1;
  }
}

async function sync(request: SyncArguments, service: SyncService, call: CallContext): Promise<Outcome> {
  const { directory, folder, apply, optimize } = request;
  await checkDirectory(directory);
  const answer = await service.syncFolder({ directory, folder, apply, optimize }, call);
  const { siteId, plan } = answer;
  const pages = await allPages(answer, (cursor) =>
    service.syncFolder({ directory, folder, apply, optimize, cursor }, call),
  );
  const uploads = await finish(answer, service, call);
  const missing = apply ? plan.refused : plan.refused + plan.new + plan.changed;
  const failed = uploads === undefined ? 0 : uploads.total - uploads.uploaded - uploads.reused;
  return {
    ok: missing + failed === 0,
    siteId,
    folder: answer.folder,
    plan,
    ...(answer.leftOut && { leftOut: answer.leftOut }),
    files: pages.flatMap(({ files }) => files),
    results: uploads?.results ?? [],
    ...withNotes(answer.notes?.filter((note) => !isOnNextCall(note))),
  };
}

/** Which call an assistant would make next: this command has made it, or `--apply` makes it. */
function isOnNextCall(note: string): boolean {
  return /\bapply: true|\buploadStatus\b/.test(note);
}

function withNotes(notes: string[] = []): Pick<Outcome, "notes"> {
  return notes.length > 0 ? { notes } : {};
}

/** The log of a scheduled run is not filled with a line per file; the last line of each step is always printed. */
function onceASecond(tell: (text: string) => void): CallContext["progress"] {
  let last = 0;
  return (message, done, total) => {
    const isLast = done === total;
    if (!isLast && Date.now() - last < 1_000) return;
    last = Date.now();
    tell(message);
  };
}

async function checkDirectory(path: string): Promise<void> {
  const entry = await stat(path).catch(() => undefined);
  if (entry?.isDirectory()) return;
  const what = entry ? "is not a directory" : "does not exist";
  throw new AssetError("SOURCE_NOT_FOUND", `${path} ${what}`, "name the directory that contains the files");
}

/** The report of the uploads at their end; undefined when there was nothing to upload. */
async function finish({ job, ...report }: SyncFolderResult, service: SyncService, call: CallContext) {
  if (job === undefined) return undefined;
  let uploads = { job, ...report } as JobReport;
  while (uploads.status === "running") uploads = await service.uploadStatus({ job: uploads.job }, call);
  const ended = await service.uploadStatus({ job: uploads.job }, call);
  const pages = await allPages(ended, (cursor) => service.uploadStatus({ job, cursor }, call));
  return { ...ended, results: pages.flatMap(({ results }) => results) };
}

async function allPages<Page extends { readonly nextCursor?: string | undefined }>(
  first: Page,
  next: (cursor: string) => Promise<Page>,
): Promise<Page[]> {
  const pages = [first];
  for (let page = first; page.nextCursor !== undefined; pages.push(page)) page = await next(page.nextCursor);
  return pages;
}

function others(count: number): string {
  return count > 0 ? ` and ${count} more` : "";
}

/** A line for each file that needs a look, and the counts. */
function describe(outcome: Outcome, apply: boolean): string {
  const { ok, plan, leftOut = [], files, results, notes = [] } = outcome;
  const waiting = apply ? [] : files.filter(({ status }) => status === "new" || status === "changed");
  const refused = files.filter(({ status }) => status === "refused");
  const lines = [
    ...waiting.map(({ path, status }) => `${status.padEnd(9)} ${path}`),
    ...refused.map(({ path, error }) => `refused   ${path}: ${error}`),
    ...leftOut.map(
      ({ why, count, names }) => `left out  ${names.join(", ")}${others(count - names.length)}: ${why}`,
    ),
    ...results
      .filter(({ status }) => status !== "uploaded" && status !== "reused")
      .map(({ source, status, error }) => `${status.padEnd(9)} ${source}${error ? `: ${error}` : ""}`),
    ...notes.map((note) => `note      ${note}`),
  ];
  const counts = Object.entries(plan).map(([status, count]) => `${count} ${status}`);
  const sent = results.filter(({ status }) => status === "uploaded").length;
  const summary = apply ? `${counts.join(", ")}; ${sent} uploaded` : counts.join(", ");
  return [...lines, `${ok ? "Everything is there" : "Not everything is there"}: ${summary}`].join("\n");
}
