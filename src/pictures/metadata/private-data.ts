import { endOf, foreignBoxes, readAvif } from "../../files/formats/avif-boxes.js";
import { containerOf } from "../../files/formats/container.js";
import { readExif } from "../../files/formats/exif.js";
import { gifEnd, gifMetadata } from "../../files/formats/gif-blocks.js";
import { jpegEnd, photoshopResources, readJpeg } from "../../files/formats/jpeg-segments.js";
import { pngChunks, pngEnd, pngExif, pngTexts } from "../../files/formats/png-chunks.js";
import { webpEnd, webpMetadata } from "../../files/formats/webp-chunks.js";
import { homeDirectoryIn, homeDirectoryInSvg } from "../../files/markup/home-directories.js";
import { embeddedPictures } from "./embedded-pictures.js";

/** What a picture reveals besides what it shows. */
export interface PrivateData {
  /** Where it was taken: coordinates, or the names of places. */
  readonly place: boolean;
  /** With what it was taken, and by whom: maker, model, lens, serial numbers, owner, the maker's own notes. */
  readonly camera: boolean;
  /** What follows the end of the picture, such as a motion photo's video or the part that was cropped away. */
  readonly behindEnd: "video" | "data" | undefined;
  /** A directory of its author that it names, such as `/Users/jane`. */
  readonly homeDirectory: string | undefined;
}

/** The blocks of metadata that a file holds. */
interface Metadata {
  readonly exif?: readonly Buffer[];
  readonly xmp?: Buffer | undefined;
  readonly iptc?: Buffer | undefined;
  /** Content credentials (C2PA), which repeat what the camera wrote. */
  readonly credentials?: Buffer | undefined;
  /** Whether it says that further pictures follow it: previews, gain maps. */
  readonly isMultiPicture?: boolean;
  /** Where the picture ends; undefined when it is cut off or its format has no end. */
  readonly end?: number | undefined;
}

/** So many pictures are looked for behind the first one. */
const MOST_FURTHER_PICTURES = 8;
/** Fewer bytes after the end are padding, or an editor's mark. */
const LEAST_REST = 256;

const START_OF_JPEG = Buffer.of(0xff, 0xd8, 0xff);
const XMP_NAME = Buffer.from("http://ns.adobe.com/xap/1.0/\0", "latin1");
const EXTENDED_XMP_NAME = Buffer.from("http://ns.adobe.com/xmp/extension/\0", "latin1");
/** XMP properties by name without the prefix: attributes that say something, elements that do not end at once. */
const PROPERTY = /[<\s](?!xmlns:|rdf:)[\w-]+:([\w.-]+)\s*=\s*["'][^"']|<(?!rdf:)[\w-]+:([\w.-]+)(?=[\s>])/g;
const PLACE_PROPERTY =
  /^(?!gpsversionid$).*(?:gps|latitude|longitude|location|geotag)|^(?:city|country|countrycode|countryname|state|province|provincestate|worldregion)$/i;
const CAMERA_PROPERTY = /^(?:make|model|lens|camera|uniquecameramodel)|serial|ownername/i;
/** Adobe: "Photoshop File Formats Specification", Image Resource IDs. */
const [PHOTOSHOP_EXIF, PHOTOSHOP_XMP] = [0x0422, 0x0424];
const VIDEO_BRAND = /^(?:iso[m\d]|mp4|qt|M4V|avc1)/;
/** IPTC-IIM 4.2, record 2: content location, city, sublocation, province, country code and name. */
const PLACE_DATASETS = [26, 27, 90, 92, 95, 100, 101];

/**
 * What a JPEG, PNG, WebP, AVIF, GIF or TIFF tells in its metadata, thumbnail and further pictures, and behind its end;
 * what the pictures in an SVG or a Lottie animation tell; and which home directory any of them names. Nothing for other
 * bytes and for metadata that cannot be read. Takes time linear in the bytes. (Readers on npm unpack each text of a PNG
 * to megabytes, follow offsets in circles, and know XMP by the spelling of its prefixes.)
 */
export function findPrivateData(bytes: Buffer): PrivateData {
  const metadata = metadataOf(bytes);
  const own = findInPicture(bytes, metadata);
  const thumbnailsAndMore = startsWith(bytes, START_OF_JPEG)
    ? [...thumbnailsIn(metadata.exif), ...furtherPictures(bytes, metadata.end)]
    : [];
  const held = [...embeddedPictures(bytes), ...thumbnailsAndMore].map((picture) =>
    findInPicture(picture, metadataOf(picture)),
  );
  return {
    ...own,
    place: own.place || held.some(({ place }) => place),
    camera: own.camera || held.some(({ camera }) => camera),
    homeDirectory: own.homeDirectory ?? homeDirectoryInSvg(bytes),
  };
}

function findInPicture(
  bytes: Buffer,
  { exif = [], xmp, iptc, credentials, isMultiPicture = false, end }: Metadata,
): PrivateData {
  const facts = exif.map(readExif);
  const told = toldByXmp(xmp);
  return {
    place:
      facts.some(({ hasPlace }) => hasPlace) ||
      told.place ||
      (iptc ? hasPlaceOfIptc(iptc) : false) ||
      (credentials?.includes("GPSLatitude") ?? false),
    camera: facts.some(({ hasCamera }) => hasCamera) || told.camera,
    behindEnd: end === undefined ? undefined : kindOfRest(bytes.subarray(end), isMultiPicture),
    homeDirectory: xmp && homeDirectoryIn(xmp.toString()),
  };
}

/** A thumbnail is a JPEG within Exif; one that was left from another picture may have Exif of its own. */
function thumbnailsIn(blocks: readonly Buffer[] = []): Buffer[] {
  return blocks.flatMap((exif) => {
    const start = exif.indexOf(START_OF_JPEG);
    return start === -1 ? [] : [exif.subarray(start)];
  });
}

/** The JPEGs that follow the first one, which ends at `firstEnd`: previews and gain maps have metadata of their own. */
function furtherPictures(bytes: Buffer, firstEnd: number | undefined): Buffer[] {
  const pictures: Buffer[] = [];
  let end = firstEnd;
  while (end !== undefined && pictures.length < MOST_FURTHER_PICTURES) {
    const start = bytes.indexOf(START_OF_JPEG, end);
    if (start === -1) break;
    const picture = bytes.subarray(start);
    pictures.push(picture);
    const length = jpegEnd(picture);
    end = length === undefined ? undefined : start + length;
  }
  return pictures;
}

export function isPrivate({ place, camera, behindEnd, homeDirectory }: PrivateData): boolean {
  return place || camera || behindEnd !== undefined || homeDirectory !== undefined;
}

function metadataOf(bytes: Buffer): Metadata {
  const container = containerOf(bytes);
  if (container === "jpeg") return metadataOfJpeg(bytes);
  if (container === "png") return metadataOfPng(bytes);
  if (container === "webp") {
    return {
      exif: listOf(webpMetadata(bytes, "EXIF")),
      xmp: webpMetadata(bytes, "XMP "),
      credentials: webpMetadata(bytes, "C2PA"),
      end: webpEnd(bytes),
    };
  }
  if (container === "gif") return { xmp: gifMetadata(bytes), end: gifEnd(bytes) };
  if (container === "iso") {
    const avif = readAvif(bytes);
    const foreign = foreignBoxes(bytes);
    const xmp = Buffer.concat([...listOf(avif?.xmp), foreign]);
    return { exif: listOf(avif?.exif), xmp, credentials: foreign, end: endOf(bytes) };
  }
  if (container !== "tiff") return {};
  const [xmpStart, xmpEnd] = [bytes.indexOf("<x:xmpmeta"), bytes.indexOf("</x:xmpmeta>")];
  return {
    exif: [bytes],
    ...(xmpStart !== -1 && xmpEnd > xmpStart && { xmp: bytes.subarray(xmpStart, xmpEnd) }),
  };
}

function metadataOfJpeg(bytes: Buffer): Metadata {
  const exif: Buffer[] = [];
  const xmp: Buffer[] = [];
  const iptc: Buffer[] = [];
  const credentials: Buffer[] = [];
  let isMultiPicture = false;
  const { segments, end } = readJpeg(bytes);
  for (const { marker, data } of segments) {
    isMultiPicture ||= marker === 0xe2 && data.toString("latin1", 0, 4) === "MPF\0";
    if (marker === 0xeb) credentials.push(data);
    if (marker === 0xed) {
      iptc.push(data);
      for (const { id, content } of photoshopResources(data)) {
        if (id === PHOTOSHOP_EXIF) exif.push(content);
        if (id === PHOTOSHOP_XMP) xmp.push(content);
      }
    }
    if (marker !== 0xe1) continue;
    if (data.toString("latin1", 0, 6) === "Exif\0\0") exif.push(data.subarray(6));
    else if (startsWith(data, XMP_NAME)) xmp.push(data.subarray(XMP_NAME.length));
    else if (startsWith(data, EXTENDED_XMP_NAME)) xmp.push(data.subarray(EXTENDED_XMP_NAME.length + 40));
  }
  return {
    exif,
    xmp: Buffer.concat(xmp),
    iptc: Buffer.concat(iptc),
    credentials: Buffer.concat(credentials),
    isMultiPicture,
    end,
  };
}

function listOf(block: Buffer | undefined): Buffer[] {
  return block ? [block] : [];
}

/** Some writers put a JPEG's metadata into texts, as hexadecimal digits, or each field into one of its own. */
function metadataOfPng(bytes: Buffer): Metadata {
  let exif = pngExif(bytes);
  const xmp: Buffer[] = [];
  const iptc: Buffer[] = [];
  for (const { keyword, text } of pngTexts(bytes)) {
    const profile = /^Raw profile type (\w+)$/i.exec(keyword)?.[1]?.toLowerCase();
    const data = profile === undefined ? text : rawProfile(text);
    if (profile === "iptc") iptc.push(data);
    else if (data.toString("latin1", 0, 6) === "Exif\0\0") exif ??= data.subarray(6);
    else if (profile === "exif") exif ??= data;
    else xmp.push(Buffer.from(` ${keyword}="x" `, "latin1"), data);
  }
  const credentials = [...pngChunks(bytes)].filter(({ type }) => type === "caBX").map(({ data }) => data);
  return {
    exif: listOf(exif),
    xmp: Buffer.concat(xmp),
    iptc: Buffer.concat(iptc),
    credentials: Buffer.concat(credentials),
    end: pngEnd(bytes),
  };
}

/** A raw profile, as ImageMagick writes it: an empty line, its name, its length, and its bytes in hexadecimal. */
function rawProfile(text: Buffer): Buffer {
  const digits = text.toString("latin1").trimStart().split(/\s+/).slice(2).join("");
  return Buffer.from(digits, "hex");
}

function toldByXmp(xmp: Buffer = Buffer.alloc(0)): Pick<PrivateData, "place" | "camera"> {
  const text = xmp.toString("latin1").replaceAll("\0", "");
  let [place, camera] = [false, false];
  for (const [, attribute, element = ""] of text.matchAll(PROPERTY)) {
    place ||= PLACE_PROPERTY.test(attribute ?? element);
    camera ||= CAMERA_PROPERTY.test(attribute ?? element);
    if (place && camera) break;
  }
  return { place, camera };
}

function hasPlaceOfIptc(iptc: Buffer): boolean {
  for (let at = iptc.indexOf(0x1c); at !== -1 && at + 5 < iptc.length; at = iptc.indexOf(0x1c, at + 1)) {
    const isPlace = iptc[at + 1] === 2 && PLACE_DATASETS.includes(iptc.readUInt8(at + 2));
    if (isPlace && iptc.readUInt16BE(at + 3) > 0) return true;
  }
  return false;
}

function kindOfRest(rest: Buffer, isMultiPicture: boolean): PrivateData["behindEnd"] {
  if (rest.length < LEAST_REST) return undefined;
  const brand = rest.indexOf("ftyp");
  if (brand !== -1 && VIDEO_BRAND.test(rest.toString("latin1", brand + 4, brand + 8))) return "video";
  const isPadding = rest.every((byte) => byte === 0 || byte === 0xff);
  const content = rest.subarray(
    Math.max(
      0,
      rest.findIndex((byte) => byte !== 0),
    ),
  );
  const isFurtherPicture = isMultiPicture && startsWith(content, START_OF_JPEG);
  return isPadding || isFurtherPicture ? undefined : "data";
}

function startsWith(bytes: Buffer, prefix: Buffer): boolean {
  return bytes.subarray(0, prefix.length).equals(prefix);
}
