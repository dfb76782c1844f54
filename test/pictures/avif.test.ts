import sharp from "sharp";
import { describe, expect, it } from "vitest";
import { createPictureOptimizer } from "../../src/pictures/optimizer.js";
import { avifOf } from "../builders/avif.js";
import { callContext } from "../builders/call.js";
import { codeOf } from "../builders/outcome.js";
import { colourAt, deltaE, plain, type Rgb } from "../builders/photos.js";
import { withPngChunks } from "../builders/picture-parts.js";

const optimizer = createPictureOptimizer();
const TILE_COLOURS: readonly Rgb[] = [
  [200, 40, 40],
  [40, 160, 60],
  [40, 60, 200],
  [220, 200, 60],
];
const COLOUR: Rgb = [200, 100, 50];
const DISPLAY_P3 = { primaries: 12, transfer: 13 };
const PQ = { primaries: 9, transfer: 16 };

/** Four tiles of one colour each, 2 x 2. */
async function grid(tileWidth: number, tileHeight: number): Promise<Buffer> {
  const tiles = await Promise.all(
    TILE_COLOURS.map((colour) =>
      plain(colour, tileWidth, tileHeight).avif({ quality: 95, effort: 0 }).toBuffer(),
    ),
  );
  return avifOf({ tiles, columns: 2, tileWidth, tileHeight });
}

async function coloured(colour: typeof PQ, width = 64, height = 64): Promise<Buffer> {
  const tile = await plain(COLOUR, width, height).avif({ quality: 95, effort: 0 }).toBuffer();
  return avifOf({ tiles: [tile], columns: 1, tileWidth: width, tileHeight: height, colour });
}

describe("an AVIF of several tiles", () => {
  it("is one picture: sent whole, as it is", async () => {
    const source = await grid(64, 64);
    expect(await sharp(source).metadata()).toMatchObject({ width: 128, height: 128 });
    const { bytes, notes } = await optimizer.optimize(source, callContext());
    expect(bytes.equals(source)).toBe(true);
    expect(notes.join()).not.toMatch(/pictures in it/);
  });

  it("is scaled as one picture", async () => {
    const { bytes } = await optimizer.optimize(await grid(1_664, 32), callContext());
    expect(await sharp(bytes).metadata()).toMatchObject({ width: 3_200, height: 62 });
    for (const [index, colour] of TILE_COLOURS.entries()) {
      const [x, y] = [index % 2 === 0 ? 800 : 2_400, index < 2 ? 15 : 46];
      expect(deltaE(await colourAt(bytes, x, y), colour)).toBeLessThan(5);
    }
  });
});

describe("a picture whose colours stand in code points", () => {
  it("a picture whose code points say Display P3 is sent as it is where it fits", async () => {
    const source = await coloured(DISPLAY_P3);
    expect((await optimizer.optimize(source, callContext())).bytes.equals(source)).toBe(true);
  });

  it("a picture whose code points say Display P3 keeps its look where it is scaled", async () => {
    const { bytes, notes } = await optimizer.optimize(await coloured(DISPLAY_P3, 3_328, 64), callContext());
    expect((await sharp(bytes).metadata()).width).toBe(3_200);
    // rgb(200, 100, 50) of Display P3 in sRGB, by the matrices of CSS Color 4.
    expect(deltaE(await colourAt(bytes, 100, 30), [215, 93, 31])).toBeLessThan(4);
    expect(notes.join()).toContain("colours converted to sRGB");
  });

  it("a picture whose code points say HDR (PQ) is sent as it is, and the note says so", async () => {
    const source = await coloured(PQ, 3_328, 64);
    const { bytes, notes } = await optimizer.optimize(source, callContext());
    expect(bytes.equals(source)).toBe(true);
    expect(notes.join()).toMatch(/sent as it is|not made smaller, because of its HDR/);
  });

  it("a picture whose code points say HDR (PQ) is refused where it would have to be turned", async () => {
    const png = await plain(COLOUR).withMetadata({ orientation: 6 }).png().toBuffer();
    const source = withPngChunks(png, ["cICP", Buffer.of(PQ.primaries, PQ.transfer, 0, 1)]);
    await expect(optimizer.optimize(source, callContext())).rejects.toMatchObject({
      code: "INVALID_INPUT",
      message: expect.stringContaining("turned upright"),
      next: expect.stringContaining("without optimize"),
    });
  });

  it("a picture whose code points say HDR (PQ) is refused where it is too large", async () => {
    const source = await coloured(PQ);
    const limited = createPictureOptimizer({ limitBytes: source.length - 1 });
    expect(await codeOf(limited.optimize(source, callContext()))).toBe("FILE_TOO_LARGE");
  });
});
