import sharp from "sharp";
import { describe, expect, it } from "vitest";
import { findPrivateData } from "../../src/pictures/metadata/private-data.js";
import { createPictureOptimizer } from "../../src/pictures/optimizer.js";
import { lottieJson, svgBytes } from "../builders/bytes.js";
import { callContext } from "../builders/call.js";
import { gradient } from "../builders/photos.js";
import { withJpegSegments, withPngChunks } from "../builders/picture-parts.js";
import { pictureWithPlaceInXmp, privatePicture } from "../builders/private-picture.js";

const XMP = '<x:xmpmeta><rdf:Description exif:GPSLatitude="48,51.51N"/></x:xmpmeta>';
const CREDENTIALS = 'jumb c2pa {"exif:GPSLatitude":"48,51.51N"}';
const MULTI_PICTURE = [0xe2, "MPF\0MM\0*"] as const;

/** The block of Exif of a photo that tells where it was taken. */
async function exifBlock(): Promise<string> {
  const jpeg = await privatePicture(gradient(30, 20), "jpeg");
  const start = jpeg.indexOf("Exif\0\0");
  return jpeg.toString("latin1", start + 6, start - 2 + jpeg.readUInt16BE(start - 2));
}

const plainJpeg = () => gradient(30, 20).jpeg().toBuffer();

function resource(id: number, content: string): string {
  const data = Buffer.from(content, "latin1");
  const head = Buffer.from("8BIM\0\0\0\0\0\0\0\0", "latin1");
  head.writeUInt16BE(id, 4);
  head.writeUInt32BE(data.length, 8);
  return Buffer.concat([Buffer.from("Photoshop 3.0\0", "latin1"), head, data]).toString("latin1");
}

function box(type: string, content: string): Buffer {
  const head = Buffer.from(`\0\0\0\0${type}`, "latin1");
  head.writeUInt32BE(8 + content.length);
  return Buffer.concat([head, Buffer.from(content)]);
}

describe("the place of a photo is found", () => {
  it.each<[string, () => Promise<Buffer>]>([
    [
      "in a second block of Exif",
      async () => {
        const empty = "Exif\0\0MM\0*\0\0\0\x08\0\0\0\0\0\0";
        return withJpegSegments(await plainJpeg(), [0xe1, empty], [0xe1, `Exif\0\0${await exifBlock()}`]);
      },
    ],
    [
      "in the Exif of Photoshop",
      async () => withJpegSegments(await plainJpeg(), [0xed, resource(0x0422, await exifBlock())]),
    ],
    [
      "in the XMP of Photoshop",
      async () => withJpegSegments(await plainJpeg(), [0xed, resource(0x0424, XMP)]),
    ],
    [
      "in the thumbnail, which was made of the photo as it came",
      async () => {
        const thumbnail = (await privatePicture(gradient(8, 8), "jpeg")).toString("latin1");
        return withJpegSegments(await plainJpeg(), [0xe1, `Exif\0\0II*\0\x08\0\0\0\0\0\0\0\0\0${thumbnail}`]);
      },
    ],
    [
      "in a preview behind the picture",
      async () => {
        const preview = await privatePicture(gradient(8, 8), "jpeg");
        return Buffer.concat([withJpegSegments(await plainJpeg(), MULTI_PICTURE), preview]);
      },
    ],
    [
      "in the content credentials of a JPEG",
      async () => withJpegSegments(await plainJpeg(), [0xeb, CREDENTIALS]),
    ],
    [
      "in the content credentials of a PNG",
      async () => withPngChunks(await gradient(30, 20).png().toBuffer(), ["caBX", Buffer.from(CREDENTIALS)]),
    ],
    [
      "in a box of an AVIF",
      async () =>
        Buffer.concat([await gradient(30, 20).avif().toBuffer(), box("uuid", `0123456789abcdef${XMP}`)]),
    ],
    ["in a picture in an SVG", async () => svgWith(await privatePicture(gradient(30, 20), "jpeg"))],
    [
      "in a picture in an SVG, in lines",
      async () => svgWith(await pictureWithPlaceInXmp(gradient(30, 20), "png"), "&#10;"),
    ],
    [
      "in a picture in an animation",
      async () =>
        lottieWith(await privatePicture(gradient(30, 20), "webp"), (text) => text.replaceAll("/", "\\/")),
    ],
  ])("%s", async (_, source) => {
    expect(findPrivateData(await source())).toMatchObject({ place: true, behindEnd: undefined });
  });

  it("the place of a photo is found in no SVG whose picture tells nothing", async () => {
    expect(findPrivateData(svgWith(await plainJpeg()))).toMatchObject({ place: false, camera: false });
  });
});

describe("a drawing that holds a photo", () => {
  it.each([
    "jpeg",
    "png",
    "webp",
    "avif",
  ] as const)("goes up without the metadata of the %s", async (format) => {
    const source = svgWith(await privatePicture(gradient(30, 20), format, 6));
    const { bytes, changed, notes } = await createPictureOptimizer().optimize(source, callContext());
    expect([changed, notes.join()]).toEqual([
      true,
      "Removed from the file: the metadata of the pictures in it; it is drawn as before.",
    ]);
    expect(findPrivateData(bytes)).toMatchObject({ place: false, camera: false });
    expect(await drawnIn(bytes)).toEqual(await drawnIn(source));
  });

  it("stays an animation", async () => {
    const source = lottieWith(await privatePicture(gradient(30, 20), "jpeg"));
    const { bytes } = await createPictureOptimizer().optimize(source, callContext());
    expect(findPrivateData(bytes)).toMatchObject({ place: false, camera: false });
    const [{ p: _, ...asset }] = JSON.parse(bytes.toString()).assets;
    expect(asset).toEqual({ id: "a", e: 1 });
  });

  it("stays as it is where nothing in it is private", async () => {
    const source = svgWith(await plainJpeg());
    const { bytes, changed } = await createPictureOptimizer().optimize(source, callContext());
    expect([changed, bytes.equals(source)]).toEqual([false, true]);
  });
});

function dataUri(picture: Buffer): string {
  return `data:image/${/png|webp/i.exec(picture.toString("latin1", 0, 12))?.[0].toLowerCase() ?? "jpeg"};base64,${picture.toString("base64")}`;
}

function svgWith(picture: Buffer, lineEnd = ""): Buffer {
  const uri = dataUri(picture).replace(/.{76}/g, `$&${lineEnd}`);
  return svgBytes(`<text>é</text><image href="${uri}" width="30"/>`);
}

function lottieWith(picture: Buffer, written = (text: string) => text): Buffer {
  const animation = JSON.parse(lottieJson().toString());
  return Buffer.from(
    JSON.stringify({ ...animation, assets: [{ id: "a", e: 1, p: "PICTURE" }] }).replace(
      "PICTURE",
      written(dataUri(picture)),
    ),
  );
}

/** The pixels of the picture in an SVG, turned as browsers turn them. */
async function drawnIn(svg: Buffer): Promise<Buffer> {
  const [, base64 = ""] = /base64,([^"]+)"/.exec(svg.toString()) ?? [];
  return sharp(Buffer.from(base64, "base64"), { autoOrient: true }).raw().toBuffer();
}
