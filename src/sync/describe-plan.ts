import type { SyncFolderResult } from "../contract/sync-folder.js";
import { formatError } from "../core/errors.js";
import { present } from "../core/present.js";
import { shownName } from "../library/updates/display-name.js";
import type { CheckedFile, RefusedFile } from "./check-files.js";
import type { ComparedFile, findOnlyOnSite, PlacedAsset } from "./compare.js";
import type { SyncPlan } from "./plan-pages.js";
import { notesOnTwins } from "./twins.js";
import type { WalkedDirectory } from "./walk-directory.js";

type SyncedFile = SyncFolderResult["files"][number];

/** What was found out about the files of a directory and the assets in its folder. */
export interface Comparison {
  readonly files: readonly ComparedFile<CheckedFile>[];
  readonly onlyOnSite: ReturnType<typeof findOnlyOnSite>;
  /** Assets outside the folder with the bytes of files that the folder lacks. */
  readonly elsewhere: ReadonlyMap<CheckedFile, PlacedAsset>;
  /** Assets without a file that have the name of one. */
  readonly incomplete: ReadonlySet<string>;
  readonly refused: readonly RefusedFile[];
  /** Why the folder may hold more assets than those compared. */
  readonly doubt: string | undefined;
  /** What is worth telling about the folder. */
  readonly onFolder: readonly string[];
}

/** The plan as the tool returns it; with `apply`, the upload's own report says what it changed. */
export function describePlan(
  comparison: Comparison,
  walked: WalkedDirectory,
  apply: boolean,
): Pick<SyncPlan, "plan" | "leftOut" | "files" | "notes"> {
  const plan = countsOf(comparison);
  const isWaiting = !apply && plan.new + plan.changed > 0 && walked.unmatchedExcludes.length === 0;
  return {
    plan,
    ...leftOutOf(walked),
    files: describeFiles(comparison, apply),
    ...withNotes([
      ...(comparison.doubt === undefined ? [] : [`Incomplete: ${comparison.doubt}.`]),
      ...(plan.new > 0 ? comparison.onFolder : []),
      ...(isWaiting ? [NOTHING_SENT] : []),
    ]),
  };
}

const NOTHING_SENT =
  "Nothing was uploaded: this is the plan. To upload what is new or changed, call again with apply: true.";

function leftOutOf({ leftOut, unmatchedExcludes }: WalkedDirectory): Pick<SyncFolderResult, "leftOut"> {
  const unmatched = unmatchedExcludes.length > 0 && {
    why: "exclude patterns that match nothing: they keep nothing private, and apply refuses them",
    count: unmatchedExcludes.length,
    names: [...unmatchedExcludes],
  };
  const all = present(unmatched, ...leftOut);
  return all.length > 0 ? { leftOut: all } : {};
}

function countsOf({ files, onlyOnSite, elsewhere, refused }: Comparison): SyncFolderResult["plan"] {
  const count = (wanted: string): number =>
    files.filter(({ file, status }) => status === wanted && !elsewhere.has(file)).length;
  return {
    new: count("new"),
    same: count("same"),
    changed: count("changed"),
    ...(elsewhere.size > 0 && { elsewhere: elsewhere.size }),
    refused: refused.length,
    onlyOnSite: onlyOnSite.length,
  };
}

/** Every file but those that are the same, with what an upload would change unless it reports that itself. */
function describeFiles(
  { files, onlyOnSite, elsewhere, incomplete, refused }: Comparison,
  apply: boolean,
): SyncedFile[] {
  const toUpload = files.filter(({ file, status }) => status !== "same" && !elsewhere.has(file));
  const onTwins = apply ? undefined : notesOnTwins(toUpload.map(({ file }) => file));
  const local = files.flatMap(({ file, status, asset }): SyncedFile[] => {
    if (status === "same") return [];
    const twin = elsewhere.get(file);
    if (twin) return [{ path: file.path, status: "elsewhere", id: twin.id, notes: [liesElsewhere(twin)] }];
    const ownNotes = apply ? [] : [...file.notes, ...(onTwins?.get(file) ?? [])];
    if (status === "new" || !asset) return [{ path: file.path, status: "new", ...withNotes(ownNotes) }];
    const note = incomplete.has(asset.id)
      ? `The asset with this name (${asset.id}) holds no file: the upload completes it if it was made for these bytes, or else makes a new one.`
      : `A new asset; the existing one with this name (${asset.id}) is kept.`;
    return [{ path: file.path, status: "changed", id: asset.id, notes: [note, ...ownNotes] }];
  });
  const remote = onlyOnSite.map(({ asset, supersededBy }): SyncedFile => {
    const name = shownName(asset.id, asset.displayName ?? asset.originalFileName ?? "");
    const path = asset.folderPath === "" ? name : `${asset.folderPath}/${name}`;
    const superseded = supersededBy
      ? [`Superseded by the local ${supersededBy.file.path}; it is not deleted.`]
      : [];
    return { path, status: "onlyOnSite", id: asset.id, ...withNotes(superseded) };
  });
  return [...local, ...remote, ...refused.map(describeRefused)].sort(byPath);
}

function liesElsewhere({ folderPath }: PlacedAsset): string {
  const where = folderPath === "" ? "in the root" : `in "${folderPath}"`;
  return `The site has these bytes ${where}: that asset is reused, and Webflow's API cannot move it (the Designer can).`;
}

function describeRefused({ path, error }: RefusedFile): SyncedFile {
  return { path, status: "refused", error: formatError(error) };
}

function withNotes(notes: readonly string[]): { notes?: string[] } {
  return notes.length > 0 ? { notes: [...notes] } : {};
}

function byPath(a: SyncedFile, b: SyncedFile): number {
  return a.path < b.path ? -1 : 1;
}
