import { containerOf } from "../../files/formats/container.js";
import { readExif } from "../../files/formats/exif.js";
import { unzipEntries } from "../../files/formats/zip-entries.js";
import { homeDirectoryIn } from "../../files/markup/home-directories.js";
import { findPrivateData } from "./private-data.js";

/** What a document tells its readers besides what it shows. */
export interface DocumentData {
  readonly comments: boolean;
  /** What was deleted or inserted, and by whom. */
  readonly trackedChanges: boolean;
  readonly hiddenSheets: boolean;
  readonly speakerNotes: boolean;
  /** Whether a picture in it tells where it was taken. */
  readonly place: boolean;
  /** A directory of its author that it names, such as `C:\Users\jane`. */
  readonly homeDirectory: string | undefined;
}

/** How much of a document is unpacked: more than the text of any that Webflow takes, and most of its photos. */
const MOST_UNPACKED_BYTES = 24 * 1024 * 1024;
const MOST_EXIF_BLOCKS = 500;

const DOCX_TEXT = /^word\/(?:document|footnotes|header\d*|footer\d*)\.xml$/;
const WORKBOOK = /^xl\/workbook\.xml$/;
const ODF_TEXT = /^content\.xml$/;
const COMMENTS = /^(?:word\/comments\.xml|xl\/(?:threadedC|c)omments\/?.*\.xml|ppt\/comments\/.*\.xml)$/;
const SPEAKER_NOTES = /^ppt\/notesSlides\/[^/]*\.xml$/;
const RELATIONS = /^(?:word|xl|ppt)\/(?:externalLinks\/)?_rels\/[^/]*\.rels$/;
const PHOTO = /^(?:(?:word|xl|ppt)\/media|Pictures)\/[^/]*\.jpe?g$/i;
const PARTS = [DOCX_TEXT, WORKBOOK, ODF_TEXT, COMMENTS, SPEAKER_NOTES, RELATIONS, PHOTO];

/** ECMA-376, part 1: 17.13.4.2, 18.7.3 and 19.4.2, and the comments of later versions. */
const COMMENT = /<(?:\w{1,10}:)?(?:comment|threadedComment|cm)\s/;
/** ECMA-376, part 1, section 17.13.5. */
const TRACKED_CHANGE = /<w:(?:ins|del|moveFrom|moveTo)\s/;
/** ECMA-376, part 1, section 18.2.19. */
const HIDDEN_SHEET = /<(?:\w{1,10}:)?sheet\s[^<>]{0,500}state="(?:veryH|h)idden"/;
/** OpenDocument 1.3, part 3: 14.1, 5.5.1 and 20.232. */
const [ODF_COMMENT, ODF_CHANGE, ODF_HIDDEN] = [
  /<office:annotation[\s>]/,
  /<text:changed-region[\s>]/,
  /table:display="false"/,
];
/** ISO 32000-1, 12.5.6.4 and 12.5.6.14. */
const PDF_COMMENT = /\/Subtype\s{0,10}\/(?:Text|Popup)(?!\w)/;
/** What names files in a PDF: its own title, and what pdfTeX notes of each drawing. */
const PDF_NAME = /\/(?:Title|PTEX\.FileName)\s{0,10}\(([^)]{1,500})\)/g;

/**
 * What an Office Open XML or OpenDocument file or a PDF tells beside its text; nothing for any other bytes. Of a PDF,
 * what is not compressed is read.
 */
export function findDocumentData(bytes: Buffer): DocumentData {
  return containerOf(bytes) === "zip" ? findInPackage(bytes) : findInPdf(bytes);
}

function findInPackage(bytes: Buffer): DocumentData {
  const parts = unzipEntries(bytes, (name) => PARTS.some((part) => part.test(name)), MOST_UNPACKED_BYTES);
  const isIn = (part: RegExp, holds: (text: string) => boolean): boolean =>
    [...parts].some(([name, content]) => part.test(name) && holds(content.toString("latin1")));
  const matches = (part: RegExp, what: RegExp): boolean => isIn(part, (text) => what.test(text));
  const [homeDirectory] = [...parts].flatMap(([name, content]) =>
    WORKBOOK.test(name) || RELATIONS.test(name) ? (homeDirectoryIn(content.toString()) ?? []) : [],
  );
  return {
    comments: matches(COMMENTS, COMMENT) || matches(ODF_TEXT, ODF_COMMENT),
    trackedChanges: matches(DOCX_TEXT, TRACKED_CHANGE) || matches(ODF_TEXT, ODF_CHANGE),
    hiddenSheets: matches(WORKBOOK, HIDDEN_SHEET) || matches(ODF_TEXT, ODF_HIDDEN),
    speakerNotes: isIn(SPEAKER_NOTES, saysSomething),
    place: [...parts].some(([name, content]) => PHOTO.test(name) && findPrivateData(content).place),
    homeDirectory,
  };
}

/** The number of a slide is a field, and no run of text. */
function saysSomething(notes: string): boolean {
  const [, ...runs] = notes.split(/<a:r[\s>]/);
  return runs.some((run) => /<a:t>\s*[^\s<]/.test(run.split("</a:r>", 1)[0] ?? ""));
}

function findInPdf(bytes: Buffer): DocumentData {
  const text = bytes.toString("latin1");
  const names = [...text.matchAll(PDF_NAME)].map(([, name = ""]) => name.replace(/\\(.)/g, "$1"));
  return {
    comments: PDF_COMMENT.test(text),
    trackedChanges: false,
    hiddenSheets: false,
    speakerNotes: false,
    place: exifBlocks(bytes).some((exif) => readExif(exif).hasPlace),
    homeDirectory: names.map(homeDirectoryIn).find((home) => home !== undefined),
  };
}

/** The Exif of JPEGs, which stand in a PDF as they are. */
function exifBlocks(bytes: Buffer): Buffer[] {
  const blocks: Buffer[] = [];
  let start = bytes.indexOf("Exif\0\0", 2, "latin1");
  while (start !== -1 && blocks.length < MOST_EXIF_BLOCKS) {
    // The segment's length stands in front, and counts itself.
    const end = start - 2 + bytes.readUInt16BE(start - 2);
    blocks.push(bytes.subarray(start + 6, end));
    start = bytes.indexOf("Exif\0\0", Math.max(end, start + 6), "latin1");
  }
  return blocks;
}
