import mime from "mime-types";
import { AssetError } from "../core/errors.js";
import { HEIC_ADVICE, sharingAdvice, tooLargeImageAdvice } from "./advice.js";
import { type Detection, detectType } from "./detect-type.js";
import {
  cleanFileName,
  joinFileName,
  MAX_FILE_NAME_LENGTH,
  quotedName,
  splitExtension,
} from "./file-name.js";
import {
  type FileKind,
  type FileType,
  fileTypeByContentType,
  fileTypeByExtension,
  SIZE_LIMITS,
  SUPPORTED_EXTENSIONS,
} from "./file-types.js";
import type { SourceFile } from "./source-file.js";

/** A file that Webflow will accept, and the name under which it will. */
export interface AcceptedFile {
  readonly fileName: string;
  /** The media type that Webflow derives from the extension of `fileName`. */
  readonly contentType: string;
  /** What was changed, and what the user should know before the file is public. */
  readonly notes: string[];
}

export interface CheckFileOptions {
  /** The name that the caller asked for, with or without an extension. */
  readonly fileName?: string;
  /** Whether the file came out of the optimizer, which is then no longer worth advising. */
  readonly isOptimized?: boolean;
  /** Examines the bytes; without it, this thread does. */
  readonly detect?: (bytes: Buffer, extension: string) => Promise<Detection>;
}

/** Extensions of programs that answer with a file; they say nothing about the file. */
const PROGRAM_EXTENSIONS = ["php", "asp", "aspx", "ashx", "cgi", "jsp", "bin", "dat", "tmp"];

const DEFAULT_STEMS: Readonly<Record<FileKind, string>> = {
  image: "image",
  document: "document",
  lottie: "animation",
};

/**
 * Checks a file before anything is sent: its type by its bytes, its size, its name. Throws FILE_EMPTY,
 * FILE_TOO_LARGE, TYPE_NOT_SUPPORTED, TYPE_MISMATCH, or NAME_INVALID if nothing of a requested name could be kept.
 */
export async function checkFile(file: SourceFile, options: CheckFileOptions = {}): Promise<AcceptedFile> {
  if (file.bytes.length === 0) {
    throw new AssetError("FILE_EMPTY", `${shown(file)} has 0 bytes`, "send a file with content");
  }
  const requested = options.fileName === undefined ? undefined : cleanedRequest(options.fileName);
  const own = cleanFileName(file.name);
  const ownExtension = splitExtension(own.name).extension;
  const { detect = detectType } = options;
  const detection = await detect(file.bytes, textExtension(file, ownExtension) ?? ownExtension);
  const fileType = detection.fileType ?? refuse(file, detection, ownExtension);
  const sizeNotes = checkSize(file, fileType, options.isOptimized ?? false);

  const { name, changes } = requested ?? own;
  const parts = splitExtension(name);
  const extension = fittingExtension(file, fileType, parts.extension, ownExtension, !requested);
  const stem = keepsWholeName(parts.extension) ? name : parts.stem;
  const fileName = joinFileName(stem === "" ? DEFAULT_STEMS[fileType.kind] : stem, extension);
  return {
    fileName,
    contentType: (fileTypeByExtension(extension.toLowerCase()) ?? fileType).contentType,
    notes: [
      ...file.notes,
      ...(detection.notes ?? []),
      ...sizeNotes,
      ...nameNotes(fileName, [
        ...changes,
        ...correction(fileType, parts.extension, extension),
        ...shortening(stem, extension),
      ]),
    ],
  };
}

function cleanedRequest(fileName: string): ReturnType<typeof cleanFileName> {
  const cleaned = cleanFileName(fileName);
  if (cleaned.name !== "") return cleaned;
  throw new AssetError(
    "NAME_INVALID",
    "The file name contains no character that a file name can have",
    "give a fileName with letters or digits, for example team-photo.jpg, or leave it out",
  );
}

/** For plain text without an extension of its own, the name that the server or the `data:` URI gave decides. */
function textExtension(file: SourceFile, extension: string): string | undefined {
  if (!claimsNothing(extension.toLowerCase())) return undefined;
  const declared = fileTypeByContentType(file.declaredType ?? "");
  return declared && isPlainText(declared) ? declared.extensions[0] : undefined;
}

/** The extension of the result: that of the name if it fits the bytes, or else the right one. */
function fittingExtension(file: SourceFile, fileType: FileType, named: string, own: string, isOwn: boolean) {
  const extension = named.toLowerCase();
  // Webflow derives the type from the extension, for which it documents lower case.
  if (fits(fileType, extension)) return extension;
  if (isCorrectable(fileType, extension) || (isOwn && file.isNamedByAddress)) {
    return fits(fileType, own.toLowerCase()) ? own : fileType.extensions[0];
  }
  throw new AssetError(
    "TYPE_MISMATCH",
    `${shown(file)} cannot be named .${extension}, because its bytes are ${fileType.title}`,
    `name it .${fileType.extensions[0]} (rename the file, or set fileName when it is uploaded), or send the intended file`,
  );
}

function fits(fileType: FileType, extension: string): boolean {
  return (
    fileType.extensions.includes(extension) || (isPlainText(fileType) && ["txt", "csv"].includes(extension))
  );
}

function isPlainText(fileType: FileType): boolean {
  return fileType.contentType.startsWith("text/");
}

/** An extension that claims nothing can be added to, and an image named as another image type can be renamed. */
function isCorrectable(fileType: FileType, extension: string): boolean {
  if (claimsNothing(extension)) return true;
  return fileType.kind === "image" && (mime.lookup(extension) || "").startsWith("image/");
}

function claimsNothing(extension: string): boolean {
  return PROGRAM_EXTENSIONS.includes(extension) || mime.lookup(extension) === false;
}

/** `release-1.2` ends in something that looks like an extension but is none: nothing of it is dropped. */
function keepsWholeName(extension: string): boolean {
  const lower = extension.toLowerCase();
  return !PROGRAM_EXTENSIONS.includes(lower) && claimsNothing(lower);
}

function checkSize(file: SourceFile, fileType: FileType, isOptimized: boolean): string[] {
  const limit = SIZE_LIMITS[fileType.kind];
  const { maxBytes } = limit;
  const size = file.bytes.length;
  if (size > maxBytes) {
    throw new AssetError(
      "FILE_TOO_LARGE",
      `${shown(file)} is ${fileType.title} of ${size} bytes; Webflow takes up to ${limit.title} (${maxBytes} bytes)`,
      fileType.kind === "image"
        ? tooLargeImageAdvice(file.bytes, fileType.extensions[0], isOptimized)
        : "compress or split the file and send that",
    );
  }
  if (size <= limit.certainBytes) return [];
  return [
    `The file has ${size} bytes, just over ${limit.title} as powers of ten; Webflow may count it as too large.`,
  ];
}

function refuse(file: SourceFile, detection: Detection, extension: string): never {
  const next = adviceFor(file, detection);
  if (fileTypeByExtension(extension.toLowerCase())) {
    const what = `is named .${extension}, but its bytes are ${detection.title}`;
    throw new AssetError("TYPE_MISMATCH", `${shown(file)} ${what}`, next);
  }
  if (detection.isPage && claimsNothing(extension.toLowerCase())) {
    throw new AssetError("TYPE_MISMATCH", `${shown(file)} is ${detection.title}, not a file to upload`, next);
  }
  const what = `is ${describe(detection, extension)}, which this server does not upload`;
  throw new AssetError("TYPE_NOT_SUPPORTED", `${shown(file)} ${what}`, next);
}

/** A file known to be unsupported is refused for what it is; text, for what its name makes of it. */
function describe({ title, mediaType, isPage }: Detection, extension: string): string {
  if (mediaType !== undefined || isPage) return title;
  return extension === "" ? `${title} without a file extension` : `${title} named .${extension}`;
}

function adviceFor(file: SourceFile, detection: Detection): string {
  if (/^image\/hei[cf]/.test(detection.mediaType ?? "")) return HEIC_ADVICE;
  if (detection.isCutOff) {
    return "get an intact copy of it, for example by copying or downloading it once more, and send that";
  }
  if (detection.mediaType === "image/tiff") return "set optimize: true, which makes a web picture of it";
  const sharing = detection.isPage ? sharingAdvice(file.origin) : undefined;
  if (sharing) return sharing;
  if (detection.isPage && URL.canParse(file.origin)) {
    return "give the address of the file itself; a page that asks to sign in cannot be used";
  }
  return `send one of the supported types: ${SUPPORTED_EXTENSIONS}`;
}

function correction(fileType: FileType, named: string, extension: string): string[] {
  if (named.toLowerCase() === extension) return [];
  return keepsWholeName(named)
    ? [`.${extension} added, because the bytes are ${fileType.title}`]
    : [`.${named} replaced by .${extension}, because the bytes are ${fileType.title}`];
}

function shortening(stem: string, extension: string): string[] {
  const length = stem.length + 1 + extension.length;
  return length > MAX_FILE_NAME_LENGTH ? [`shortened to ${MAX_FILE_NAME_LENGTH} characters`] : [];
}

function nameNotes(fileName: string, changes: readonly string[]): string[] {
  return changes.length === 0 ? [] : [`The file is named "${fileName}": ${changes.join("; ")}.`];
}

function shown(file: SourceFile): string {
  return file.name === "" ? file.origin : quotedName(file.name);
}
