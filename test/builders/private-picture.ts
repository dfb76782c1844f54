import type { Sharp } from "sharp";
import { withGifExtensions, withJpegSegments } from "./picture-parts.js";

/** Values planted in every place where a file can carry private data; none may be left in a result. */
export const PLANTED = [
  "SN-BODY-4711",
  "LENS-0815",
  "Jane Q. Owner",
  "48,51.51",
  "THUMBNAIL-BYTES",
  "TRAILER-BYTES",
];

const EXIF = {
  IFD0: { Make: "Maker", Model: "Model X", Artist: "Jane Q. Owner" },
  IFD2: { BodySerialNumber: "SN-BODY-4711", LensSerialNumber: "LENS-0815", CameraOwnerName: "Jane Q. Owner" },
  IFD3: {
    GPSLatitudeRef: "N",
    GPSLatitude: "48/1 51/1 3060/100",
    GPSLongitudeRef: "E",
    GPSLongitude: "2/1 21/1 7/1",
  },
};

const XMP = `<?xpacket begin="" id="W5M0MpCehiHzreSzNTczkc9d"?><x:xmpmeta xmlns:x="adobe:ns:meta/">
<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description rdf:about=""
xmlns:exif="http://ns.adobe.com/exif/1.0/" xmlns:aux="http://ns.adobe.com/exif/1.0/aux/"
exif:GPSLatitude="48,51.51N" exif:GPSLongitude="2,21.1E" aux:SerialNumber="SN-BODY-4711"/></rdf:RDF></x:xmpmeta>
<?xpacket end="w"?>`;

type PrivateFormat = "jpeg" | "png" | "webp" | "avif" | "tiff" | "gif";

/** The picture with place, camera and owner in Exif and XMP, and in what else its format can carry. */
export async function privatePicture(image: Sharp, format: PrivateFormat, orientation = 1): Promise<Buffer> {
  return withPrivateData(image.toFormat(format), format, orientation);
}

/** As {@link privatePicture}, of an image whose encoding is chosen. */
export async function withPrivateData(
  image: Sharp,
  format: PrivateFormat,
  orientation: number,
  profile?: string,
): Promise<Buffer> {
  const turned = image.withMetadata({ orientation });
  const coloured = profile === undefined ? turned : turned.withIccProfile(profile);
  const bytes = await coloured.withExifMerge(EXIF).withXmp(XMP).toBuffer();
  if (format === "jpeg") return withPrivateSegments(bytes);
  if (format === "gif") return withGifExtensions(bytes, "Jane Q. Owner", "XMP DataXMP", "SN-BODY-4711");
  return format === "avif" || format === "tiff"
    ? bytes
    : Buffer.concat([bytes, Buffer.from("TRAILER-BYTES")]);
}

/** The picture with its place in XMP only. */
export function pictureWithPlaceInXmp(image: Sharp, format: "jpeg" | "png" | "webp"): Promise<Buffer> {
  return image.withXmp(XMP).toFormat(format).toBuffer();
}

function withPrivateSegments(jpeg: Buffer): Buffer {
  const withSegments = withJpegSegments(
    jpeg,
    [0xe0, "JFXX\0\x10THUMBNAIL-BYTES"],
    [0xed, "Photoshop 3.0\x008BIM\x04\x04\0\0\0\0\0\x12\x1c\x02\x50\0\x0dJane Q. Owner"],
    [0xfe, "Jane Q. Owner"],
    [0xe5, "SN-BODY-4711"],
  );
  return Buffer.concat([withSegments, Buffer.from("TRAILER-BYTES")]);
}
