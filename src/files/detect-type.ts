import { fileTypeFromBuffer } from "file-type";
import { present } from "../core/present.js";
import { isCutOff } from "./cut-off.js";
import { quotedName } from "./file-name.js";
import { type FileType, fileTypeByExtension, LOTTIE_JSON, PDF, SVG } from "./file-types.js";
import { compoundFileEntries } from "./formats/compound-file.js";
import { containerOf } from "./formats/container.js";
import { isDotLottie } from "./formats/dot-lottie.js";
import { inspectJson, type Json } from "./formats/lottie.js";
import { decodeText } from "./formats/text.js";
import { encodingFault } from "./markup/encoding-fault.js";
import { inspectMarkup } from "./markup/markup.js";

/** What a file is, judged by its bytes. */
export interface Detection {
  /** The supported type; absent when the bytes are something else. */
  readonly fileType?: FileType;
  /** What messages call it, with its article: `a PNG image`, `an HTML page titled "Sign in"`. */
  readonly title: string;
  /** The media type of bytes that are recognised but not supported. */
  readonly mediaType?: string;
  /** A web page or another XML document, as servers send instead of the requested file. */
  readonly isPage?: true;
  /** Whether the bytes are only the first part of a file. */
  readonly isCutOff?: true;
  readonly notes?: readonly string[];
}

const PNG_SIGNATURE = Buffer.from("89504e470d0a1a0a", "hex");
const PDF_SIGNATURE = Buffer.from("%PDF-", "latin1");

/** The central directory of a ZIP archive lies before its last record, whose comment has at most 65,535 bytes. */
const ZIP_END = Buffer.from("PK\x05\x06", "latin1");
const MOST_ZIP_END_BYTES = 65_557;

/**
 * [MS-DOC] 2.1.1, [MS-XLS] 2.1.2, [MS-PPT] 2.1.1: the stream that each legacy Office format must have, in upper case,
 * since [MS-CFB] 2.6.4 compares names without regard to it.
 */
const LEGACY_OFFICE_STREAMS: readonly (readonly [stream: string, extension: string])[] = [
  ["WORDDOCUMENT", "doc"],
  ["WORKBOOK", "xls"],
  ["BOOK", "xls"],
  ["POWERPOINT DOCUMENT", "ppt"],
];

/**
 * What `bytes` are. Their content decides; `extension` (without the dot, in any case) only distinguishes what has no
 * signature: plain text counts as `txt` or `csv` if it is named so, and an encrypted Office file as what it is named.
 */
export async function detectType(bytes: Buffer, extension: string): Promise<Detection> {
  if (bytes.subarray(0, PDF_SIGNATURE.length).equals(PDF_SIGNATURE)) return supportedWhole(PDF, bytes);
  const text = decodeText(bytes);
  return text === undefined
    ? detectBinary(bytes, extension.toLowerCase())
    : detectText(bytes, text, extension.toLowerCase());
}

async function detectBinary(bytes: Buffer, extension: string): Promise<Detection> {
  const entries = compoundFileEntries(bytes);
  if (entries) return detectCompoundFile(entries, extension);
  const found = await detectSignature(bytes);
  if (found === undefined) return { title: "data of an unknown type" };
  if (found.extension === "cfb") {
    return { title: "an OLE compound file that is cut off or damaged", isCutOff: true };
  }
  const fileType = fileTypeByExtension(found.extension);
  if (containerOf(bytes) === "zip" && !bytes.subarray(-MOST_ZIP_END_BYTES).includes(ZIP_END)) {
    const archive = fileType ?? { title: "a ZIP archive" };
    const mediaType = fileType ? {} : { mediaType: found.mediaType };
    return { title: `${archive.title} that is cut off`, ...mediaType, isCutOff: true };
  }
  return fileType
    ? supportedWhole(fileType, bytes)
    : { title: `${found.extension.toUpperCase()} data (${found.mediaType})`, mediaType: found.mediaType };
}

async function detectSignature(bytes: Buffer): Promise<{ extension: string; mediaType: string } | undefined> {
  if (bytes.subarray(0, PNG_SIGNATURE.length).equals(PNG_SIGNATURE)) {
    return { extension: "png", mediaType: "image/png" };
  }
  if (isAvif(bytes)) return { extension: "avif", mediaType: "image/avif" };
  const found = await fileTypeFromBuffer(bytes);
  if (found?.ext === "zip" && isDotLottie(bytes)) return { extension: "lottie", mediaType: found.mime };
  if (found) return { extension: found.ext, mediaType: found.mime };
  // Readers of PDF look for its header within the first 1,024 bytes.
  return bytes.subarray(0, 1024).includes(PDF_SIGNATURE)
    ? { extension: "pdf", mediaType: "application/pdf" }
    : undefined;
}

/** AVIF 1.1, section 6.1: the brand `avif` or `avis` among the brands of the file type box, not only as the first. */
export function isAvif(bytes: Buffer): boolean {
  if (bytes.toString("latin1", 4, 8) !== "ftyp") return false;
  const brands = bytes.toString("latin1", 8, Math.min(bytes.readUInt32BE(0), 256));
  return /^(?:.{4})*avi[fs]/s.test(brands);
}

function detectCompoundFile(entries: readonly string[], extension: string): Detection {
  const streams = entries.map((entry) => entry.toUpperCase());
  const found = LEGACY_OFFICE_STREAMS.find(([stream]) => streams.includes(stream));
  const legacy = found && fileTypeByExtension(found[1]);
  if (legacy) return supported(legacy);
  if (!streams.includes("ENCRYPTEDPACKAGE")) return { title: "an OLE compound file" };

  const named = ["docx", "xlsx", "pptx"].includes(extension) ? fileTypeByExtension(extension) : undefined;
  if (!named) return { title: "a password-protected Office file" };
  return { ...supported(named), notes: ["The document is protected by a password."] };
}

function detectText(bytes: Buffer, text: string, extension: string): Detection {
  const isNamedText = ["txt", "csv"].includes(extension);
  const markup = inspectMarkup(text);
  if (markup?.is === "svg") {
    return detectedSvg(markup.activeContent, encodingFault(bytes, text) ?? markup.shownBroken);
  }
  if (markup?.is === "brokenSvg") return { title: `an SVG image that ${markup.why}` };
  if (markup && !(isNamedText && isOnlyLikeMarkup(markup.is, text))) {
    return detectedPage(markup.is, markup.title);
  }
  if (isNamedText) return detectedPlainText(text, extension);

  const json = inspectJson(text);
  if (json) return detectedJson(json);
  if (extension === "json" && /^\s*[{[]/.test(text)) {
    return { title: "JSON that is cut off or damaged", isCutOff: true };
  }
  return text.slice(0, 1024).includes("%PDF-") ? supported(PDF) : { title: "plain text" };
}

/** A text or list may begin with `<`; a server that sends something else sends a whole document. */
function isOnlyLikeMarkup(is: string, text: string): boolean {
  return is === "xml" && !/^\s*<\?xml/i.test(text) && !/<\/[^<>]{1,100}>\s*$/.test(text.slice(-1_000));
}

function detectedJson(json: Json): Detection {
  if (json.is === "json") return { title: "JSON that is not a Lottie animation" };
  const { externalImages } = json;
  if (externalImages.length === 0) return supported(LOTTIE_JSON);
  const names = externalImages.slice(0, 3).map(quotedName).join(", ");
  const more = externalImages.length > 3 ? ", ..." : "";
  return {
    ...supported(LOTTIE_JSON),
    notes: [
      `The animation shows ${externalImages.length} picture(s) that it does not contain (${names}${more}): they are not ` +
        "uploaded with it and will be missing, unless it is exported again with its images embedded.",
    ],
  };
}

function detectedSvg(activeContent: readonly string[], shownBroken: string | undefined): Detection {
  const notes = present(
    activeContent.length > 0 &&
      `The SVG holds ${activeContent.join(", ")}; it is uploaded as it is and anyone can open it from the site.`,
    shownBroken !== undefined &&
      `Browsers show this SVG as a broken picture, because ${shownBroken}; export it again, and look at it in a browser.`,
  );
  return notes.length === 0 ? supported(SVG) : { ...supported(SVG), notes };
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

/** Like {@link supported}, with a note if part of it is missing: browsers and readers show what they can. */
function supportedWhole(fileType: FileType, bytes: Buffer): Detection {
  if (!isCutOff(bytes, fileType.extensions[0])) return supported(fileType);
  return {
    ...supported(fileType),
    notes: [
      `The file is ${fileType.title} that is cut off: its end is missing, as after a download that broke off. Get an intact copy and send that.`,
    ],
  };
}

function supported(fileType: FileType): Detection {
  return { fileType, title: fileType.title };
}
