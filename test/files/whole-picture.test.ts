import sharp from "sharp";
import { describe, expect, it } from "vitest";
import { readWholePicture } from "../../src/files/formats/whole-picture.js";
import { svgBytes } from "../builders/bytes.js";

const picture = sharp({ create: { width: 70, height: 30, channels: 4, background: "#f008" } });
const FORMATS = {
  png: picture.clone().png().toBuffer(),
  jpeg: picture.clone().jpeg({ progressive: true }).toBuffer(),
  gif: picture.clone().gif().toBuffer(),
  webp: picture.clone().webp().toBuffer(),
  "webp without alpha": picture.clone().removeAlpha().webp().toBuffer(),
  "lossless webp": picture.clone().webp({ lossless: true }).toBuffer(),
};

describe("a whole picture", () => {
  it.each(Object.entries(FORMATS))("is told by its type and size: %s", async (name, made) => {
    const contentType = `image/${name.match(/png|jpeg|gif|webp/)}`;
    expect(readWholePicture(await made)).toEqual({ contentType, width: 70, height: 30 });
  });

  it.each(Object.entries(FORMATS))("is none when it is cut off anywhere: %s", async (_, made) => {
    const bytes = await made;
    const cut = Array.from({ length: 40 }, (_, index) =>
      bytes.subarray(0, Math.floor((bytes.length * index) / 41)),
    );
    expect(cut.map(readWholePicture).filter((found) => found !== undefined)).toEqual([]);
  });

  it("is none of the files that are no pictures for models", async () => {
    expect(readWholePicture(svgBytes())).toBeUndefined();
    expect(readWholePicture(await picture.clone().tiff().toBuffer())).toBeUndefined();
    expect(readWholePicture(Buffer.alloc(0))).toBeUndefined();
  });
});
