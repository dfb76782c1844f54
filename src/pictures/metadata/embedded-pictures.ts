import { isLikeDrawing, readDrawing } from "../../files/markup/drawing-text.js";
import { stripAllButOrientation } from "./strip-metadata.js";

/** A picture in a `data:` URI. JSON may escape its slashes, and XML write its line breaks as references. */
const EMBEDDED = /(data:image\\?\/[\w.+-]{1,20};base64,)([A-Za-z0-9+/=\s\\&#;]{64,})/gi;
const BETWEEN = /&#\w{1,6};|[\\\s]/g;
const MARK = ";base64,";

/** The pictures that an SVG or a Lottie animation holds; none for any other bytes. */
export function embeddedPictures(bytes: Buffer): Buffer[] {
  const pictures: Buffer[] = [];
  changePictures(bytes, (picture) => {
    pictures.push(picture);
    return picture;
  });
  return pictures;
}

/** The SVG or animation with each picture in it freed of its metadata; the same `bytes` when there are none. */
export function withoutMetadataInPictures(bytes: Buffer): Buffer {
  return changePictures(bytes, (picture) => stripAllButOrientation(picture) ?? picture);
}

function changePictures(bytes: Buffer, change: (picture: Buffer) => Buffer): Buffer {
  if (!isLikeDrawing(bytes)) return bytes;
  const hasMark = bytes.includes(MARK) || bytes.includes(Buffer.from(MARK, "utf16le"));
  const drawing = hasMark ? readDrawing(bytes) : undefined;
  if (!drawing) return bytes;
  let isChanged = false;
  const text = drawing.text.replace(EMBEDDED, (uri: string, head: string, data: string) => {
    const base64 = data.replace(BETWEEN, "");
    const picture = Buffer.from(base64, "base64");
    // Anything that base64 does not hold would be lost.
    if (picture.toString("base64").replace(/=+$/, "") !== base64.replace(/=+$/, "")) return uri;
    const changed = change(picture);
    if (changed === picture) return uri;
    isChanged = true;
    return `${head}${changed.toString("base64")}`;
  });
  return isChanged ? drawing.encoded(text) : bytes;
}
