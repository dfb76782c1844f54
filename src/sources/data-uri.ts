import { decodeName, percentDecode } from "../core/encodings.js";
import { AssetError } from "../core/errors.js";

const MAX_BYTES = 512 * 1024;
/** Percent-encoding needs up to three characters per byte; anything longer is too large before it is decoded. */
const MAX_CHARACTERS = MAX_BYTES * 3 + 1_000;
const MAX_HEAD_CHARACTERS = 1_000;
/** A comma in quotes belongs to a parameter. */
const HEAD = /^data:((?:[^",]|"(?:[^"\\]|\\.)*")*),/is;
const HEAD_WITHOUT_QUOTES = /^data:([^,]*),/i;

export interface DataUri {
  readonly bytes: Buffer;
  /** From the parameter `name`, which some programs write; otherwise empty. */
  readonly name: string;
  /** In lower case without parameters; `text/plain` if the URI names none. */
  readonly mediaType: string;
}

/**
 * Decodes a `data:` URI (RFC 2397), base64 or percent-encoded, to its bytes. Base64 may lack its padding, use the URL
 * alphabet (RFC 4648, section 5) and be wrapped in lines; a raw `%` is literal. Throws INVALID_INPUT for what cannot
 * be complete (wrong padding, other characters, bits left over at a cut end), FILE_TOO_LARGE for more than 512 KiB
 * decoded.
 */
export function decodeDataUri(uri: string): DataUri {
  if (uri.length > MAX_CHARACTERS) throw tooLarge();
  const text = uri.trimStart();
  const beginning = text.slice(0, MAX_HEAD_CHARACTERS);
  const head = HEAD.exec(beginning) ?? HEAD_WITHOUT_QUOTES.exec(beginning);
  if (!head) throw invalid("has no comma between its media type and its data");
  const [, declared = ""] = head;
  const parameters = (declared.match(/(?:[^";]|"(?:[^"\\]|\\.)*"|")+/g) ?? []).map((part) => part.trim());
  const mediaType = declared.startsWith(";") ? "" : (parameters.shift()?.toLowerCase() ?? "");
  if (!/^([\w.+-]+\/[\w.+-]+)?$/.test(mediaType)) throw invalid("has a media type that cannot be read");

  const isBase64 = parameters.some((parameter) => parameter.toLowerCase() === "base64");
  const decoded = percentDecode(text.slice(head[0].length));
  const bytes = isBase64 ? decodeBase64(decoded) : decoded;
  if (bytes.length > MAX_BYTES) throw tooLarge();
  return { bytes, name: nameOf(parameters), mediaType: mediaType || "text/plain" };
}

function nameOf(parameters: readonly string[]): string {
  const named = parameters.find((parameter) => /^(?:file)?name=/i.test(parameter)) ?? "";
  const value = named.slice(named.indexOf("=") + 1);
  return decodeName(percentDecode(value.replace(/^"(.*)"$/s, "$1").replace(/\\(["\\])/g, "$1")));
}

/** Node skips what it cannot decode, so only data that encodes back to itself was read completely. */
function decodeBase64(data: Buffer): Buffer {
  const text = data.toString("latin1").replace(/\s+/g, "").replaceAll("-", "+").replaceAll("_", "/");
  const bytes = Buffer.from(text, "base64");
  const encoded = bytes.toString("base64");
  if (text === encoded || text === encoded.replace(/=+$/, "")) return bytes;
  throw invalid("has base64 data that is cut short, wrongly padded, or holds other characters");
}

function invalid(why: string): AssetError {
  return new AssetError(
    "INVALID_INPUT",
    `The data: URI ${why}`,
    "send the complete data again or, better, give a local path or a URL",
  );
}

function tooLarge(): AssetError {
  return new AssetError(
    "FILE_TOO_LARGE",
    `The data: URI holds more than ${MAX_BYTES / 1024} KiB`,
    "save the file and give its local path, or give a URL",
  );
}
