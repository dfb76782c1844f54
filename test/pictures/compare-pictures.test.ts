import sharp, { type Sharp } from "sharp";
import { describe, expect, it } from "vitest";
import { findDifference } from "../../src/pictures/compare-pictures.js";
import { inspectPicture } from "../../src/pictures/inspect-picture.js";
import type { PictureFormat } from "../../src/pictures/picture-format.js";
import { pixelsOf } from "../../src/pictures/pixels.js";
import { cornersPicture, gradient } from "../builders/photos.js";

/** What the check says of a result of this size for a source. */
async function differenceOf(
  source: Buffer,
  result: Buffer,
  format: PictureFormat,
): Promise<string | undefined> {
  const picture = await inspectPicture(sharp, source, format);
  const { width, height } = await sharp(result).metadata();
  return findDifference(sharp, picture, pixelsOf(sharp, picture), { bytes: result, format, width, height });
}

/** A smooth picture of many pixels, drawn of few. */
const large = (width: number, height: number) =>
  gradient(64, 16)
    .png({ compressionLevel: 0 })
    .toBuffer()
    .then((small) => sharp(small).resize(width, height, { fit: "fill", kernel: "nearest" }));

describe.each([
  ["jpeg", 4_001, 1_000],
  ["jpeg", 9_001, 60],
  ["png", 4_001, 30],
] as const)("a %s that was kept at %i x %i pixels", (format, width, height) => {
  const written = async (how: (image: Sharp) => Sharp = (image) => image, rows: number = height) =>
    how(await large(width, rows))
      .toFormat(format)
      .toBuffer();

  it("shows what its source shows", async () => {
    const source = await written();
    expect(await differenceOf(source, source, format)).toBeUndefined();
  });

  it("is recognized as different if its colours or its proportions differ", async () => {
    const source = await written();
    expect(await differenceOf(source, await written((image) => image.negate()), format)).toBe("its colours");
    expect(await differenceOf(source, await written((image) => image, height / 2), format)).toBe(
      "its proportions",
    );
  });
});

describe("a large JPEG that is turned", async () => {
  const corners = await cornersPicture(24, 16)
    .resize(2_004, 1_004, { fit: "fill", kernel: "nearest" })
    .jpeg({ progressive: true })
    .toBuffer();

  it.each([1, 2, 3, 4, 5, 6, 7, 8])("is compared as it is upright: orientation %i", async (orientation) => {
    const source = await sharp(corners).withMetadata({ orientation }).jpeg({ progressive: true }).toBuffer();
    const upright = await sharp(source, { autoOrient: true }).jpeg({ progressive: true }).toBuffer();
    const upsideDown = await sharp(upright).rotate(180).jpeg({ progressive: true }).toBuffer();
    const mirrored = await sharp(upright).flop().jpeg({ progressive: true }).toBuffer();

    expect(await differenceOf(source, upright, "jpeg")).toBeUndefined();
    expect(await differenceOf(source, upsideDown, "jpeg")).toBe("its colours");
    expect(await differenceOf(source, mirrored, "jpeg")).toBe("its colours");
  });
});
