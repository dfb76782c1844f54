import sharp from "sharp";
import { describe, expect, it } from "vitest";
import { createPictureOptimizer } from "../../src/pictures/optimizer.js";
import { callContext } from "../builders/call.js";
import { codeOf } from "../builders/outcome.js";
import { gradient, noise, picture, plain } from "../builders/photos.js";

const optimizer = createPictureOptimizer();
const optimize = (source: Buffer) => optimizer.optimize(source, callContext());
/** Made once: it takes longer to draw than to optimize. */
const largeNoise = noise(2000, 1500).jpeg({ quality: 98 }).toBuffer();
const sizeOf = async (bytes: Buffer) => {
  const { width, height } = await sharp(bytes).metadata();
  return `${width}x${height}`;
};

describe("the size in pixels", () => {
  it("is scaled to a long edge of 3,200, keeping the proportions", async () => {
    const source = await gradient(4032, 3024).jpeg({ quality: 95 }).toBuffer();
    const { bytes, notes } = await optimize(source);
    expect(await sizeOf(bytes)).toBe("3200x2400");
    expect(notes[0]).toMatch(/^4032x3024, [\d.]+ [kM]B -> 3200x2400, [\d.]+ [kM]B$/);
  });

  it("is never scaled up", async () => {
    const source = await noise(300, 200).jpeg({ quality: 100 }).toBuffer();
    const { bytes, changed } = await optimize(source);
    expect(changed).toBe(true);
    expect(await sizeOf(bytes)).toBe("300x200");
  });

  it("the size in pixels of a strip of one pixel's width keeps that pixel", async () => {
    const source = await gradient(1, 20_000).png().toBuffer();
    const { bytes } = await optimize(source);
    expect(await sizeOf(bytes)).toBe("1x3200");
  });
});

describe("the size in bytes", () => {
  it.each(["jpeg", "png", "webp", "avif", "gif"] as const)("never grows: %s", async (format) => {
    for (const image of [gradient(250, 150), noise(250, 150), plain([10, 200, 30], 3400, 20)]) {
      const source = await image.toFormat(format, { quality: 40 }).toBuffer();
      expect((await optimize(source)).bytes.length).toBeLessThanOrEqual(source.length);
    }
  });

  it("stays under the limit, by less quality first", async () => {
    const limited = createPictureOptimizer({ limitBytes: 900_000 });
    const { bytes } = await limited.optimize(await largeNoise, callContext());
    expect(bytes.length).toBeLessThanOrEqual(900_000);
    expect(await sizeOf(bytes)).toBe("2000x1500");
  });

  it("the size in bytes stays under the limit, by fewer pixels where less quality is not enough", async () => {
    const limited = createPictureOptimizer({ limitBytes: 100_000 });
    const { bytes } = await limited.optimize(await largeNoise, callContext());
    expect(bytes.length).toBeLessThanOrEqual(100_000);
    expect(await sizeOf(bytes)).toBe("1600x1200");
  });

  it("is too large when 1,600 pixels at the lowest quality are", async () => {
    const limited = createPictureOptimizer({ limitBytes: 20_000 });
    expect(await codeOf(limited.optimize(await largeNoise, callContext()))).toBe("FILE_TOO_LARGE");
  });

  it("the size in bytes of seeded noise comes under Webflow's limit", async () => {
    const source = await noise(2800, 2100, { levels: 200 }).jpeg({ quality: 95 }).toBuffer();
    expect(source.length).toBeGreaterThan(4_000_000);
    expect((await optimize(source)).bytes.length).toBeLessThanOrEqual(4_000_000);
  });
});

describe("a picture that needs nothing", () => {
  it.each(["jpeg", "png", "webp", "avif"] as const)("goes up unchanged: %s", async (format) => {
    const best = format === "png" ? { compressionLevel: 9, adaptiveFiltering: true } : { quality: 40 };
    const source = await noise(200, 100).toFormat(format, best).toBuffer();
    const { bytes, changed, notes } = await optimize(source);
    expect(bytes.equals(source)).toBe(true);
    expect(changed).toBe(false);
    expect(notes.join()).toContain("sent as it is");
  });

  it("is left unchanged when it was optimized before", async () => {
    const once = await optimize(await noise(1200, 800, { levels: 40 }).jpeg({ quality: 96 }).toBuffer());
    expect((await optimize(once.bytes)).changed).toBe(false);
  });
});

describe("the same source", () => {
  it.each(["jpeg", "png", "webp", "tiff"] as const)("gives the same bytes each time: %s", async (format) => {
    const source = await picture(900, 700, (x, y) => [(x * y) % 256, x % 256, y % 256])
      .toFormat(format)
      .toBuffer();
    const other = createPictureOptimizer({ concurrency: 1 });
    const [one, two] = await Promise.all([optimize(source), other.optimize(source, callContext())]);
    expect(one.md5).toBe(two.md5);
  });

  it("is known by a recipe that names the encoders' versions", async () => {
    expect(await optimizer.recipe()).toBe(
      `sharp ${sharp.versions.sharp} libvips ${sharp.versions.vips} r6 4000000`,
    );
  });
});
