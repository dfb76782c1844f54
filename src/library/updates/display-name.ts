import { splitExtension } from "../../files/file-name.js";
import { fileTypeByExtension } from "../../files/file-types.js";
import type { ListedAsset } from "../listing/listing-entries.js";

/** Whether the name definitely ends with an extension: in "Release 2.0" the 0 is none. */
export function hasKnownExtension(name: string): boolean {
  return fileTypeByExtension(splitExtension(name).extension.toLowerCase()) !== undefined;
}

/** The extension, without the dot, that a new display name keeps: the present name's; empty if it has none. */
export function extensionToKeep({ displayName, originalFileName = "" }: Partial<ListedAsset>): string {
  const name = displayName ?? originalFileName;
  const { extension } = splitExtension(name);
  const isOfTheFile = extension.toLowerCase() === splitExtension(originalFileName).extension.toLowerCase();
  return isOfTheFile || hasKnownExtension(name) ? extension : "";
}

/** Until somebody names an asset, its name is its own id and the file name; the id means nothing to people. */
export function shownName(id: string, name: string): string {
  const shown = name.startsWith(`${id}_`) ? name.slice(id.length + 1) : name;
  return shown || id;
}
