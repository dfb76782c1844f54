/** One picture of a TIFF, by its directory. TIFF 6.0: https://www.itu.int/itudoc/itu-t/com16/tiff-fx/docs/tiff6.pdf */
export interface TiffPicture {
  /** Its number in the chain of directories, from 0, and in the sub-directories of that one where it lies there. */
  readonly page: number;
  readonly subDirectory?: number;
  readonly width: number;
  readonly height: number;
  /** Whether it is a smaller version of another one, or a mask. */
  readonly isSecondary: boolean;
  readonly photometric: number;
  /** How its pixels are packed; 1: not at all. */
  readonly compression: number;
  readonly samples: number;
  readonly bits: number;
  /** 1: unsigned, 2: signed, 3: floating point. */
  readonly sampleFormat: number;
  /** What each sample beyond the colours is, if the file says so. 0: unspecified, 1 and 2: transparency. */
  readonly extraSamples: readonly number[] | undefined;
}

const TAG = {
  newSubfileType: 254,
  subfileType: 255,
  width: 256,
  height: 257,
  bits: 258,
  compression: 259,
  photometric: 262,
  samples: 277,
  subDirectories: 330,
  extraSamples: 338,
  sampleFormat: 339,
} as const;

const BYTES_OF_TYPE: Readonly<Record<number, number>> = { 1: 1, 3: 2, 4: 4, 13: 4 };
const ENTRY_LENGTH = 12;
const MOST_PICTURES = 500;
const MOST_VALUES = 64;

type Fields = ReadonlyMap<number, readonly number[]>;

/** The pictures of a TIFF, each directory read once; empty for what is none, and for BigTIFF. */
export function tiffPictures(bytes: Buffer): TiffPicture[] {
  const order = bytes.toString("latin1", 0, 4);
  if (bytes.length < 8 || (order !== "II*\0" && order !== "MM\0*")) return [];
  const read = readerOf(bytes, order.startsWith("II"));
  const seen = new Set<number>();
  const pictures: TiffPicture[] = [];
  let offset = read.long(4);
  for (let page = 0; !seen.has(offset) && pictures.length < MOST_PICTURES; page += 1) {
    seen.add(offset);
    const directory = readDirectory(bytes, read, offset);
    if (!directory) break;
    pictures.push(pictureOf(directory.fields, { page }));
    for (const [subDirectory, at] of (directory.fields.get(TAG.subDirectories) ?? []).entries()) {
      const sub = seen.has(at) ? undefined : readDirectory(bytes, read, at);
      seen.add(at);
      if (sub) pictures.push(pictureOf(sub.fields, { page, subDirectory }));
    }
    offset = directory.next;
  }
  return pictures;
}

/** The picture that counts: the largest one that is neither a smaller version of another nor a mask. */
export function mainTiffPicture(pictures: readonly TiffPicture[]): TiffPicture | undefined {
  const area = ({ width, height }: TiffPicture): number => width * height;
  const primary = pictures.filter(({ isSecondary }) => !isSecondary);
  const [first, ...others] = primary.length > 0 ? primary : pictures;
  return others.reduce((best, other) => (best && area(other) <= area(best) ? best : other), first);
}

function pictureOf(fields: Fields, place: Pick<TiffPicture, "page" | "subDirectory">): TiffPicture {
  const first = (tag: number): number | undefined => fields.get(tag)?.[0];
  const subfileType = first(TAG.newSubfileType) ?? 0;
  return {
    ...place,
    width: first(TAG.width) ?? 0,
    height: first(TAG.height) ?? 0,
    isSecondary: (subfileType & 0b101) !== 0 || first(TAG.subfileType) === 2,
    photometric: first(TAG.photometric) ?? 0,
    compression: first(TAG.compression) ?? 1,
    samples: first(TAG.samples) ?? 1,
    bits: Math.max(...(fields.get(TAG.bits) ?? [1])),
    sampleFormat: first(TAG.sampleFormat) ?? 1,
    extraSamples: fields.get(TAG.extraSamples),
  };
}

/** Reads the numbers of a TIFF, which may be in either order of bytes. */
export interface TiffReader {
  short(position: number): number;
  long(position: number): number;
}

export function readerOf(bytes: Buffer, isLittle: boolean): TiffReader {
  return isLittle
    ? { short: (position) => bytes.readUInt16LE(position), long: (position) => bytes.readUInt32LE(position) }
    : { short: (position) => bytes.readUInt16BE(position), long: (position) => bytes.readUInt32BE(position) };
}

/** Undefined where none lies: at 0, which ends the chain, and outside of the file. */
function readDirectory(bytes: Buffer, read: TiffReader, offset: number) {
  if (offset < 8 || offset + 2 > bytes.length) return undefined;
  const end = offset + 2 + ENTRY_LENGTH * read.short(offset);
  if (end + 4 > bytes.length) return undefined;
  const fields = new Map<number, readonly number[]>();
  for (let position = offset + 2; position < end; position += ENTRY_LENGTH) {
    fields.set(read.short(position), readValues(bytes, read, position));
  }
  return { fields, next: read.long(end) };
}

/** The whole numbers of an entry; none for any other type. */
function readValues(bytes: Buffer, read: TiffReader, position: number): number[] {
  const size = BYTES_OF_TYPE[read.short(position + 2)];
  if (size === undefined) return [];
  const count = Math.min(read.long(position + 4), MOST_VALUES);
  const start = count * size <= 4 ? position + 8 : read.long(position + 8);
  if (start + count * size > bytes.length) return [];
  const valueAt = { 1: (at: number) => bytes.readUInt8(at), 2: read.short, 4: read.long }[size];
  return Array.from({ length: count }, (_, index) => valueAt?.(start + index * size) ?? 0);
}
