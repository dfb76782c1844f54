import { deflateSync } from "node:zlib";
import { PNG_SIGNATURE, pngChunk } from "./png.js";

/** A type of which small real files can be made. */
export interface GeneratedType {
  readonly extension: string;
  readonly contentType: string;
  /** The same file for the same number, and another one for every other. */
  makeFile(index: number): Buffer;
}

export const GENERATED_TYPES: readonly [GeneratedType, ...GeneratedType[]] = [
  { extension: "jpg", contentType: "image/jpeg", makeFile: jpegFile },
  { extension: "png", contentType: "image/png", makeFile: pngFile },
  { extension: "webp", contentType: "image/webp", makeFile: webpFile },
  { extension: "svg", contentType: "image/svg+xml", makeFile: svgFile },
  { extension: "pdf", contentType: "application/pdf", makeFile: pdfFile },
];

/** A grey JPEG of 1 x 1 pixel. */
const JPEG = Buffer.from(
  "/9j/2wBDABQODxIPDRQSEBIXFRQYHjIhHhwcHj0sLiQySUBMS0dARkVQWnNiUFVtVkVGZIhlbXd7gYKBTmCNl4x9lnN+gXz/2wBDARUXFx4aHjsh" +
    "ITt8U0ZTfHx8fHx8fHx8fHx8fHx8fHx8fHx8fHx8fHx8fHx8fHx8fHx8fHx8fHx8fHx8fHx8fHz/wAARCAABAAEDASIAAhEBAxEB/8QAFAABAAAA" +
    "AAAAAAAAAAAAAAAAAP/EABQQAQAAAAAAAAAAAAAAAAAAAAD/xAAUAQEAAAAAAAAAAAAAAAAAAAAA/8QAFBEBAAAAAAAAAAAAAAAAAAAAAP/aAAwD" +
    "AQACEQMRAD8AAA//2Q==",
  "base64",
);
/** The picture of a lossless, grey WebP of 1 x 1 pixel. */
const WEBP_PICTURE = Buffer.from("VlA4TBEAAAAvAAAAAAdQwAIWsP+BiOh/AAA=", "base64");
const JPEG_COMMENT = 0xfffe;

/** 1 x 1 pixel of a colour of its own. */
function pngFile(index: number): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(1, 0);
  header.writeUInt32BE(1, 4);
  header.set([8, 2, 0, 0, 0], 8);
  const pixel = deflateSync(Buffer.from([0, (index * 37) % 256, (index * 91) % 256, (index * 13) % 256]));
  return Buffer.concat([
    PNG_SIGNATURE,
    pngChunk("IHDR", header),
    pngChunk("tEXt", Buffer.from(`Comment\0${index}`)),
    pngChunk("IDAT", pixel),
    pngChunk("IEND", Buffer.alloc(0)),
  ]);
}

function jpegFile(index: number): Buffer {
  const text = Buffer.from(`Picture ${index}`);
  const comment = Buffer.alloc(4);
  comment.writeUInt16BE(JPEG_COMMENT, 0);
  comment.writeUInt16BE(text.length + 2, 2);
  return Buffer.concat([JPEG.subarray(0, 2), comment, text, JPEG.subarray(2)]);
}

function webpFile(index: number): Buffer {
  const note = Buffer.alloc(12);
  note.write("NOTE", 0, "latin1");
  note.writeUInt32LE(4, 4);
  note.writeUInt32LE(index, 8);
  const header = Buffer.alloc(12);
  header.write("RIFF", 0, "latin1");
  header.writeUInt32LE(4 + WEBP_PICTURE.length + note.length, 4);
  header.write("WEBP", 8, "latin1");
  return Buffer.concat([header, WEBP_PICTURE, note]);
}

function svgFile(index: number): Buffer {
  return Buffer.from(
    `<svg xmlns="http://www.w3.org/2000/svg" width="8" height="8"><title>${index}</title></svg>`,
  );
}

function pdfFile(index: number): Buffer {
  return Buffer.from(`%PDF-1.4\n% document ${index}\n%%EOF\n`);
}
