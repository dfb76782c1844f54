import { decodeName, percentDecode } from "../core/encodings.js";
import { AssetError } from "../core/errors.js";

/** What people and programs put around a path or URL that they paste: various quotes, code marks, brackets. */
const PAIRS = ['""', "''", "``", "“”", "„“", "‘’", "«»", "<>"];

/** What a pasted source may mean, the most literal first: a file may really have such a name. */
export function spellingsOf(source: string): string[] {
  const bare = withoutWrapping(source);
  const spellings = [source, bare];
  // The sign of a mention, with which some clients complete paths.
  if (/^@[^@\s]/.test(bare)) spellings.push(withoutWrapping(bare.slice(1)));
  const last = spellings.at(-1) ?? bare;
  // How a shell escapes what is dragged into its window.
  if (process.platform !== "win32" && /\\[ !"#$&'()*;<>?[\]^`{|}~@]/.test(last)) {
    spellings.push(last.replace(/\\([^\\/\w])/g, "$1"));
  }
  if (/^file:/i.test(last)) spellings.push(...plainPaths(last));
  else if (isPercentEncoded(last)) spellings.push(decodeName(percentDecode(last)));
  return [...new Set(spellings)];
}

/** Marks that nobody sees: Windows puts one in front of paths that are copied from a file's properties. */
const UNSEEN_ENDS = /^\p{Cf}{1,8}|\p{Cf}{1,8}$/gu;

/** A path with names encoded as in a URL. Encoded separators and dots are left alone: nobody means well by them. */
function isPercentEncoded(path: string): boolean {
  return /%[0-9a-f]{2}/i.test(path) && !/%(?:2f|5c|2e|[01])/i.test(path) && !HAS_SCHEME.test(path);
}

/** A link or a picture in Markdown, as clients write the mention of a file. */
const MARKDOWN_LINK = /^!?\[[^\]]*\]\((.+)\)$/;
const HAS_SCHEME = /^[a-z][a-z0-9+.-]+:/i;

function withoutWrapping(text: string): string {
  const trimmed = text.trim().replace(UNSEEN_ENDS, "").trim();
  const bare = MARKDOWN_LINK.exec(trimmed)?.[1] ?? trimmed;
  const pair = PAIRS.find(([open = "", close = ""]) => bare.startsWith(open) && bare.endsWith(close));
  return pair === undefined || bare.length < 3 ? bare : withoutWrapping(bare.slice(1, -1));
}

/** A file URL that somebody wrote by hand: nothing in it is encoded, or its path is relative or below home. */
function plainPaths(fileUrl: string): string[] {
  const path = fileUrl.replace(/^file:(?:\/\/(?:localhost(?=\/))?)?/i, "");
  // A host of its own, as in file://server/share, is never a path of this machine.
  return /^file:\/\/[^/~.]/i.test(fileUrl) && !/^file:\/\/localhost\//i.test(fileUrl) ? [] : [path];
}

/** Where assistants that run at their vendor keep files uploaded to the conversation. */
const VENDOR_PATH = /^(?:sandbox:|attachment:|file:\/\/)?\/?mnt\/(?:user-data|data)\//i;

/** Whether the source names a file on the assistant's own machine, unless this machine has such a directory. */
export function isOnVendorsSide(source: string): boolean {
  return /^\s*["'`<]?sandbox:/i.test(source) || VENDOR_PATH.test(withoutWrapping(source));
}

export function onVendorsSide(): AssetError {
  return new AssetError(
    "SOURCE_NOT_FOUND",
    "That path is in the assistant's own sandbox at its vendor, which this server on the user's machine cannot reach",
    "ask the user to save the file into an allowed directory and give its path there, or give a link to it",
  );
}
