import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import sharp from "sharp";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createPictureOptimizer } from "../../src/pictures/optimizer.js";
import { callContext } from "../builders/call.js";
import { colourAt, deltaE, plain, type Rgb } from "../builders/photos.js";
import { adobeRgbProfile, pngProfile, withPngChunks } from "../builders/picture-parts.js";

const optimizer = createPictureOptimizer();
const COLOURS: readonly Rgb[] = [
  [200, 120, 60],
  [60, 140, 90],
  [90, 150, 220],
  [225, 190, 60],
];

let directory: string;
let adobeRgb: string;

beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), "colours-"));
  adobeRgb = join(directory, "adobe-rgb.icc");
  writeFileSync(adobeRgb, adobeRgbProfile());
});

afterAll(() => rmSync(directory, { recursive: true, force: true }));

describe.each(["Display P3", "Adobe RGB"])("a picture in %s", (space) => {
  const profile = () => (space === "Adobe RGB" ? adobeRgb : "p3");

  it.each(COLOURS)("keeps the look of rgb(%i, %i, %i) as a JPEG", async (...colour) => {
    const source = await plain(colour).withIccProfile(profile()).jpeg({ quality: 98 }).toBuffer();
    const { bytes } = await optimizer.optimize(source, callContext());
    expect(deltaE(await untaggedColour(source), colour)).toBeGreaterThan(3);
    expect(deltaE(await untaggedColour(bytes), colour)).toBeLessThan(2.5);
  });

  it.each(COLOURS)("keeps the look of rgb(%i, %i, %i) as a 16-bit PNG", async (...colour) => {
    const source = await plain(colour).toColourspace("rgb16").withIccProfile(profile()).png().toBuffer();
    expect(await sharp(source).metadata()).toMatchObject({ depth: "ushort", hasProfile: true });
    const { bytes } = await optimizer.optimize(source, callContext());
    expect(deltaE(await untaggedColour(source), colour)).toBeGreaterThan(3);
    expect(deltaE(await untaggedColour(bytes), colour)).toBeLessThan(2.5);
  });
});

describe("colours", () => {
  it("stay vivid where sRGB ends", async () => {
    const { icc } = await sharp(await plain([0, 0, 0]).withIccProfile("p3").png().toBuffer()).metadata();
    const green = await plain([0, 255, 0]).png({ compressionLevel: 0 }).toBuffer();
    const source = withPngChunks(green, ["iCCP", pngProfile(icc ?? Buffer.alloc(0))]);
    const { bytes, changed } = await optimizer.optimize(source, callContext());
    expect(changed).toBe(true);
    expect(deltaE(await untaggedColour(bytes), [0, 255, 0])).toBeLessThan(6);
  });

  it.each([
    true,
    false,
  ])("colours of a CMYK JPEG keep their look (with a profile: %s)", async (hasProfile) => {
    const cmyk = plain([150, 130, 110], 400, 300).toColourspace("cmyk");
    const source = await (hasProfile ? cmyk.withIccProfile("cmyk") : cmyk).jpeg({ quality: 95 }).toBuffer();
    expect((await sharp(source).metadata()).space).toBe("cmyk");
    const { bytes, notes } = await optimizer.optimize(source, callContext());
    expect(await sharp(bytes).metadata()).toMatchObject({ format: "jpeg", space: "srgb", hasProfile: false });
    expect(deltaE(await untaggedColour(bytes), await colourAt(source, 20, 20))).toBeLessThan(2.5);
    expect(notes.join()).toContain("colours converted to sRGB");
  });

  it("colours of a picture tagged as sRGB need no conversion", async () => {
    const source = await plain([200, 120, 60]).withIccProfile("srgb").png({ compressionLevel: 9 }).toBuffer();
    const { notes } = await optimizer.optimize(source, callContext());
    expect(notes.join()).not.toContain("converted");
  });
});

/** The colour as a browser shows it that knows nothing of profiles. */
async function untaggedColour(bytes: Buffer): Promise<Rgb> {
  const { depth } = await sharp(bytes).metadata();
  if (depth === "ushort") return [await level16(bytes, 0), await level16(bytes, 1), await level16(bytes, 2)];
  return colourAt(await sharp(bytes, { ignoreIcc: true }).png().toBuffer(), 20, 20);
}

async function level16(bytes: Buffer, channel: number): Promise<number> {
  const image = sharp(bytes, { ignoreIcc: true }).toColourspace("rgb16").raw({ depth: "ushort" });
  return (await image.toBuffer()).readUInt16LE(2 * channel) / 257;
}
