import { type Detection, detectType } from "../files/detect-type.js";
import { findSecret } from "../files/find-secret.js";
import { findDocumentData } from "../pictures/metadata/document-data.js";
import { documentNotes, privacyNotes } from "../pictures/metadata/privacy-notes.js";
import { findPrivateData } from "../pictures/metadata/private-data.js";

/** What has to be known about a file before it is public. */
export interface Examination {
  readonly detection: Detection;
  /** The secret that a text discloses, in words. */
  readonly secret: string | undefined;
  /** What else it discloses, a sentence each. */
  readonly disclosures: readonly string[];
}

/** Formats that people can read, and keep passwords and keys in. */
const TEXT_TYPES = ["text/plain", "text/csv", "application/json", "image/svg+xml"];
/** Documents whose parts can be read. */
const OPEN_DOCUMENT = /^application\/(?:pdf$|vnd\.(?:openxmlformats-officedocument|oasis\.opendocument)\.)/;

/** What a file is, as `detectType` says, and what it discloses, as far as its type can hold that. */
export async function examine(bytes: Buffer, extension: string): Promise<Examination> {
  const detection = await detectType(bytes, extension);
  const contentType = detection.fileType?.contentType ?? "";
  const secret = TEXT_TYPES.includes(contentType) ? await findSecret(bytes) : undefined;
  return { detection, secret, disclosures: await disclosuresOf(bytes, contentType) };
}

async function disclosuresOf(bytes: Buffer, contentType: string): Promise<string[]> {
  if (OPEN_DOCUMENT.test(contentType)) return documentNotes(await findDocumentData(bytes));
  // A Lottie animation may hold pictures.
  if (!contentType.startsWith("image/") && contentType !== "application/json") return [];
  return privacyNotes(await findPrivateData(bytes));
}
