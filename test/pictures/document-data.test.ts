import sharp from "sharp";
import { describe, expect, it } from "vitest";
import { findDocumentData } from "../../src/pictures/metadata/document-data.js";
import { documentNotes } from "../../src/pictures/metadata/privacy-notes.js";
import { zipBytes } from "../builders/bytes.js";

const PHOTO = await sharp({ create: { width: 8, height: 8, channels: 3, background: "teal" } })
  .withExif({ IFD3: { GPSLatitudeRef: "N", GPSLatitude: "48/1 51/1 30/1" } })
  .jpeg()
  .toBuffer();
const PLAIN_PHOTO = await sharp(PHOTO).jpeg().toBuffer();

/** What a document is told to disclose; empty if nothing. */
function toldOf(bytes: Buffer): string {
  const [note = ""] = documentNotes(findDocumentData(bytes));
  return /document: (.*?)\. If/.exec(note)?.[1] ?? note;
}

const pdf = (...parts: (string | Buffer)[]) =>
  Buffer.concat(["%PDF-1.7\n", ...parts, "\n%%EOF"].map((part) => Buffer.from(part as string)));

describe("a document is told to disclose", () => {
  it.each([
    ["comments", { "word/comments.xml": '<w:comments><w:comment w:id="0"><w:p/></w:comment></w:comments>' }],
    [
      "comments",
      { "xl/comments1.xml": '<comments><commentList><comment ref="A1"/></commentList></comments>' },
    ],
    [
      "comments",
      { "xl/threadedComments/threadedComment1.xml": '<ThreadedComments><threadedComment ref="A1"/>' },
    ],
    ["comments", { "ppt/comments/comment1.xml": '<p:cmLst><p:cm authorId="0"/></p:cmLst>' }],
    ["comments", { "content.xml": '<office:annotation office:name="1"><dc:creator>Ann</dc:creator>' }],
    [
      "tracked changes",
      { "word/document.xml": '<w:del w:id="1" w:author="Ann"><w:r><w:delText>cheap</w:delText>' },
    ],
    ["tracked changes", { "content.xml": "<text:tracked-changes><text:changed-region text:id='1'>" }],
    [
      "hidden sheets",
      { "xl/workbook.xml": '<sheets><sheet name="Costs" sheetId="2" state="veryHidden" r:id="rId2"/>' },
    ],
    ["hidden sheets", { "content.xml": '<style:table-properties table:display="false"/>' }],
    [
      "speaker notes",
      { "ppt/notesSlides/notesSlide1.xml": "<a:p><a:r><a:rPr/><a:t>Do not say this</a:t></a:r></a:p>" },
    ],
    ["the place where a picture in it was taken", { "word/media/image1.jpeg": PHOTO }],
    ["the place where a picture in it was taken", { "Pictures/100000.jpg": PHOTO }],
    [
      'a directory of its author\'s computer ("C:\\\\Users\\\\ann")',
      { "xl/workbook.xml": '<x15ac:absPath url="C:\\Users\\ann\\Documents\\"/>' },
    ],
  ] as [string, Record<string, string | Buffer>][])("%s: %o", (told, parts) => {
    expect(toldOf(zipBytes(parts))).toBe(told);
  });

  it.each([
    ["comments", pdf("<< /Type /Annot /Subtype /Text /Contents (too dear) >>")],
    ["the place where a picture in it was taken", pdf("stream\n", PLAIN_PHOTO, PHOTO, "\nendstream")],
    ['a directory of its author\'s computer ("/home/ann")', pdf("/PTEX.FileName (/home/ann/draft/plot.pdf)")],
  ])("%s, in a PDF", (told, bytes) => {
    expect(toldOf(bytes)).toBe(told);
  });
});

describe("a document is told to disclose nothing", () => {
  it.each([
    ["whose parts for comments are empty", { "word/comments.xml": '<w:comments xmlns:w="w"/>' }],
    ["with borders and lists", { "word/document.xml": '<w:insideH w:val="single"/><w:delay w:x="1"/>' }],
    [
      "whose sheets are all shown",
      { "xl/workbook.xml": '<sheet name="A" state="visible"/><sheet name="B"/>' },
    ],
    [
      "whose slides have numbers, and no notes",
      {
        "ppt/notesSlides/notesSlide1.xml":
          '<a:r><a:t></a:t></a:r><a:fld type="slidenum"><a:t>1</a:t></a:fld>',
      },
    ],
    ["whose photos tell nothing", { "word/media/image1.jpeg": PLAIN_PHOTO }],
    [
      "that links to pages",
      { "word/_rels/document.xml.rels": '<R Target="https://example.com/home/ann/"/>' },
    ],
  ] as [string, Record<string, string | Buffer>][])("%s", (_, parts) => {
    expect(toldOf(zipBytes(parts))).toBe("");
  });

  it.each([
    [
      "of forms and pictures",
      pdf("/Subtype /TextField /Subtype /Image /Title (Prices of /home/work)", PLAIN_PHOTO),
    ],
    ["that is damaged", Buffer.from("PK\x03\x04 and nothing more")],
  ])("%s", (_, bytes) => {
    expect(toldOf(bytes)).toBe("");
  });
});

it("of an archive, no more is unpacked than a document needs, and the first part of a name counts", () => {
  const zeros = Buffer.alloc(30 * 1024 * 1024);
  const comment = "<w:comment >";
  const large = zipBytes({ "word/comments.xml": Buffer.concat([zeros, Buffer.from(comment)]) });
  expect(toldOf(large)).toBe("");
  expect(toldOf(zipBytes({ "word/media/a.jpg": zeros, "word/comments.xml": comment }))).toBe("comments");
});
