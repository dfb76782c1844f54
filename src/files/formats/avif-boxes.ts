/**
 * What the boxes of an AVIF say besides its coded pictures. ISO/IEC 14496-12 (8.11, items) and 23008-12 (6.5.5,
 * colour), as AVIF 1.1 uses them: https://aomediacodec.github.io/av1-avif/
 */
export interface AvifFacts {
  /** How to read the levels if no ICC profile says so, by the code points of H.273. */
  readonly colour: { readonly primaries: number; readonly transfer: number } | undefined;
  readonly exif: Buffer | undefined;
  readonly xmp: Buffer | undefined;
}

interface Box {
  readonly type: string;
  /** The payload: what follows length and type. */
  readonly start: number;
  readonly end: number;
}

interface Item {
  readonly id: number;
  readonly type: string;
  /** Where its type and, for `mime`, its content type are written. */
  readonly typePosition: number;
  /** Empty for any other type than `mime`. */
  readonly contentType: string;
}

interface Extent {
  readonly start: number;
  readonly end: number;
}

const XMP_TYPE = "application/rdf+xml";
const UNKNOWN_TYPE = "application/octet-s";
/** Boxes that hold no part of the picture. */
const IDLE_BOXES = ["free", "skip", "uuid"];
const MOST_BOXES = 10_000;
const MOST_EXTENTS = 20_000;
/** Versions and flags of a full box. */
const FULL_BOX_LENGTH = 4;
/** The Exif item begins with the offset of the TIFF header in it. */
const EXIF_OFFSET_LENGTH = 4;

/** Undefined when the boxes cannot be followed. */
export function readAvif(bytes: Buffer): AvifFacts | undefined {
  return attempt(() => {
    const meta = metaOf(bytes);
    if (!meta) return undefined;
    const items = itemsOf(bytes, meta);
    const places = extentsOf(bytes, meta);
    const dataOf = (item: Item | undefined): Buffer | undefined => item && joined(bytes, places.get(item.id));
    return {
      colour: colourOf(bytes, meta),
      exif: dataOf(items.find(isExif))?.subarray(EXIF_OFFSET_LENGTH),
      xmp: dataOf(items.find(isXmp)),
    };
  });
}

/**
 * The AVIF with Exif, XMP and the content of idle boxes replaced by zeros: nothing moves, since boxes refer to each
 * other by offsets. The same `bytes` if there is none; undefined if the boxes cannot be followed.
 */
export function stripAvif(bytes: Buffer): Buffer | undefined {
  return attempt(() => {
    const meta = metaOf(bytes);
    if (!meta) return undefined;
    const items = itemsOf(bytes, meta).filter((item) => isExif(item) || isXmp(item));
    const places = extentsOf(bytes, meta);
    const extents = [...new Set(items.map(({ id }) => id))].flatMap((id) => places.get(id) ?? []);
    const idle = [...boxesIn(bytes, 0, bytes.length), ...childrenOf(bytes, meta)].filter(({ type }) =>
      IDLE_BOXES.includes(type),
    );
    const end = endOf(bytes);
    const blanked = [...extents, ...idle].filter((extent) =>
      bytes.subarray(extent.start, extent.end).some((byte) => byte !== 0),
    );
    if (items.length === 0 && blanked.length === 0 && end === bytes.length) return bytes;
    const copy = Buffer.from(bytes.subarray(0, end));
    for (const { start, end: extentEnd } of blanked) copy.fill(0, start, extentEnd);
    for (const { type, typePosition } of items) {
      if (type === "Exif") copy.write("free", typePosition, "latin1");
      else copy.write(UNKNOWN_TYPE, copy.indexOf(XMP_TYPE, typePosition), "latin1");
    }
    return copy;
  });
}

/** What stands in boxes of other applications: XMP and content credentials (C2PA) may. */
export function foreignBoxes(bytes: Buffer): Buffer {
  const boxes = boxesIn(bytes, 0, bytes.length).filter(({ type }) => type === "uuid");
  return Buffer.concat(boxes.map(({ start, end }) => bytes.subarray(start, end)));
}

/** Where the last complete box ends. */
export function endOf(bytes: Buffer): number {
  return boxesIn(bytes, 0, bytes.length).at(-1)?.end ?? 0;
}

/** Whether a box or a part of the picture reaches beyond the end of the file. */
export function isCutAvif(bytes: Buffer): boolean {
  const rest = bytes.subarray(endOf(bytes));
  const beginsBox = /^[ -~]{4}$/.test(rest.toString("latin1", 4, 8));
  if (beginsBox && rest.readUInt32BE(0) > rest.length) return true;
  const isBeyond = attempt(() => {
    const meta = metaOf(bytes);
    if (!meta) return false;
    return [...extentsOf(bytes, meta).values()].flat().some(({ end }) => end > bytes.length);
  });
  return isBeyond ?? false;
}

function isExif({ type }: Item): boolean {
  return type === "Exif";
}

function isXmp({ contentType }: Item): boolean {
  return contentType === XMP_TYPE;
}

function metaOf(bytes: Buffer): Box | undefined {
  return boxesIn(bytes, 0, bytes.length).find(({ type }) => type === "meta");
}

function boxesIn(bytes: Buffer, from: number, to: number): Box[] {
  const boxes: Box[] = [];
  let position = from;
  while (position + 8 <= to && boxes.length < MOST_BOXES) {
    const isLong = bytes.readUInt32BE(position) === 1 && position + 16 <= to;
    const short = bytes.readUInt32BE(position) || to - position;
    const size = isLong ? Number(bytes.readBigUInt64BE(position + 8)) : short;
    const head = isLong ? 16 : 8;
    if (size < head || position + size > to) break;
    const type = bytes.toString("latin1", position + 4, position + 8);
    boxes.push({ type, start: position + head, end: position + size });
    position += size;
  }
  return boxes;
}

function childrenOf(bytes: Buffer, fullBox: Box): Box[] {
  return boxesIn(bytes, fullBox.start + FULL_BOX_LENGTH, fullBox.end);
}

function childOf(bytes: Buffer, meta: Box, type: string): Box | undefined {
  return childrenOf(bytes, meta).find((box) => box.type === type);
}

function itemsOf(bytes: Buffer, meta: Box): Item[] {
  const info = childOf(bytes, meta, "iinf");
  if (!info) return [];
  const start = info.start + FULL_BOX_LENGTH + (bytes[info.start] === 0 ? 2 : 4);
  return boxesIn(bytes, start, info.end).flatMap((entry) => {
    const version = bytes.readUInt8(entry.start);
    if (entry.type !== "infe" || version < 2) return [];
    const idLength = version === 2 ? 2 : 4;
    const id = bytes.readUIntBE(entry.start + FULL_BOX_LENGTH, idLength);
    const typePosition = entry.start + FULL_BOX_LENGTH + idLength + 2;
    const type = bytes.toString("latin1", typePosition, typePosition + 4);
    const nameEnd = bytes.indexOf(0, typePosition + 4);
    const contentEnd = bytes.indexOf(0, nameEnd + 1);
    const contentType =
      type === "mime" ? bytes.toString("latin1", nameEnd + 1, Math.min(contentEnd, entry.end)) : "";
    return [{ id, type, typePosition, contentType }];
  });
}

/** Where the data of each item are: in the file, or in the box `idat`. */
function extentsOf(bytes: Buffer, meta: Box): ReadonlyMap<number, readonly Extent[]> {
  const places = new Map<number, readonly Extent[]>();
  const box = childOf(bytes, meta, "iloc");
  if (!box) return places;
  const version = bytes.readUInt8(box.start);
  const sizes = bytes.readUInt16BE(box.start + FULL_BOX_LENGTH);
  const [offsetSize, lengthSize, baseSize] = [sizes >> 12, (sizes >> 8) & 15, (sizes >> 4) & 15];
  const indexSize = version > 0 ? sizes & 15 : 0;
  const idLength = version < 2 ? 2 : 4;
  const itemData = childOf(bytes, meta, "idat")?.start ?? 0;
  let position = box.start + FULL_BOX_LENGTH + 2;
  let extentsLeft = MOST_EXTENTS;
  const next = (length: number): number => {
    position += length;
    if (position > box.end) throw new RangeError("an item's place lies outside of its box");
    return length === 0 ? 0 : readNumber(bytes, position - length, length);
  };
  const count = next(idLength);
  for (let index = 0; index < count; index += 1) {
    const id = next(idLength);
    const isInItemData = version > 0 && (next(2) & 15) === 1;
    next(2);
    const base = next(baseSize) + (isInItemData ? itemData : 0);
    const length = next(2);
    extentsLeft -= length;
    if (extentsLeft < 0) throw new RangeError("more extents than any picture has");
    const extents = Array.from({ length }, () => {
      next(indexSize);
      const start = base + next(offsetSize);
      return { start, end: start + next(lengthSize) };
    });
    if (!places.has(id)) places.set(id, extents);
  }
  return places;
}

/** The parts of an item, which have no more bytes than the file where they do not lie on each other. */
function joined(bytes: Buffer, extents: readonly Extent[] = []): Buffer {
  const parts = extents.map(({ start, end }) => bytes.subarray(start, end));
  const length = parts.reduce((sum, part) => sum + part.length, 0);
  if (length > bytes.length) throw new RangeError("an item is larger than its file");
  return Buffer.concat(parts);
}

/** The code points of the picture that is shown first or, if it has none, those of any other. */
function colourOf(bytes: Buffer, meta: Box): AvifFacts["colour"] {
  const properties = childOf(bytes, meta, "iprp");
  const container =
    properties && boxesIn(bytes, properties.start, properties.end).find(({ type }) => type === "ipco");
  if (!container) return undefined;
  const colours = boxesIn(bytes, container.start, container.end).filter(({ type }) => type === "colr");
  const typeOf = (box: Box): string => bytes.toString("latin1", box.start, box.start + 4);
  if (colours.some((box) => typeOf(box) !== "nclx")) return undefined;
  const [box] = colours;
  return box && { primaries: bytes.readUInt16BE(box.start + 4), transfer: bytes.readUInt16BE(box.start + 6) };
}

function readNumber(bytes: Buffer, position: number, length: number): number {
  return length === 8 ? Number(bytes.readBigUInt64BE(position)) : bytes.readUIntBE(position, length);
}

/** Boxes of a broken file may point outside of it. */
function attempt<Result>(read: () => Result): Result | undefined {
  try {
    return read();
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}
