/** How the levels of an AVIF are to be read, by the code points of H.273. */
export interface CodePoints {
  readonly primaries: number;
  readonly transfer: number;
}

export interface AvifParts {
  /** AVIFs of one size, as sharp writes them, in rows from the top left. */
  readonly tiles: readonly Buffer[];
  readonly columns: number;
  /** Of one tile, in pixels. */
  readonly tileWidth: number;
  readonly tileHeight: number;
  readonly colour?: CodePoints;
}

const box = (type: string, ...content: readonly Buffer[]): Buffer => {
  const body = Buffer.concat(content);
  const head = Buffer.alloc(8);
  head.writeUInt32BE(8 + body.length);
  head.write(type, 4, "latin1");
  return Buffer.concat([head, body]);
};
const fullBox = (type: string, version: number, flags: number, ...content: readonly Buffer[]): Buffer =>
  box(type, uint32(version * 2 ** 24 + flags), ...content);

/** An AVIF of these tiles: a grid, which is one picture, where there are several (ISO/IEC 23008-12, 6.6.2.3.2). */
export function avifOf({ tiles, columns, tileWidth, tileHeight, colour }: AvifParts): Buffer {
  const rows = tiles.length / columns;
  const isGrid = tiles.length > 1;
  const [width, height] = [columns * tileWidth, rows * tileHeight];
  const grid = Buffer.concat([Buffer.of(0, 0, rows - 1, columns - 1), uint16(width), uint16(height)]);
  const data = [...tiles.map(pixelsOf), ...(isGrid ? [grid] : [])];
  const ids = data.map((_, index) => index + 1);
  const gridId = ids.length;
  const entries = ids.map((id) => {
    const isTile = id <= tiles.length;
    return fullBox(
      "infe",
      2,
      isGrid && isTile ? 1 : 0,
      uint16(id),
      uint16(0),
      Buffer.from(`${isTile ? "av01" : "grid"}\0`, "latin1"),
    );
  });
  const properties = [
    configOf(tiles[0] ?? Buffer.alloc(0)),
    fullBox("ispe", 0, 0, uint32(tileWidth), uint32(tileHeight)),
    fullBox("pixi", 0, 0, Buffer.of(3, 8, 8, 8)),
    fullBox("ispe", 0, 0, uint32(width), uint32(height)),
    ...(colour ? [colourBox(colour)] : []),
  ];
  const common = colour ? [3, 5] : [3];
  const associations = ids.map((id) => {
    const indices = id <= tiles.length ? [0x81, 2, ...common] : [4, ...common];
    return Buffer.concat([uint16(id), Buffer.of(indices.length, ...indices)]);
  });
  const metaOf = (start: number): Buffer =>
    fullBox(
      "meta",
      0,
      0,
      fullBox("hdlr", 0, 0, uint32(0), Buffer.from("pict", "latin1"), Buffer.alloc(13)),
      fullBox("pitm", 0, 0, uint16(isGrid ? gridId : 1)),
      fullBox("iloc", 0, 0, Buffer.of(0x44, 0), uint16(ids.length), ...placesOf(data, start)),
      fullBox("iinf", 0, 0, uint16(entries.length), ...entries),
      ...(isGrid
        ? [
            fullBox(
              "iref",
              0,
              0,
              box(
                "dimg",
                uint16(gridId),
                uint16(tiles.length),
                ...tiles.map((_, index) => uint16(index + 1)),
              ),
            ),
          ]
        : []),
      box("iprp", box("ipco", ...properties), fullBox("ipma", 0, 0, uint32(ids.length), ...associations)),
    );
  const type = box("ftyp", Buffer.from("avif\0\0\0\0avifmif1miafMA1A", "latin1"));
  const start = type.length + metaOf(0).length + 8;
  return Buffer.concat([type, metaOf(start), box("mdat", ...data)]);
}

function placesOf(data: readonly Buffer[], start: number): Buffer[] {
  let offset = start;
  return data.map((bytes, index) => {
    const place = Buffer.concat([
      uint16(index + 1),
      uint16(0),
      uint16(1),
      uint32(offset),
      uint32(bytes.length),
    ]);
    offset += bytes.length;
    return place;
  });
}

function colourBox({ primaries, transfer }: CodePoints): Buffer {
  // The matrix of BT.601, which sharp writes pixels with; full range.
  return box(
    "colr",
    Buffer.from("nclx", "latin1"),
    uint16(primaries),
    uint16(transfer),
    uint16(6),
    Buffer.of(0x80),
  );
}

/** The coded picture of an AVIF by sharp: all of its last box. */
function pixelsOf(avif: Buffer): Buffer {
  return avif.subarray(avif.indexOf("mdat") + 4);
}

function configOf(avif: Buffer): Buffer {
  const start = avif.indexOf("av1C") - 4;
  return avif.subarray(start, start + avif.readUInt32BE(start));
}

function uint16(value: number): Buffer {
  const bytes = Buffer.alloc(2);
  bytes.writeUInt16BE(value);
  return bytes;
}

function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}
