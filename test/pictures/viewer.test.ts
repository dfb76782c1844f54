import sharp from "sharp";
import { describe, expect, it } from "vitest";
import { createLogger } from "../../src/core/logger.js";
import { createIsolatedOptimizer } from "../../src/pictures/process/isolated-optimizer.js";
import { callContext } from "../builders/call.js";
import { CORNERS, colourAt, cornersPicture, deltaE, noise, plain, type Rgb } from "../builders/photos.js";

const viewer = createIsolatedOptimizer("dist/optimizer.js", createLogger("silent"));
const view = (picture: Buffer) => viewer.view(picture, callContext());
const sheetOf = (...pictures: (Buffer | undefined)[]) => viewer.contactSheet(pictures, callContext());

const RED: Rgb = [220, 40, 40];
const BLUE: Rgb = [40, 60, 200];

describe("a picture for a model", () => {
  it("is a JPEG of at most 1,568 pixels a side and 200 kB", async () => {
    const photo = await noise(2000, 1500).jpeg({ quality: 90 }).toBuffer();
    const { bytes, contentType, width, height } = await view(photo);
    expect(contentType).toBe("image/jpeg");
    expect(bytes.length).toBeLessThanOrEqual(200_000);
    expect(Math.max(width, height)).toBeLessThanOrEqual(1568);
    expect(width / height).toBeCloseTo(4 / 3, 1);
    expect(await sharp(bytes).metadata()).toMatchObject({ format: "jpeg", width, height });
  });

  it.each(["jpeg", "png", "webp", "avif", "tiff", "gif"] as const)("is made of a %s", async (format) => {
    const { bytes } = await view(await plain(RED).toFormat(format).toBuffer());
    expect(deltaE(await colourAt(bytes, 20, 20), RED)).toBeLessThan(4);
  });

  it("is drawn of an SVG, large enough to see what it shows", async () => {
    const svg =
      '<svg xmlns="http://www.w3.org/2000/svg" width="24" height="24"><rect width="24" height="12" fill="#dc2828"/></svg>';
    const { bytes, contentType, width } = await view(Buffer.from(svg));
    expect(width).toBe(800);
    expect(contentType).toBe("image/png");
    expect(deltaE(await colourAt(bytes, 100, 100), RED)).toBeLessThan(2);
  });

  it("stays transparent as a PNG, however little it compresses", async () => {
    const picture = await noise(400, 400, { levels: 255 }).ensureAlpha(0.5).png().toBuffer();
    const { bytes, contentType } = await view(picture);
    expect(contentType).toBe("image/png");
    expect(bytes.length).toBeLessThanOrEqual(200_000);
    expect((await sharp(bytes).stats()).isOpaque).toBe(false);
  });

  it("is a JPEG when its alpha is opaque all over", async () => {
    expect((await view(await plain(RED).ensureAlpha(1).png().toBuffer())).contentType).toBe("image/jpeg");
  });

  it("stands upright", async () => {
    const { bytes, width, height } = await view(
      await cornersPicture(120, 80).withMetadata({ orientation: 6 }).jpeg().toBuffer(),
    );
    expect([width, height]).toEqual([80, 120]);
    expect(deltaE(await colourAt(bytes, 8, 8), CORNERS[3])).toBeLessThan(5);
  });

  it("is the first frame of an animation", async () => {
    const frames = await Promise.all([RED, BLUE].map((colour) => plain(colour).png().toBuffer()));
    const animation = await sharp(frames, { join: { animated: true } })
      .webp()
      .toBuffer();
    const { bytes, height } = await view(animation);
    expect(height).toBe(64);
    expect(deltaE(await colourAt(bytes, 20, 20), RED)).toBeLessThan(4);
  });

  it.each([
    ["cut off", async () => (await noise(400, 300).jpeg().toBuffer()).subarray(0, 9000)],
    ["no picture at all", async () => Buffer.from("%PDF-1.7")],
    ["empty", async () => Buffer.alloc(0)],
  ])("is refused when it is %s", async (_, picture) => {
    await expect(view(await picture())).rejects.toMatchObject({ code: "INVALID_INPUT" });
  });
});

describe("a contact sheet", () => {
  it("shows twelve pictures in four columns, 1,500 pixels wide and at most 200 kB", async () => {
    const photo = await noise(800, 600).jpeg().toBuffer();
    const sheet = await sheetOf(...Array(12).fill(photo));
    expect(sheet).toMatchObject({ contentType: "image/jpeg", width: 1500, unreadable: [] });
    expect(sheet.height).toBeLessThan(850);
    expect(sheet.bytes.length).toBeLessThanOrEqual(200_000);
  });

  it("shows each picture in its place, in rows from the top left", async () => {
    const colours = [...CORNERS, RED, BLUE];
    const pictures = await Promise.all(colours.map((colour) => plain(colour, 400, 300).png().toBuffer()));
    const { bytes, width, height } = await sheetOf(...pictures);
    for (const [index, colour] of colours.entries()) {
      const x = Math.round(((index % 3) + 0.5) * (width / 3));
      const y = Math.round((Math.floor(index / 3) + 0.5) * (height / 2));
      expect(deltaE(await colourAt(bytes, x, y), colour)).toBeLessThan(5);
    }
  });

  it("numbers the tiles", async () => {
    const black = await plain([0, 0, 0], 400, 300).png().toBuffer();
    const { bytes } = await sheetOf(...Array(12).fill(black));
    const badges = await Promise.all(
      [6, 379].map((left) =>
        sharp(bytes).extract({ left, top: 6, width: 40, height: 36 }).greyscale().raw().toBuffer(),
      ),
    );
    const inkOf = (badge?: Buffer) => badge?.filter((level) => level > 128).length ?? 0;
    expect(inkOf(badges[0])).toBeGreaterThan(100);
    expect(inkOf(badges[1])).toBeGreaterThan(inkOf(badges[0]));
  });

  it("leaves the tile of a picture empty that cannot be decoded or is missing, and names it", async () => {
    const picture = await plain(BLUE, 400, 300).png().toBuffer();
    const { bytes, unreadable, height } = await sheetOf(Buffer.from("broken"), picture, undefined);
    expect(unreadable).toEqual([1, 3]);
    expect(deltaE(await colourAt(bytes, 1125, Math.round(height / 4)), BLUE)).toBeLessThan(5);
  });

  it("shows white and black logos on transparent ground", async () => {
    const logo = async (colour: Rgb) => {
      const ink = await plain(colour, 40, 40).png().toBuffer();
      const ground = { create: { width: 120, height: 90, channels: 4, background: "#00000000" } } as const;
      return sharp(ground)
        .composite([{ input: ink }])
        .png()
        .toBuffer();
    };
    const { bytes, width, height } = await sheetOf(await logo([255, 255, 255]), await logo([0, 0, 0]));
    const besideLogo = await colourAt(bytes, width / 4, Math.round(height / 2) + 40);
    for (const colour of [
      [255, 255, 255],
      [0, 0, 0],
    ] as const) {
      expect(deltaE(besideLogo, colour)).toBeGreaterThan(20);
    }
  });
});
