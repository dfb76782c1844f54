import { collisionKey } from "../files/file-name.js";
import type { CheckedFile } from "./check-files.js";

/** What an upload makes of files with the same bytes, and of those with the same name in one folder. */
export function notesOnTwins(files: readonly CheckedFile[]): ReadonlyMap<CheckedFile, string[]> {
  const notes = new Map<CheckedFile, string[]>();
  const byBytes = new Map<string, CheckedFile>();
  const byName = new Map<string, CheckedFile>();
  for (const file of files) {
    const nameKey = `${file.folder}\n${collisionKey(file.fileName)}`;
    const [sameBytes, sameName] = [byBytes.get(file.md5), byName.get(nameKey)];
    if (sameBytes) {
      notes.set(file, [`It has the same bytes as ${sameBytes.path}: one asset serves both.`]);
      continue;
    }
    byBytes.set(file.md5, file);
    if (sameName)
      notes.set(file, [`Its name there is that of ${sameName.path}, too: one of the two gets a number.`]);
    else byName.set(nameKey, file);
  }
  return notes;
}
