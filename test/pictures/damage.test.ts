import sharp from "sharp";
import { describe, expect, it } from "vitest";
import { createPictureOptimizer, MAX_OPTIMIZE_SOURCE_BYTES } from "../../src/pictures/optimizer.js";
import { jpegBytes } from "../builders/bytes.js";
import { callContext } from "../builders/call.js";
import { codeOf } from "../builders/outcome.js";
import { gradient, noise } from "../builders/photos.js";
import { pngHeader, pngOf } from "../builders/picture-parts.js";

const optimizer = createPictureOptimizer();

describe("a picture that is cut off", () => {
  const formats = ["jpeg", "png", "webp", "avif", "tiff", "gif"] as const;
  const cases = formats.flatMap((format) => [0.5, 0.95].map((share) => ({ format, share })));

  it.each(cases)("is refused: $format at $share of its bytes", async ({ format, share }) => {
    const whole = await noise(200, 150).toFormat(format).toBuffer();
    const cut = whole.subarray(0, whole.length * share);
    await expect(optimizer.optimize(cut, callContext())).rejects.toMatchObject({
      code: "INVALID_INPUT",
      message: expect.stringContaining("damaged or cut off"),
    });
  });

  it("is refused as a progressive JPEG, which would only be blurred", async () => {
    const whole = await noise(400, 300).jpeg({ progressive: true }).toBuffer();
    expect(await codeOf(optimizer.optimize(whole.subarray(0, whole.length / 2), callContext()))).toBe(
      "INVALID_INPUT",
    );
  });
});

describe("a JPEG that would be left as it is", () => {
  it("is refused where it cannot be decoded", async () => {
    const source = await noise(200, 150).jpeg({ quality: 60, progressive: true }).toBuffer();
    const startOfScan = Buffer.of(0xff, 0xda);
    const secondScan = source.indexOf(startOfScan, source.indexOf(startOfScan) + 2);
    const unknownComponent = 9;
    source.writeUInt8(unknownComponent, secondScan + 5);
    expect(await codeOf(optimizer.optimize(source, callContext()))).toBe("INVALID_INPUT");
  });
});

describe("a decoder's warning", () => {
  it("is no reason to refuse a picture that is whole", async () => {
    const jpeg = await gradient(400, 300).jpeg({ quality: 95 }).toBuffer();
    const firstScan = jpeg.indexOf(Buffer.of(0xff, 0xda));
    const source = Buffer.concat([jpeg.subarray(0, firstScan), Buffer.of(0, 0), jpeg.subarray(firstScan)]);
    await expect(sharp(source, { failOn: "warning" }).stats()).rejects.toThrow();
    expect((await optimizer.optimize(source, callContext())).changed).toBe(true);
  });
});

describe("a picture that is too large to decode", () => {
  it("is refused by its number of pixels, before memory is allocated for them", async () => {
    await optimizer.recipe();
    const bomb = pngOf(["IHDR", pngHeader(30_000, 30_000)], ["IDAT", Buffer.alloc(1_000_000)]);
    const peakBefore = process.resourceUsage().maxRSS;

    await expect(optimizer.optimize(bomb, callContext())).rejects.toMatchObject({
      code: "FILE_TOO_LARGE",
      message: expect.stringContaining("30000 x 30000 pixels"),
    });

    expect((process.resourceUsage().maxRSS - peakBefore) * 1024).toBeLessThan(100_000_000);
  });

  it("is refused by its bytes", async () => {
    const source = jpegBytes(MAX_OPTIMIZE_SOURCE_BYTES + 1);
    expect(await codeOf(optimizer.optimize(source, callContext()))).toBe("FILE_TOO_LARGE");
  });
});

describe("a cancelled call", () => {
  it("answers at once, and what waits behind it is not begun", async () => {
    const source = await noise(2000, 1500).jpeg({ quality: 95 }).toBuffer();
    const cancel = new AbortController();
    const call = callContext({ signal: cancel.signal });
    const running = Array.from({ length: 6 }, () => codeOf(optimizer.optimize(source, call)));
    cancel.abort();
    expect(await Promise.all(running)).toEqual(Array(6).fill("CANCELLED"));
  });
});
