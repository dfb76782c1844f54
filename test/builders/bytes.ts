import { strToU8, zipSync } from "fflate";

/** Small but recognisable files of each type; `size` pads with zero bytes, which the formats tolerate. */
export function pngBytes(size = 64): Buffer {
  return padded(Buffer.from("89504e470d0a1a0a0000000d494844520000000100000001080600000000", "hex"), size);
}

/** A PNG that is there to its end, of about `size` bytes; its check sums and pixels are none. */
export function wholePng(width = 1, height = 1, size = 64): Buffer {
  const chunk = (type: string, data: Buffer) => {
    const frame = Buffer.alloc(12 + data.length);
    frame.writeUInt32BE(data.length);
    frame.write(type, 4, "latin1");
    data.copy(frame, 8);
    return frame;
  };
  const header = Buffer.from("00000000000000000806000000", "hex");
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  const pixels = chunk("IDAT", Buffer.alloc(size));
  return Buffer.concat([
    Buffer.from("89504e470d0a1a0a", "hex"),
    chunk("IHDR", header),
    pixels,
    chunk("IEND", Buffer.alloc(0)),
  ]);
}

export function jpegBytes(size = 64): Buffer {
  return padded(Buffer.from("ffd8ffe000104a46494600010100000100010000", "hex"), size);
}

export function gifBytes(): Buffer {
  return Buffer.from(
    "47494638396101000100800000000000ffffff21f90401000000002c00000000010001000002024401003b",
    "hex",
  );
}

export function webpBytes(): Buffer {
  return padded(Buffer.from("RIFF\x24\0\0\0WEBPVP8 \x18\0\0\0", "latin1"), 64);
}

export function bmpBytes(): Buffer {
  return padded(Buffer.from("BM\x40\0\0\0\0\0\0\0\x36\0\0\0\x28\0\0\0", "latin1"), 64);
}

/** An ISO media file whose file type box has these brands: `avif`, `heic`, `mp42`. */
export function isoMediaBytes(majorBrand: string, ...compatibleBrands: string[]): Buffer {
  const brands = [majorBrand, "\0\0\0\0", ...compatibleBrands].join("");
  const box = Buffer.alloc(8 + brands.length);
  box.writeUInt32BE(box.length);
  box.write(`ftyp${brands}`, 4, "latin1");
  return padded(box, 64);
}

export function svgBytes(content = '<path d="M0 0h1v1"/>'): Buffer {
  return Buffer.from(`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1">${content}</svg>`);
}

export function pdfBytes(size = 64): Buffer {
  return padded(Buffer.from("%PDF-1.7\n%\xe2\xe3\xcf\xd3\n", "latin1"), size);
}

export function htmlBytes(title = "Sign in"): Buffer {
  return Buffer.from(`<!DOCTYPE html><html><head><title>${title}</title></head><body></body></html>`);
}

export function lottieJson(overrides: Record<string, unknown> = {}): Buffer {
  const animation = { v: "5.7.4", fr: 30, ip: 0, op: 60, w: 100, h: 100, layers: [], ...overrides };
  return Buffer.from(JSON.stringify(animation));
}

export function zipBytes(entries: Record<string, string | Buffer>): Buffer {
  const contents = Object.entries(entries).map(([name, content]): [string, Uint8Array] => [
    name,
    typeof content === "string" ? strToU8(content) : content,
  ]);
  return Buffer.from(zipSync(Object.fromEntries(contents)));
}

/** An Office Open XML package whose main part has this content type, after `application/`. */
export function officeBytes(
  mainPart = "vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml",
  more: Record<string, string | Buffer> = {},
): Buffer {
  return zipBytes({
    "word/document.xml": "<document/>",
    "[Content_Types].xml": `<Types><Override PartName="/main.xml" ContentType="application/${mainPart}"/></Types>`,
    ...more,
  });
}

export function openDocumentBytes(kind: "text" | "spreadsheet" | "presentation" | "graphics"): Buffer {
  return zipBytes({ mimetype: `application/vnd.oasis.opendocument.${kind}`, "content.xml": "<content/>" });
}

export function dotLottieBytes(): Buffer {
  return zipBytes({ "manifest.json": '{"version":"2","animations":[{"id":"a"}]}', "a/a.json": "{}" });
}

/** A compound file (legacy Office) with these streams below its root; the first is the top of the tree. */
export function compoundFileBytes(streams: readonly string[], embedded: readonly string[] = []): Buffer {
  const NONE = 0xffffffff;
  const sector = (content: Buffer) => padded(content, 512);
  const header = Buffer.alloc(512, 0xff);
  Buffer.from("d0cf11e0a1b11ae1", "hex").copy(header);
  header.writeUInt16LE(9, 30);
  header.writeUInt32LE(1, 48);
  header.writeUInt32LE(0xfffffffe, 68);
  header.writeUInt32LE(0, 76);

  const directorySectors = Math.ceil((1 + streams.length + embedded.length) / 4);
  const fat = Buffer.alloc(512, 0xff);
  for (let index = 1; index <= directorySectors; index += 1) {
    fat.writeUInt32LE(index === directorySectors ? 0xfffffffe : index + 1, index * 4);
  }
  const entry = (name: string, right: number, child: number) => {
    const bytes = Buffer.alloc(128);
    bytes.write(name, "utf16le");
    bytes.writeUInt16LE(name.length * 2 + 2, 64);
    bytes.writeUInt8(child === NONE ? 2 : 1, 66);
    bytes.writeUInt32LE(NONE, 68);
    bytes.writeUInt32LE(right, 72);
    bytes.writeUInt32LE(child, 76);
    return bytes;
  };
  const firstEmbedded = streams.length + 1;
  const entries = [
    entry("Root Entry", NONE, 1),
    ...streams.map((name, index) =>
      entry(
        name,
        index + 1 < streams.length ? index + 2 : NONE,
        index === 0 && embedded.length > 0 ? firstEmbedded : NONE,
      ),
    ),
    ...embedded.map((name, index) =>
      entry(name, index + 1 < embedded.length ? firstEmbedded + index + 1 : NONE, NONE),
    ),
  ];
  return Buffer.concat([header, sector(fat), padded(Buffer.concat(entries), directorySectors * 512)]);
}

function padded(bytes: Buffer, size: number): Buffer {
  return bytes.length >= size ? bytes : Buffer.concat([bytes, Buffer.alloc(size - bytes.length)]);
}

/** A PNG that no other number gives: equal numbers, equal bytes. */
export function numberedPng(number: number, size = 256): Buffer {
  const bytes = pngBytes(size);
  bytes.writeUInt32BE(number, bytes.length - 4);
  return bytes;
}
