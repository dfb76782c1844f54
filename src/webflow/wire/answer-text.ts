import { base64Spellings } from "../../core/encodings.js";
import { oneLine } from "../../core/text.js";

/** How much of an answer a message repeats, in characters. */
export const LONGEST_EXCERPT = 200;
const REDACTED = "[redacted]";
const SECRET_FIELD = /uploadDetails|policy|signature|credential|authorization/i;
const SECRET_IN_TEXT = /((?:policy|signature|credential)\W{1,4}|bearer\s+)[\w+/=.~-]{8,}/gi;

/** Between two characters of a token: what a reader does not see, or an escape. */
const GAP = "[\\p{Cf}\\p{Cc}\\\\]{0,8}";
/** A shorter one would be found in words. */
const SHORTEST_TOKEN = 8;

/**
 * Gives bodies without the secrets that they may repeat: this token, and the fields of a presigned form. What finds the
 * token takes far longer to build than to use, so it is built once, and not before there is a body.
 */
export function createRedaction(token: string): (body: unknown) => unknown {
  let spellings: RegExp | undefined;
  return (body) => {
    spellings ??= spellingsOf(token);
    return hidden(body, spellings);
  };
}

function hidden(body: unknown, token: RegExp): unknown {
  if (typeof body === "string") {
    return body.replace(token, REDACTED).replace(SECRET_IN_TEXT, `$1${REDACTED}`);
  }
  if (Array.isArray(body)) return body.map((item) => hidden(item, token));
  if (typeof body !== "object" || body === null) return body;
  return Object.fromEntries(
    Object.entries(body).map(([key, value]) => [
      key.replace(token, REDACTED),
      SECRET_FIELD.test(key) ? REDACTED : hidden(value, token),
    ]),
  );
}

/**
 * The token as it is and as it appears in URLs, JSON and HTML, in base64 and in dumps of bytes; in either case, and
 * with characters between its own that nobody sees.
 */
function spellingsOf(token: string): RegExp {
  if (token.length < SHORTEST_TOKEN) return /(?!)/g;
  const written = [...token].map(spellingsOfCharacter).join(GAP);
  const packed = [Buffer.from(token).toString("hex"), ...base64Spellings(token)].map(escaped);
  return new RegExp([written, ...packed].join("|"), "giu");
}

function spellingsOfCharacter(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  const hex = code.toString(16).padStart(2, "0");
  return `(?:${escaped(character)}|%(?:25)?${hex}|u00${hex}|&#(?:0{0,4}${code}|x0{0,4}${hex});)`;
}

function escaped(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/]/g, "\\$&");
}

/** A body of any kind on one line of at most 200 characters; of an HTML page, its title. */
export function excerpt(body: unknown): string {
  if (body === undefined || body === null || body === "") return "an empty body";
  if (typeof body !== "string") return oneLine(JSON.stringify(body), LONGEST_EXCERPT);
  return isPage(body) ? pageExcerpt(body) : oneLine(body, LONGEST_EXCERPT);
}

/** Whether a body is an HTML page, which the Data API never answers with. */
export function isPage(body: unknown): body is string {
  return typeof body === "string" && /^\s*(?:<!--.*?-->\s*)*<(?:!doctype html|html|head|body)\b/is.test(body);
}

function pageExcerpt(page: string): string {
  const title = oneLine(/<title[^>]*>([^<]*)<\/title>/i.exec(page)?.[1] ?? "", LONGEST_EXCERPT);
  return title === "" ? `a page of HTML: ${oneLine(page, LONGEST_EXCERPT)}` : `a page titled "${title}"`;
}
