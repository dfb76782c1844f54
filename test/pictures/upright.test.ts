import sharp from "sharp";
import { describe, expect, it } from "vitest";
import { createPictureOptimizer } from "../../src/pictures/optimizer.js";
import { callContext } from "../builders/call.js";
import { CORNERS, colourAt, cornersPicture, deltaE } from "../builders/photos.js";

const optimizer = createPictureOptimizer();

/** Which stored corner (clockwise from the top left) comes to the top left, and whether the order turns round. */
const ORIENTATIONS = [
  { orientation: 1, order: [0, 1, 2, 3] },
  { orientation: 2, order: [1, 0, 3, 2] },
  { orientation: 3, order: [2, 3, 0, 1] },
  { orientation: 4, order: [3, 2, 1, 0] },
  { orientation: 5, order: [0, 3, 2, 1] },
  { orientation: 6, order: [3, 0, 1, 2] },
  { orientation: 7, order: [2, 1, 0, 3] },
  { orientation: 8, order: [1, 2, 3, 0] },
] as const;

const cases = (["jpeg", "png", "webp", "tiff"] as const).flatMap((format) =>
  ORIENTATIONS.map((orientation) => ({ format, ...orientation })),
);

describe("a picture that its Exif orientation turns", () => {
  it.each(cases)("comes out upright: $format, orientation $orientation", async ({
    format,
    orientation,
    order,
  }) => {
    const source = await cornersPicture(120, 80).withMetadata({ orientation }).toFormat(format).toBuffer();

    const { bytes } = await optimizer.optimize(source, callContext());

    const { width, height, orientation: left } = await sharp(bytes).metadata();
    expect([width, height]).toEqual(orientation < 5 ? [120, 80] : [80, 120]);
    expect(left ?? 1).toBe(1);
    const found = [
      await colourAt(bytes, 8, 8),
      await colourAt(bytes, width - 8, 8),
      await colourAt(bytes, width - 8, height - 8),
      await colourAt(bytes, 8, height - 8),
    ];
    for (const [corner, colour] of found.entries()) {
      expect(deltaE(colour, CORNERS[order[corner] ?? 0])).toBeLessThan(4);
    }
  });

  it("says that it was turned", async () => {
    const source = await cornersPicture().withMetadata({ orientation: 6 }).jpeg().toBuffer();
    const { notes } = await optimizer.optimize(source, callContext());
    expect(notes.join()).toMatch(/^120x80, .* -> 80x120, .*turned upright/);
  });

  it("keeps every pixel of a PNG", async () => {
    const source = await cornersPicture().withMetadata({ orientation: 3 }).png().toBuffer();
    const { bytes } = await optimizer.optimize(source, callContext());
    const upright = await sharp(source, { autoOrient: true }).raw().toBuffer();
    expect(await sharp(bytes).raw().toBuffer()).toEqual(upright);
  });
});
