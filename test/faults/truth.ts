import type { EnsureFolderResult } from "../../src/contract/ensure-folder.js";
import type { UploadAssetResult } from "../../src/contract/upload-asset.js";
import { formatError } from "../../src/core/errors.js";
import type { EmulatedAsset } from "../../src/emulator/database/records.js";
import type { Emulator } from "../../src/emulator/emulator.js";
import { isLikeName } from "../../src/uploads/record/like-name.js";

/** What a call was answered. */
export type Answer =
  | { readonly kind: "folder"; readonly result: EnsureFolderResult }
  | { readonly kind: "asset"; readonly result: UploadAssetResult }
  | { readonly kind: "error"; readonly text: string }
  /** An upload that was cancelled, which is not answered. */
  | { readonly kind: "cancelled"; readonly fileName: string };

/** The answer of a call, whatever becomes of it. */
export async function answerOf(
  kind: "folder" | "asset",
  call: Promise<EnsureFolderResult | UploadAssetResult>,
): Promise<Answer> {
  try {
    const result = await call;
    return kind === "folder"
      ? { kind, result: result as EnsureFolderResult }
      : { kind, result: result as UploadAssetResult };
  } catch (error) {
    return { kind: "error", text: formatError(error) };
  }
}

/**
 * Compares what the emulated site holds with what the answers claim, and tells every difference: a record without bytes
 * that no answer names, a record of somebody else that was removed, something doubled, bytes that differ, a claim of what
 * is not there, an asset that no answer names. Where Webflow takes the bytes of an unfinished record for new, several
 * `servers` may upload the same file at the same moment.
 */
export function violations(emulator: Emulator, answers: readonly Answer[], servers = 1): string[] {
  const folders = emulator.database.folders(emulator.siteId);
  const assets = emulator.database.assets(emulator.siteId).filter(({ madeBy }) => madeBy === "api");
  const errors = answers.flatMap((answer) => (answer.kind === "error" ? [answer.text] : []));
  // What could not be cleaned up has to be told, in an error or in the notes of what succeeded.
  const told = [
    ...errors,
    ...answers.flatMap((answer) => (answer.kind === "asset" ? answer.result.notes : [])),
  ];
  const claims = answers.flatMap((answer) => (answer.kind === "asset" ? [answer.result.asset] : []));
  const isTold = ({ id, originalFileName }: EmulatedAsset): boolean =>
    told.some((text) => text.includes(id) || isLikeName(originalFileName, namedRecord(text)));
  const cancelled = answers.flatMap((answer) => (answer.kind === "cancelled" ? [answer.fileName] : []));
  /** One that was finished when its call was cancelled. */
  const isOfCancelled = (asset: EmulatedAsset): boolean =>
    cancelled.some((fileName) => isLikeName(asset.originalFileName, fileName));
  const isClaimed = ({ id }: EmulatedAsset): boolean => claims.some((claim) => claim.id === id);

  return [
    ...doubled(folders.map(({ displayName, parentFolder }) => `folder ${parentFolder}/${displayName}`)),
    ...doubled(
      assets.filter(({ hasBytes }) => hasBytes).map(({ fileHash }) => `asset ${fileHash}`),
      emulator.switches.duplicates === "reuse" ? 1 : servers,
    ),
    ...assets
      .filter((asset) => !asset.hasBytes && !isTold(asset))
      .map(
        ({ id, originalFileName }) =>
          `record ${id} (${originalFileName}) without a file that no answer names`,
      ),
    ...emulator.database.deletedAssets
      .filter(({ madeBy }) => madeBy === "somebody else")
      .map(({ id }) => `removed ${id}, which somebody else made`),
    ...assets
      .filter((asset) => !isClaimed(asset) && !isTold(asset) && !(asset.hasBytes && isOfCancelled(asset)))
      .map(({ id }) => `asset ${id} that no answer names`),
    ...assets
      .filter((asset) => asset.hasBytes && asset.md5 !== asset.fileHash && !isTold(asset))
      .map(({ id }) => `other bytes in ${id}`),
    ...claims
      .filter((claim) => !assets.some(({ id, md5 }) => id === claim.id && md5 === claim.md5))
      .map((claim) => `claim of ${claim.id} (${claim.fileName}), which is not there`),
    ...answers.flatMap((answer) =>
      answer.kind === "folder" && !folders.some(({ id }) => id === answer.result.folder.id)
        ? [`claim of the folder ${answer.result.folder.path}, which is not there`]
        : [],
    ),
    ...errors.filter((text) => text.startsWith("[INTERNAL]")),
  ];
}

/** The name of a record that is told of without its id, as it was asked for: Webflow may have altered it. */
function namedRecord(text: string): string {
  return /record named "([^"]*)"/.exec(text)?.[1] ?? "";
}

/** What there is more than `most` times. */
function doubled(keys: readonly string[], most = 1): string[] {
  const count = (key: string, end: number): number =>
    keys.slice(0, end).filter((other) => other === key).length;
  return keys.filter((key, index) => count(key, index) >= most).map((key) => `doubled: ${key}`);
}
