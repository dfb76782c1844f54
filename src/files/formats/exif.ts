import { readerOf, type TiffReader } from "./tiff-directories.js";

/** What the tags of an Exif block say about the photographer. TIFF 6.0, section 2, and Exif 2.32, section 4.6. */
export interface ExifFacts {
  /** From 1 (upright) to 8. */
  readonly orientation: number;
  /** Whether some tag of the GPS directory says more than its version. */
  readonly hasPlace: boolean;
  /** Whether some tag names the camera, the lens, their numbers or their owner, or is the maker's own note. */
  readonly hasCamera: boolean;
}

const NO_FACTS: ExifFacts = { orientation: 1, hasPlace: false, hasCamera: false };

const ORIENTATION = 0x0112;
const EXIF_DIRECTORY = 0x8769;
const GPS_DIRECTORY = 0x8825;
const GPS_VERSION = 0x0000;
/** Make, Model, MakerNote, CameraOwnerName, BodySerialNumber, the lens; DNG's serial number and UniqueCameraModel. */
const CAMERA_TAGS = new Set([
  0x010f, 0x0110, 0x927c, 0xa430, 0xa431, 0xa432, 0xa433, 0xa434, 0xa435, 0xc614, 0xc62f,
]);
const SHORT = 3;
const ENTRY_LENGTH = 12;

interface Entry {
  readonly tag: number;
  readonly type: number;
  /** Of the four bytes that are the value or say where it is. */
  readonly position: number;
}

/**
 * Reads a block of Exif, which has the form of a TIFF; nothing is known about an unreadable one. At most three
 * directories are read, each once, so that none can lead in a circle.
 */
export function readExif(exif: Buffer): ExifFacts {
  const order = exif.toString("latin1", 0, 2);
  if (exif.length < 8 || (order !== "II" && order !== "MM")) return NO_FACTS;
  const read = readerOf(exif, order === "II");
  const main = readDirectory(exif, read, 4);
  const within = (tag: number): Entry[] => {
    const pointer = main.find((entry) => entry.tag === tag);
    return pointer ? readDirectory(exif, read, pointer.position) : [];
  };
  const orientation = main.find(({ tag, type }) => tag === ORIENTATION && type === SHORT);
  return {
    orientation: orientation ? validOrientation(read.short(orientation.position)) : 1,
    hasPlace: within(GPS_DIRECTORY).some(({ tag }) => tag !== GPS_VERSION),
    hasCamera: [...main, ...within(EXIF_DIRECTORY)].some(({ tag }) => CAMERA_TAGS.has(tag)),
  };
}

/** A block of Exif with the orientation and nothing else; it has no offset that a reader could follow in a circle. */
export function exifOfOrientation(orientation: number): Buffer {
  const exif = Buffer.from("4d4d002a00000008000101120003000000010000000000000000", "hex");
  exif.writeUInt16BE(orientation, 18);
  return exif;
}

/** The entries of the directory whose offset is at `pointer`, as far as they are inside the block. */
function readDirectory(exif: Buffer, read: TiffReader, pointer: number): Entry[] {
  const start = read.long(pointer);
  if (start + 2 > exif.length) return [];
  const room = Math.floor((exif.length - start - 2) / ENTRY_LENGTH);
  const count = Math.min(read.short(start), room);
  return Array.from({ length: count }, (_, index) => {
    const position = start + 2 + ENTRY_LENGTH * index;
    return { tag: read.short(position), type: read.short(position + 2), position: position + 8 };
  });
}

function validOrientation(value: number): number {
  return value >= 1 && value <= 8 ? value : 1;
}
