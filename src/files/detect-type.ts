import { fileTypeFromBuffer } from "file-type";
import { type FileType, fileTypeByExtension } from "./file-types.js";
import { compoundFileEntries } from "./formats/compound-file.js";
import { inspectJson } from "./formats/lottie.js";
import { inspectMarkup } from "./formats/markup.js";
import { decodeText } from "./formats/text.js";
import { detectZip } from "./zip.js";

/** What a file is by its bytes. */
export interface Detection {
  /** The supported type; absent when the bytes are something else. */
  readonly fileType?: FileType;
  /** What messages call it, with its article: `a PNG image`, `an HTML page titled "Sign in"`. */
  readonly title: string;
  /** The media type of bytes that are recognised but not supported. */
  readonly mediaType?: string;
  /** A web page or another XML document, as servers send them instead of the file that was meant. */
  readonly isPage?: true;
  readonly notes?: readonly string[];
}

const PNG_SIGNATURE = Buffer.from("89504e470d0a1a0a", "hex");

const PDF_SIGNATURE = Buffer.from("%PDF-", "latin1");

/** [MS-DOC] 2.1.1, [MS-XLS] 2.1.2 and [MS-PPT] 2.1.1: the stream that each legacy Office format must have. */
const LEGACY_OFFICE_STREAMS: readonly (readonly [stream: string, extension: string])[] = [
  ["WordDocument", "doc"],
  ["Workbook", "xls"],
  ["Book", "xls"],
  ["PowerPoint Document", "ppt"],
];

/**
 * What `bytes` are. Their content decides; `extension` (without the dot, in any case) only tells apart what has no
 * signature: plain text counts as `txt` or `csv` when it is named so, and an encrypted Office file as what it is named.
 */
export async function detectType(bytes: Buffer, extension: string): Promise<Detection> {
  const pdf = fileTypeByExtension("pdf");
  if (pdf && bytes.subarray(0, PDF_SIGNATURE.length).equals(PDF_SIGNATURE)) return supported(pdf);
  const text = decodeText(bytes);
  return text === undefined
    ? detectBinary(bytes, extension.toLowerCase())
    : detectText(text, extension.toLowerCase());
}

async function detectBinary(bytes: Buffer, extension: string): Promise<Detection> {
  const entries = compoundFileEntries(bytes);
  if (entries) return detectCompoundFile(entries, extension);
  const archive = isZip(bytes) ? detectZip(bytes) : undefined;
  if (archive) return supported(archive);
  const found = await detectSignature(bytes);
  if (found === undefined) return { title: "data of an unknown type" };
  const fileType = isZip(bytes) ? undefined : fileTypeByExtension(found.extension);
  return fileType
    ? supported(fileType)
    : { title: `${found.extension.toUpperCase()} data (${found.mediaType})`, mediaType: found.mediaType };
}

async function detectSignature(bytes: Buffer): Promise<{ extension: string; mediaType: string } | undefined> {
  if (bytes.subarray(0, PNG_SIGNATURE.length).equals(PNG_SIGNATURE)) {
    return { extension: "png", mediaType: "image/png" };
  }
  if (bytes.subarray(0, 1024).includes("%PDF-")) return { extension: "pdf", mediaType: "application/pdf" };
  if (isAvif(bytes)) return { extension: "avif", mediaType: "image/avif" };
  const found = await fileTypeFromBuffer(bytes);
  return found && { extension: found.ext, mediaType: found.mime };
}

/** AVIF 1.1, section 6.1: the brand `avif` or `avis` among the brands of the file type box, not only as the first. */
export function isAvif(bytes: Buffer): boolean {
  if (bytes.length < 16 || bytes.toString("latin1", 4, 8) !== "ftyp") return false;
  const brands = bytes.toString("latin1", 8, Math.min(bytes.readUInt32BE(0), 256));
  return /^(?:.{4})*avi[fs]/s.test(brands);
}

function isZip(bytes: Buffer): boolean {
  return bytes.toString("latin1", 0, 4) === "PK\x03\x04";
}

function detectCompoundFile(entries: readonly string[], extension: string): Detection {
  const found = LEGACY_OFFICE_STREAMS.find(([stream]) => entries.includes(stream));
  const legacy = found && fileTypeByExtension(found[1]);
  if (legacy) return supported(legacy);
  if (!entries.includes("EncryptedPackage")) return { title: "an OLE compound file" };

  const named = ["docx", "xlsx", "pptx"].includes(extension) ? fileTypeByExtension(extension) : undefined;
  if (!named) return { title: "a password-protected Office file" };
  return { ...supported(named), notes: ["The document is protected by a password."] };
}

function detectText(text: string, extension: string): Detection {
  const pdf = fileTypeByExtension("pdf");
  if (pdf && text.slice(0, 1024).includes("%PDF-")) return supported(pdf);

  const markup = inspectMarkup(text);
  if (markup?.is === "svg") return detectedSvg(markup.activeContent);
  if (markup?.is === "brokenSvg") return { title: `an SVG image that ${markup.why}` };
  if (markup) return detectedPage(markup.is, markup.title);

  if (["txt", "csv"].includes(extension)) return detectedPlainText(text, extension);
  const json = inspectJson(text);
  const lottie = json === "lottie" ? fileTypeByExtension("json") : undefined;
  if (lottie) return supported(lottie);
  return { title: json === "json" ? "JSON that is not a Lottie animation" : "plain text" };
}

function detectedSvg(activeContent: readonly string[]): Detection {
  const svg = fileTypeByExtension("svg");
  if (!svg) return { title: "an SVG image" };
  if (activeContent.length === 0) return supported(svg);
  return {
    ...supported(svg),
    notes: [
      `The SVG holds ${activeContent.join(", ")}; it is uploaded as it is and anyone can open it from the site.`,
    ],
  };
}

function detectedPage(is: "html" | "xml", title: string): Detection {
  const what = is === "html" ? "an HTML page" : "an XML document";
  return { title: title === "" ? what : `${what} titled "${title}"`, isPage: true };
}

function detectedPlainText(text: string, extension: string): Detection {
  if (/-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY/.test(text)) return { title: "a private key" };
  const fileType = fileTypeByExtension(extension);
  return fileType ? supported(fileType) : { title: "plain text" };
}

function supported(fileType: FileType): Detection {
  return { fileType, title: fileType.title };
}
