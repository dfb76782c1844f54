import { unzipSync } from "fflate";
import * as z from "zod";
import { type FileType, fileTypeByContentType, fileTypeByExtension } from "./file-types.js";

const CONTENT_TYPES = "[Content_Types].xml";
const MIMETYPE = "mimetype";
const MANIFEST = "manifest.json";
const TELLING_NAMES = [CONTENT_TYPES, MIMETYPE, MANIFEST];
const MAX_ENTRY_BYTES = 1024 * 1024;
/** Of a header in the central directory, without the name and all else that may follow (APPNOTE.TXT, section 4.3.12). */
const LEAST_HEADER_BYTES = 46;

/** OOXML: the content type of the main part (ISO/IEC 29500-1, sections 11.3.10, 12.3.23 and 13.3.6). */
const MAIN_PART =
  /ContentType=["']application\/vnd\.openxmlformats-officedocument\.(?:(wordprocessingml\.document)|(spreadsheetml\.sheet)|(presentationml\.presentation))\.main\+xml["']/;

const dotLottieManifest = z.looseObject({ animations: z.array(z.unknown()).min(1) });

/**
 * The supported type that a ZIP archive is, judged by its central directory and the entry that names its type;
 * undefined for any other archive and for a damaged one. Unpacks at most the first entry of each telling name, and 1 MiB of it.
 */
export function detectZip(bytes: Buffer): FileType | undefined {
  const entries = readTellingEntries(bytes);
  if (!entries) return undefined;
  return openDocument(entries) ?? officeOpenXml(entries) ?? dotLottie(entries);
}

type Entries = ReadonlyMap<string, string>;

function readTellingEntries(bytes: Buffer): Entries | undefined {
  const mostEntries = bytes.length / LEAST_HEADER_BYTES;
  const seen = new Set<string>();
  let entries = 0;
  try {
    const unzipped = unzipSync(bytes, {
      filter({ name, originalSize }) {
        entries += 1;
        // The number of entries is what the archive claims: it is not believed beyond what its bytes have room for.
        if (entries > mostEntries) throw new RangeError("more entries are claimed than the archive can hold");
        if (!TELLING_NAMES.includes(name) || seen.has(name)) return false;
        seen.add(name);
        return originalSize <= MAX_ENTRY_BYTES;
      },
    });
    const decoder = new TextDecoder();
    return new Map(Object.entries(unzipped).map(([name, content]) => [name, decoder.decode(content)]));
  } catch {
    return undefined;
  }
}

/** OpenDocument 1.3, part 2, section 3.3: the entry `mimetype` holds the media type. */
function openDocument(entries: Entries): FileType | undefined {
  const mediaType = entries.get(MIMETYPE)?.trim();
  if (!mediaType?.startsWith("application/vnd.oasis.opendocument.")) return undefined;
  return fileTypeByContentType(mediaType);
}

function officeOpenXml(entries: Entries): FileType | undefined {
  const [, word, spreadsheet, presentation] = MAIN_PART.exec(entries.get(CONTENT_TYPES) ?? "") ?? [];
  if (word) return fileTypeByExtension("docx");
  if (spreadsheet) return fileTypeByExtension("xlsx");
  return presentation ? fileTypeByExtension("pptx") : undefined;
}

/** dotLottie 2.0, "Manifest": https://dotlottie.io/spec/2.0/ */
function dotLottie(entries: Entries): FileType | undefined {
  const manifest = entries.get(MANIFEST);
  if (manifest === undefined) return undefined;
  return dotLottieManifest.safeParse(parseJson(manifest)).success ? fileTypeByExtension("lottie") : undefined;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
