import { load } from "exifreader";
import sharp from "sharp";
import { describe, expect, it } from "vitest";
import { findPrivateData } from "../../src/pictures/metadata/private-data.js";
import { createPictureOptimizer } from "../../src/pictures/optimizer.js";
import { pdfBytes, pngBytes } from "../builders/bytes.js";
import { callContext } from "../builders/call.js";
import { gradient, noise } from "../builders/photos.js";
import { PLANTED, pictureWithPlaceInXmp, privatePicture } from "../builders/private-picture.js";

const optimizer = createPictureOptimizer();

const FORMATS = ["jpeg", "png", "webp", "avif", "tiff", "gif"] as const;
const cases = FORMATS.flatMap((format) => [
  { format, orientation: 1, kind: "small and plain" },
  { format, orientation: 1, kind: "so that encoding pays" },
  { format, orientation: 6, kind: "lying on its side" },
]);

describe("a result", () => {
  it.each(cases)("tells nothing of place, camera or owner: $format, $kind", async ({
    format,
    orientation,
    kind,
  }) => {
    const image = kind === "so that encoding pays" ? noise(300, 200) : gradient(300, 200);
    const source = await privatePicture(image, format, orientation);
    expect(plantedIn(source).length).toBeGreaterThanOrEqual(2);

    const { bytes, changed } = await optimizer.optimize(source, callContext());

    expect(changed).toBe(true);
    expect(plantedIn(bytes)).toEqual([]);
    expect(Object.keys(metadataOf(bytes))).toEqual([]);
    expect(await sharp(bytes, { failOn: "warning" }).stats()).toBeDefined();
  });

  it.each([
    "jpeg",
    "png",
    "webp",
  ] as const)("has the very pixels of a %s that was small enough", async (format) => {
    const plain = await gradient(300, 200).toFormat(format, { quality: 40 }).toBuffer();
    const source = await privatePicture(sharp(plain), format);
    const { bytes, changed } = await optimizer.optimize(source, callContext());
    expect(changed).toBe(true);
    expect(bytes.length).toBeLessThan(source.length);
    if (format === "png") expect((await pixelsOf(bytes)).equals(await pixelsOf(source))).toBe(true);
    expect(await sharp(bytes).metadata()).toMatchObject({ width: 300, height: 200, format });
  });

  it.each(["jpeg", "png", "webp"] as const)("says what was removed from a %s", async (format) => {
    const { notes } = await optimizer.optimize(await privatePicture(noise(300, 200), format), callContext());
    expect(notes.join()).toContain("place and camera data removed");
  });
});

describe("private data", () => {
  it.each([
    "jpeg",
    "png",
    "webp",
    "avif",
    "tiff",
  ] as const)("is found in the Exif of a %s", async (format) => {
    const source = await privatePicture(gradient(300, 200), format);
    expect(findPrivateData(source)).toMatchObject({ place: true, camera: true });
  });

  it.each(["jpeg", "png", "webp"] as const)("is found in the XMP of a %s", async (format) => {
    const source = await pictureWithPlaceInXmp(gradient(300, 200), format);
    expect(findPrivateData(source)).toMatchObject({ place: true, camera: true });
  });

  it("is not found where there is a camera, but no place", async () => {
    const source = await gradient(300, 200)
      .withExif({ IFD0: { Make: "Maker" } })
      .jpeg()
      .toBuffer();
    expect(findPrivateData(source)).toMatchObject({ place: false, camera: true });
  });

  it("is searched for in a PNG as far as its chunks can be followed, and not in garbage", async () => {
    const whole = await privatePicture(gradient(300, 200), "png");
    expect(findPrivateData(whole.subarray(0, -30))).toMatchObject({ place: true, camera: true });
    expect(findPrivateData(pngBytes(1_000_000))).toMatchObject({ place: false, camera: false });
  });

  it.each([
    ["a picture without metadata", () => gradient(300, 200).jpeg().toBuffer()],
    ["a picture with a colour profile", () => gradient(300, 200).withIccProfile("p3").png().toBuffer()],
    ["a PDF", async () => pdfBytes()],
    ["nothing", async () => Buffer.alloc(0)],
    ["a cut Exif", async () => (await privatePicture(gradient(300, 200), "jpeg")).subarray(0, 60)],
  ])("is not found in %s", async (_, source) => {
    expect(findPrivateData(await source())).toMatchObject({ place: false, camera: false });
  });
});

function plantedIn(bytes: Buffer): string[] {
  return PLANTED.filter((value) => bytes.includes(value) || bytes.includes(Buffer.from(value, "utf16le")));
}

/** What the reader finds besides the picture itself and its format's own fields. */
function metadataOf(bytes: Buffer): object {
  const { exif, xmp, iptc, gps, Thumbnail, photoshop, makerNotes } = load(bytes, { expanded: true });
  return { ...exif, ...xmp, ...iptc, ...gps, ...Thumbnail, ...photoshop, ...makerNotes };
}

async function pixelsOf(bytes: Buffer): Promise<Buffer> {
  return sharp(bytes).raw().toBuffer();
}
