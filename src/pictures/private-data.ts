import { metadataOfPng } from "./metadata/png-chunks.js";

/** What the metadata of a picture tells about the one who took it. */
export interface PrivateData {
  /** Where it was taken: coordinates, in Exif or XMP. */
  readonly gps: boolean;
  /** With what it was taken: maker, model, lens, serial numbers, the maker's own notes. */
  readonly camera: boolean;
}

/** Tags that stand in every GPS directory, even in an empty one. */
const GPS_FRAME_TAGS = ["GPSVersionID", "GPS Info IFD Pointer"];

/** A compressed text may unpack to so many bytes. */
const MAX_TEXT_BYTES = 2 * 1024 * 1024;

const CAMERA_TAG = /^(Make|Model|MakerNote|Lens|Camera|UniqueCameraModel)|Serial|OwnerName/;

/**
 * What a JPEG, PNG, WebP, AVIF or TIFF holds in Exif and XMP; nothing for any other bytes and for metadata that cannot be read. The
 * pixels are not decoded. Exif 2.32 and XMP part 2, as the package exifreader reads them, which is loaded with the first call.
 */
export async function findPrivateData(bytes: Buffer): Promise<PrivateData> {
  const names = await readTagNames(bytes);
  return {
    gps: names.some((name) => name.startsWith("GPS") && !GPS_FRAME_TAGS.includes(name)),
    camera: names.some((name) => CAMERA_TAG.test(name)),
  };
}

async function readTagNames(bytes: Buffer): Promise<string[]> {
  // Both are CommonJS, whose only export in a bundle's chunk is the default one.
  const [{ default: exifReader }, { default: xmldom }] = await Promise.all([
    import("exifreader"),
    import("@xmldom/xmldom"),
  ]);
  const domParser = new xmldom.DOMParser({ onError: () => {} });
  try {
    // The reader would take each twelve bytes of garbage for a chunk, and unpack every text at once.
    const { exif, xmp, pngText } = await exifReader.load(metadataOfPng(bytes), {
      expanded: true,
      async: true,
      domParser,
      decompress: { maxDecompressedSize: MAX_TEXT_BYTES },
    });
    return [...Object.keys({ ...exif, ...xmp }), ...namesInTexts(pngText ?? {})];
  } catch {
    return [];
  }
}

/** A PNG may hold its XMP compressed, as one text among others. */
function namesInTexts(texts: Readonly<Record<string, { readonly value?: unknown }>>): string[] {
  return Object.values(texts).flatMap(({ value }) =>
    typeof value === "string" ? [...value.matchAll(/\b[a-z]\w*:(\w+)/gi)].map(([, name]) => name ?? "") : [],
  );
}
