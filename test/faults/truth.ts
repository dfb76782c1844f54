import type { EnsureFolderResult } from "../../src/contract/ensure-folder.js";
import type { UploadAssetResult } from "../../src/contract/upload-asset.js";
import { formatError } from "../../src/core/errors.js";
import type { Emulator } from "../../src/emulator/emulator.js";

/** What a call was answered. */
export type Answer =
  | { readonly kind: "folder"; readonly result: EnsureFolderResult }
  | { readonly kind: "asset"; readonly result: UploadAssetResult }
  | { readonly kind: "error"; readonly text: string };

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
 * Compares what the emulated site holds with what the answers claim, and tells every difference: a record without
 * bytes, something doubled, bytes that differ, a claim of what is not there, an asset that no answer names.
 */
export function violations(emulator: Emulator, answers: readonly Answer[]): string[] {
  const folders = emulator.library.folders(emulator.siteId);
  const assets = emulator.library.assets(emulator.siteId);
  const errors = answers.flatMap((answer) => (answer.kind === "error" ? [answer.text] : []));
  // What could not be cleaned up has to be told, in an error or in the notes of what succeeded.
  const told = [
    ...errors,
    ...answers.flatMap((answer) => (answer.kind === "asset" ? answer.result.notes : [])),
  ];
  const claims = answers.flatMap((answer) => (answer.kind === "asset" ? [answer.result.asset] : []));
  const named = (id: string): boolean =>
    claims.some((claim) => claim.id === id) || told.some((text) => text.includes(id));

  return [
    ...doubled(folders.map(({ displayName, parentFolder }) => `folder ${parentFolder}/${displayName}`)),
    ...doubled(assets.map(({ fileHash }) => `asset ${fileHash}`)),
    ...assets
      .filter(({ hasBytes, id }) => !hasBytes && !told.some((text) => text.includes(id)))
      .map(({ id }) => `orphan ${id}`),
    ...assets.filter(({ id }) => !named(id)).map(({ id }) => `asset ${id} that no answer names`),
    ...assets
      .filter(({ hasBytes, md5, fileHash }) => hasBytes && md5 !== fileHash)
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

function doubled(keys: readonly string[]): string[] {
  return keys.filter((key, index) => keys.indexOf(key) !== index).map((key) => `doubled: ${key}`);
}
