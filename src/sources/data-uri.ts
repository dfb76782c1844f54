import { AssetError } from "../core/errors.js";

const MAX_BYTES = 512 * 1024;
/** Percent-encoding needs up to three characters a byte; whatever is longer is too large before it is read. */
const MAX_CHARACTERS = MAX_BYTES * 3 + 1_000;

export interface DataUri {
  readonly bytes: Buffer;
  /** From the parameter `name`, which some programs write; else empty. */
  readonly name: string;
  /** In lower case without parameters; `text/plain` when the URI names none. */
  readonly mediaType: string;
}

/**
 * Decodes a `data:` URI (RFC 2397), base64 or percent-encoded, to exactly the bytes it holds.
 * Throws INVALID_INPUT for anything that is not exact (white space, wrong padding, a cut end), FILE_TOO_LARGE for more than
 * 512 KiB decoded.
 */
export function decodeDataUri(uri: string): DataUri {
  if (uri.length > MAX_CHARACTERS) throw tooLarge();
  const comma = uri.indexOf(",");
  if (!/^data:/i.test(uri) || comma < 0) throw invalid("has no comma between its media type and its data");
  const parameters = uri.slice("data:".length, comma).split(";");
  const mediaType = parameters[0]?.trim().toLowerCase() ?? "";
  if (!/^([\w.+-]+\/[\w.+-]+)?$/.test(mediaType)) throw invalid("has a media type that cannot be read");

  const isBase64 = parameters.slice(1).some((parameter) => parameter.trim().toLowerCase() === "base64");
  const decoded = percentDecode(uri.slice(comma + 1));
  const bytes = isBase64 ? decodeBase64(decoded) : decoded;
  if (bytes.length > MAX_BYTES) throw tooLarge();
  return { bytes, name: nameOf(parameters), mediaType: mediaType || "text/plain" };
}

function nameOf(parameters: readonly string[]): string {
  const named = parameters.find((parameter) => /^(?:file)?name=/i.test(parameter));
  return named === undefined ? "" : percentDecode(named.slice(named.indexOf("=") + 1)).toString("utf8");
}

function percentDecode(text: string): Buffer {
  if (!text.includes("%")) return Buffer.from(text, "utf8");
  if (/%(?![0-9a-f]{2})/i.test(text)) throw invalid("has a % that begins no percent-encoding");
  const parts = text.split(/((?:%[0-9a-f]{2})+)/i);
  return Buffer.concat(
    parts.map((part, index) =>
      index % 2 === 1 ? Buffer.from(part.replaceAll("%", ""), "hex") : Buffer.from(part, "utf8"),
    ),
  );
}

/** Node skips what it cannot read, so only data that encodes back to itself was read in full. */
function decodeBase64(data: Buffer): Buffer {
  const text = data.toString("latin1");
  const bytes = Buffer.from(text, "base64");
  if (bytes.toString("base64") === text) return bytes;
  throw invalid("has base64 data that is cut short, wrongly padded, or holds other characters");
}

function invalid(why: string): AssetError {
  return new AssetError(
    "INVALID_INPUT",
    `The data: URI ${why}`,
    "send the data again in full, or better give a local path or a URL",
  );
}

function tooLarge(): AssetError {
  return new AssetError(
    "FILE_TOO_LARGE",
    `The data: URI holds more than ${MAX_BYTES / 1024} KiB`,
    "save the file and give its local path, or give a URL",
  );
}
