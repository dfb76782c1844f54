import { AssetError } from "../core/errors.js";
import { cutText, hasControlCharacter, visibleText } from "../core/text.js";

const MAX_NAME_CHARACTERS = 255;
const INVISIBLE = "has a control or invisible character in a name";
const HINT =
  'name the folder by its path from the root, such as "Campaigns/Spring"; a slash inside a name is written \\/, a backslash \\\\';
const ROOT_HINT = "leave the folder out to mean the root, or the whole site";

/**
 * The folder names on a path from the root, outermost first, each in NFC, such as existing folders may have. A slash
 * separates names; inside a name it is written `\/`, and a backslash `\\`. Throws INVALID_INPUT for what no folder's
 * path contains: an empty name (also from a leading or trailing slash), a control character, an unknown escape.
 */
export function readFolderPath(path: string): string[] {
  if (path.trim() === "/") throw invalid(path, "is no folder", ROOT_HINT);
  const names = splitAtSlashes(path).map((name) => name.normalize("NFC"));
  for (const name of names) {
    if (name === "") throw invalid(path, "has an empty name: no slash belongs at its ends, nor two in a row");
    if (hasInvisible(name)) throw invalid(path, INVISIBLE);
  }
  return names;
}

/**
 * Throws INVALID_INPUT if a name would be a trap for whoever has to type it: white space around it, characters that
 * nobody sees, or more than 255. Existing folders may have such names.
 */
export function assertNewNames(names: readonly string[], path = formatFolderPath(names)): void {
  for (const name of names) {
    const problem = problemOfNewName(name);
    if (problem !== undefined) throw invalid(path, problem);
  }
}

/** Why no folder can be created with a name, as a sentence on its path goes on; undefined if one can. */
export function problemOfNewName(name: string): string | undefined {
  if (hasInvisible(name)) return INVISIBLE;
  if (name !== name.trim()) return "has white space before or after a name";
  if ([...name].length > MAX_NAME_CHARACTERS)
    return `has a name of more than ${MAX_NAME_CHARACTERS} characters`;
  return undefined;
}

/** The path that {@link readFolderPath} reads as `names`. */
export function formatFolderPath(names: readonly string[]): string {
  return names.map((name) => name.normalize("NFC").replace(/[\\/]/g, "\\$&")).join("/");
}

function hasInvisible(name: string): boolean {
  return hasControlCharacter(name) || visibleText(name) !== name;
}

function splitAtSlashes(path: string): string[] {
  const names: string[] = [];
  let name = "";
  for (let index = 0; index < path.length; index += 1) {
    const character = path.charAt(index);
    if (character === "/") {
      names.push(name);
      name = "";
    } else if (character === "\\") {
      index += 1;
      name += escapedCharacter(path.charAt(index), path);
    } else {
      name += character;
    }
  }
  return [...names, name];
}

function escapedCharacter(character: string, path: string): string {
  if (character === "/" || character === "\\") return character;
  throw invalid(path, "has a backslash that escapes neither a slash nor a backslash");
}

function invalid(path: string, problem: string, next = HINT): AssetError {
  const shown = JSON.stringify(cutText(path, 120));
  return new AssetError("INVALID_INPUT", `The folder path ${shown} ${problem}`, next);
}
