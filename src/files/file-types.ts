/** The kinds that Webflow distinguishes; each has its own size limit. */
export type FileKind = "image" | "document" | "lottie";

/** One kind of file that can be uploaded. */
export interface FileType {
  readonly kind: FileKind;
  /** Extensions that fit such bytes, without the dot, in lower case; a name without one gets the first. */
  readonly extensions: readonly [string, ...string[]];
  /** The media type under which Webflow serves it (Webflow derives it from the extension of the file name). */
  readonly contentType: string;
  /** What messages call it, with its article. */
  readonly title: string;
}

export const SVG = type("image", ["svg"], "image/svg+xml", "an SVG image");
export const PDF = type("document", ["pdf"], "application/pdf", "a PDF document");
export const LOTTIE_JSON = type("lottie", ["json"], "application/json", "a Lottie animation (JSON)");

/**
 * The file types that can be uploaded.
 * Webflow: "Working with assets", https://developers.webflow.com/data/docs/working-with-assets, and the media types
 * of the Designer API's "Create asset", https://developers.webflow.com/designer/reference/create-asset.
 */
export const FILE_TYPES: readonly FileType[] = [
  type("image", ["png"], "image/png", "a PNG image"),
  type("image", ["jpg", "jpeg"], "image/jpeg", "a JPEG image"),
  type("image", ["gif"], "image/gif", "a GIF image"),
  type("image", ["webp"], "image/webp", "a WebP image"),
  type("image", ["avif"], "image/avif", "an AVIF image"),
  type("image", ["bmp"], "image/bmp", "a BMP image"),
  SVG,
  PDF,
  type("document", ["doc"], "application/msword", "a Word 97-2003 document"),
  type("document", ["docx"], officeOpenXml("wordprocessingml.document"), "a Word document"),
  type("document", ["xls"], "application/vnd.ms-excel", "an Excel 97-2003 workbook"),
  type("document", ["xlsx"], officeOpenXml("spreadsheetml.sheet"), "an Excel workbook"),
  type("document", ["ppt"], "application/vnd.ms-powerpoint", "a PowerPoint 97-2003 presentation"),
  type("document", ["pptx"], officeOpenXml("presentationml.presentation"), "a PowerPoint presentation"),
  type("document", ["odt"], openDocument("text"), "an OpenDocument text"),
  type("document", ["ods"], openDocument("spreadsheet"), "an OpenDocument spreadsheet"),
  type("document", ["odp"], openDocument("presentation"), "an OpenDocument presentation"),
  type("document", ["txt"], "text/plain", "plain text"),
  type("document", ["csv"], "text/csv", "comma-separated text"),
  LOTTIE_JSON,
  type("lottie", ["lottie"], "application/zip+dotlottie", "a dotLottie animation"),
];

interface SizeLimit {
  /** The limit as Webflow states it, in powers of ten: above it an upload may be refused. In bytes. */
  readonly certainBytes: number;
  /** The same limit in powers of two: nothing larger is sent. In bytes. */
  readonly maxBytes: number;
  readonly title: string;
}

const DOCUMENT_LIMIT: SizeLimit = { certainBytes: 10_000_000, maxBytes: 10 * 1024 * 1024, title: "10 MB" };

/**
 * Webflow: "Working with assets" says 4 MB for images and 10 MB for documents, not whether a megabyte has
 * 1,000,000 or 1,048,576 bytes.
 */
export const SIZE_LIMITS: Readonly<Record<FileKind, SizeLimit>> = {
  image: { certainBytes: 4_000_000, maxBytes: 4 * 1024 * 1024, title: "4 MB" },
  document: DOCUMENT_LIMIT,
  lottie: DOCUMENT_LIMIT,
};

/** The extensions that can be uploaded, for messages: `png, jpg, jpeg, ...`. */
export const SUPPORTED_EXTENSIONS = FILE_TYPES.flatMap((fileType) => fileType.extensions).join(", ");

/** The type that a name with this extension (lower case, without the dot) claims. */
export function fileTypeByExtension(extension: string): FileType | undefined {
  return FILE_TYPES.find((fileType) => fileType.extensions.includes(extension));
}

/** The type with exactly this media type. */
export function fileTypeByContentType(contentType: string): FileType | undefined {
  return FILE_TYPES.find((fileType) => fileType.contentType === contentType);
}

function type(
  kind: FileKind,
  extensions: readonly [string, ...string[]],
  contentType: string,
  title: string,
): FileType {
  return { kind, extensions, contentType, title };
}

function officeOpenXml(name: string): string {
  return `application/vnd.openxmlformats-officedocument.${name}`;
}

function openDocument(name: string): string {
  return `application/vnd.oasis.opendocument.${name}`;
}
