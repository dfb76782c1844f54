const LONGEST_EXCERPT = 200;
const REDACTED = "[redacted]";
const SECRET_FIELD = /uploadDetails|policy|signature|credential|authorization/i;
const SECRET_IN_TEXT = /((?:policy|signature|credential)\W{1,4}|bearer\s+)[\w+/=.~-]{8,}/gi;

/** A body without the secrets that it may repeat: the token, and the fields of a presigned form. */
export function withoutSecrets(body: unknown, token: string): unknown {
  if (typeof body === "string") {
    return withoutToken(body, token).replace(SECRET_IN_TEXT, `$1${REDACTED}`);
  }
  if (Array.isArray(body)) return body.map((item) => withoutSecrets(item, token));
  if (typeof body !== "object" || body === null) return body;
  return Object.fromEntries(
    Object.entries(body).map(([key, value]) => [
      withoutToken(key, token),
      SECRET_FIELD.test(key) ? REDACTED : withoutSecrets(value, token),
    ]),
  );
}

/** The token as it is, and as it appears in URLs, in Basic credentials, and in dumps of bytes. */
function withoutToken(text: string, token: string): string {
  const bytes = Buffer.from(token);
  const encodings = (["base64", "base64url", "hex"] as const).map((encoding) =>
    // Padding and the last digit depend on what follows.
    bytes.toString(encoding).replace(encoding === "hex" ? /$/ : /.?=*$/, ""),
  );
  return [token, encodeURIComponent(token), ...encodings].reduce(
    (cleaned, form) => cleaned.replaceAll(form, REDACTED),
    text,
  );
}

/** A body of any kind on one line of at most 200 characters; of an HTML page, its title. */
export function excerpt(body: unknown): string {
  if (body === undefined || body === null || body === "") return "an empty body";
  if (typeof body !== "string") return oneLine(JSON.stringify(body));
  return isPage(body) ? pageExcerpt(body) : oneLine(body);
}

/** Whether a body is an HTML page, which the Data API never answers with. */
export function isPage(body: unknown): body is string {
  return typeof body === "string" && /^\s*(?:<!--.*?-->\s*)*<(?:!doctype html|html|head|body)\b/is.test(body);
}

/** Foreign text for a message: on one line, cut, and without characters that would mislead a reader. */
export function oneLine(text: string): string {
  const line = text
    .replace(/[\p{Cf}\p{Cs}]+/gu, "")
    .replace(/[\p{Cc}\s]+/gu, " ")
    .trim();
  return line.length > LONGEST_EXCERPT ? `${line.slice(0, LONGEST_EXCERPT)}...` : line;
}

function pageExcerpt(page: string): string {
  const title = oneLine(/<title[^>]*>([^<]*)<\/title>/i.exec(page)?.[1] ?? "");
  return title === "" ? `a page of HTML: ${oneLine(page)}` : `a page titled "${title}"`;
}
