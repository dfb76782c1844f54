import { describe, expect, it } from "vitest";
import {
  endOf,
  foreignBoxes,
  isCutAvif,
  readAvif,
  stripAvif,
} from "../../../src/files/formats/avif-boxes.js";

const XMP_TYPE = "application/rdf+xml";

type Part = Buffer | string | readonly [value: number, length: number];

/** Texts, and numbers of so many bytes. */
function joined(...parts: readonly Part[]): Buffer {
  return Buffer.concat(
    parts.map((part) => {
      if (typeof part === "string") return Buffer.from(part, "latin1");
      if (Buffer.isBuffer(part)) return part;
      const [value, length] = part;
      const bytes = Buffer.alloc(length);
      if (length === 8) bytes.writeBigUInt64BE(BigInt(value));
      else if (length > 0) bytes.writeUIntBE(value, 0, length);
      return bytes;
    }),
  );
}

function box(type: string, ...content: readonly Part[]): Buffer {
  const body = joined(...content);
  return joined([8 + body.length, 4], type, body);
}

/** With a length of eight bytes. */
function longBox(type: string, ...content: readonly Part[]): Buffer {
  const body = joined(...content);
  return joined([1, 4], type, [16 + body.length, 8], body);
}

const fullBox = (type: string, version: number, ...content: readonly Part[]): Buffer =>
  box(type, [version, 1], [0, 3], ...content);

interface Item {
  readonly id: number;
  readonly type: string;
  readonly contentType?: string;
  readonly name?: string;
  /** Versions before the second one have no types. */
  readonly version?: number;
}

const entryOf = ({ id, type, contentType, name = "", version = 2 }: Item): Buffer =>
  fullBox(
    "infe",
    version,
    [id, version === 3 ? 4 : 2],
    [0, 2],
    type,
    `${name}\0`,
    contentType === undefined ? "" : `${contentType}\0`,
  );

const infoOf = (items: readonly Item[], version = 0): Buffer =>
  fullBox("iinf", version, [items.length, version === 0 ? 2 : 4], ...items.map(entryOf));

interface Place {
  readonly id: number;
  readonly extents: readonly (readonly [offset: number, length: number])[];
  readonly base?: number;
  /** 1: in the box `idat`. */
  readonly method?: number;
}

interface Sizes {
  readonly offset: number;
  readonly length: number;
  readonly base: number;
  readonly index: number;
}

const USUAL: Sizes = { offset: 4, length: 4, base: 0, index: 0 };

function locationsOf(places: readonly Place[], version = 0, sizes: Sizes = USUAL): Buffer {
  const idLength = version < 2 ? 2 : 4;
  const placeOf = ({ id, extents, base = 0, method = 0 }: Place): Buffer =>
    joined(
      [id, idLength],
      [method, version > 0 ? 2 : 0],
      [0, 2],
      [base, sizes.base],
      [extents.length, 2],
      Buffer.concat(
        extents.map(([offset, length]) =>
          joined([0, version > 0 ? sizes.index : 0], [offset, sizes.offset], [length, sizes.length]),
        ),
      ),
    );
  return fullBox(
    "iloc",
    version,
    [(sizes.offset << 4) | sizes.length, 1],
    [(sizes.base << 4) | sizes.index, 1],
    [places.length, idLength],
    Buffer.concat(places.map(placeOf)),
  );
}

const TYPE = box("ftyp", "avif", [0, 4], "avifmif1");
const DATA = "....PIXELSxxxxMM-EXIF<x:xmp/>";
const [PIXELS_AT, EXIF_AT, XMP_AT] = [4, 10, 21];
const [EXIF_LENGTH, XMP_LENGTH] = [11, 8];
/** The Exif item begins with the offset of what counts in it. */
const EXIF_CONTENT = "MM-EXIF";
const XMP_CONTENT = "<x:xmp/>";
const ITEMS: readonly Item[] = [
  { id: 1, type: "av01" },
  { id: 2, type: "Exif" },
  { id: 3, type: "mime", contentType: XMP_TYPE },
];

interface Parts {
  readonly items?: readonly Item[];
  readonly info?: Buffer;
  /** Where items lie, from the beginning of the data on. */
  readonly locations?: (dataAt: number) => Buffer;
  readonly more?: readonly Buffer[];
  readonly data?: string;
  readonly behind?: Buffer;
}

const placesAt = (dataAt: number): readonly Place[] => [
  { id: 1, extents: [[dataAt + PIXELS_AT, 6]] },
  { id: 2, extents: [[dataAt + EXIF_AT, EXIF_LENGTH]] },
  { id: 3, extents: [[dataAt + XMP_AT, XMP_LENGTH]] },
];

function avif({ items = ITEMS, data = DATA, behind = Buffer.alloc(0), ...parts }: Parts = {}): Buffer {
  const {
    info = infoOf(items),
    locations = (dataAt: number) => locationsOf(placesAt(dataAt)),
    more = [],
  } = parts;
  const metaOf = (dataAt: number): Buffer => fullBox("meta", 0, info, locations(dataAt), ...more);
  const dataAt = TYPE.length + metaOf(0).length + 8;
  return joined(TYPE, metaOf(dataAt), box("mdat", data), behind);
}

const readTexts = (bytes: Buffer) => {
  const facts = readAvif(bytes);
  return facts && { exif: facts.exif?.toString("latin1"), xmp: facts.xmp?.toString("latin1") };
};
const BOTH = { exif: EXIF_CONTENT, xmp: XMP_CONTENT };

describe("the metadata of an AVIF", () => {
  it("are the items of their types", () => {
    expect(readTexts(avif())).toEqual(BOTH);
    expect(readAvif(avif())?.colour).toBeUndefined();
  });

  it("are none where no item has such a type", () => {
    const others: readonly Item[] = [
      { id: 2, type: "exif" },
      { id: 3, type: "mime", contentType: "application/json" },
      { id: 3, type: "mime", name: XMP_TYPE, contentType: "text/plain" },
      { id: 3, type: "uri ", contentType: XMP_TYPE },
    ];
    expect(readTexts(avif({ items: others }))).toEqual({});
    expect(readTexts(avif({ items: [] }))).toEqual({});
    expect(readTexts(avif({ info: box("free") }))).toEqual({});
  });

  it("are empty where nothing says where they lie", () => {
    expect(readTexts(avif({ locations: () => box("free") }))).toEqual({ exif: "", xmp: "" });
    expect(readTexts(avif({ locations: (at) => locationsOf(placesAt(at).slice(0, 1)) }))).toEqual({
      exif: "",
      xmp: "",
    });
  });

  it("are of items with names, with long numbers, and in a long list", () => {
    const items = ITEMS.map((item) => ({ ...item, name: "a name", version: 3 }));
    expect(readTexts(avif({ info: infoOf(items, 1) }))).toEqual(BOTH);
    expect(readTexts(avif({ info: infoOf(items, 0) }))).toEqual(BOTH);
  });

  it("are of no entry in an old form, which has no type, or of another kind", () => {
    const listed = (entry: Buffer) => readTexts(avif({ info: fullBox("iinf", 0, [1, 2], entry) }));
    expect(listed(fullBox("infe", 1, [2, 2], [0, 2], "a name\0"))).toEqual({});
    expect(listed(fullBox("infe", 1, [2, 2], [0, 2], "a Exif\0"))).toEqual({});
    expect(listed(fullBox("skip", 2, [2, 2], [0, 2], "Exif\0"))).toEqual({});
    expect(listed(fullBox("infe", 2, [2, 2], [0, 2], "Exif\0"))).toEqual({ exif: EXIF_CONTENT });
  });

  it.each([0, 1, 2])("lie where a list of the version %d says", (version) => {
    for (const sizes of [
      USUAL,
      { offset: 8, length: 8, base: 0, index: 0 },
      { offset: 4, length: 4, base: 4, index: 4 },
    ]) {
      const locations = (at: number): Buffer => locationsOf(placesAt(at), version, sizes);
      expect(readTexts(avif({ locations }))).toEqual(BOTH);
    }
  });

  it("lie behind a base, which the list may give without an offset", () => {
    const based = (at: number): Buffer =>
      locationsOf(
        placesAt(0).map((place) => ({ ...place, base: at })),
        0,
        { ...USUAL, base: 8 },
      );
    expect(readTexts(avif({ locations: based }))).toEqual(BOTH);
    const alone = (at: number): Buffer =>
      locationsOf([{ id: 2, base: at + EXIF_AT, extents: [[0, EXIF_LENGTH]] }], 0, {
        ...USUAL,
        offset: 0,
        base: 4,
      });
    expect(readTexts(avif({ locations: alone }))?.exif).toBe(EXIF_CONTENT);
  });

  it("lie in the box of item data where the list says so, but for its oldest version", () => {
    const more = [box("idat", DATA)];
    const inside = (version: number) => (): Buffer =>
      locationsOf(
        placesAt(0).map((place) => ({ ...place, method: 1 })),
        version,
      );
    expect(readTexts(avif({ locations: inside(1), more, data: "" }))).toEqual(BOTH);
    expect(readTexts(avif({ locations: inside(2), more, data: "" }))).toEqual(BOTH);
    expect(readTexts(avif({ locations: inside(1), data: "" }))?.exif).not.toBe(EXIF_CONTENT);
    const reserved = (at: number): Buffer =>
      locationsOf(
        placesAt(at).map((place) => ({ ...place, method: 0x10 })),
        1,
      );
    expect(readTexts(avif({ locations: reserved, more }))).toEqual(BOTH);
  });

  it("are joined of their parts", () => {
    const locations = (at: number): Buffer =>
      locationsOf([
        {
          id: 2,
          extents: [
            [at + EXIF_AT, 6],
            [at + EXIF_AT + 6, 5],
          ],
        },
      ]);
    expect(readTexts(avif({ locations }))?.exif).toBe(EXIF_CONTENT);
  });

  it("are the first of each kind, at the first place of each", () => {
    const items = [...ITEMS, { id: 1, type: "Exif" }, { id: 1, type: "mime", contentType: XMP_TYPE }];
    const locations = (at: number): Buffer =>
      locationsOf([
        ...placesAt(at),
        ...placesAt(at).map((place) => ({ ...place, extents: [[at, 4] as const] })),
      ]);
    expect(readTexts(avif({ items, locations }))).toEqual(BOTH);
  });

  it("are read though a box before them has a long length, or the last one none", () => {
    const ordinary = avif();
    const meta = ordinary.subarray(TYPE.length, ordinary.indexOf("mdat") - 4);
    const shift = 8;
    const moved = (at: number): Buffer => locationsOf(placesAt(at + shift));
    const long = avif({ locations: moved });
    const movedMeta = long.subarray(TYPE.length, TYPE.length + meta.length);
    expect(readTexts(joined(TYPE, movedMeta, longBox("mdat", DATA)))).toEqual(BOTH);
    expect(readTexts(joined(TYPE, meta, [0, 4], "mdat", DATA))).toEqual(BOTH);
    expect(readTexts(joined(TYPE.subarray(0, 0), longBox("free"), TYPE, meta))?.xmp).toBeDefined();
  });
});

describe("an AVIF of which the boxes cannot be followed", () => {
  it.each([
    ["it has no box of metadata", joined(TYPE, box("mdat", DATA))],
    ["it has nothing", Buffer.alloc(0)],
    [
      "a list of places ends too early",
      avif({ locations: () => fullBox("iloc", 0, [0x4400, 2], [2, 2], [1, 2]) }),
    ],
    [
      "a list of places ends before zeros that are none of it",
      avif({ locations: () => fullBox("iloc", 0, [0x4400, 2], [1, 2]), more: [Buffer.alloc(40)] }),
    ],
    ["a list of places has no head", avif({ locations: () => box("iloc"), data: "" }).subarray(0, -8)],
  ])("is none where %s", (_, bytes) => {
    expect(readAvif(bytes)).toBeUndefined();
    expect(stripAvif(bytes)).toBeUndefined();
  });

  it("is one of which an item is larger than its file, or has more parts than any picture", () => {
    const part = (at: number) => [at + EXIF_AT, EXIF_LENGTH] as const;
    const repeated =
      (count: number) =>
      (at: number): Buffer =>
        locationsOf([{ id: 2, extents: Array(count).fill(part(at)) }]);
    expect(
      readAvif(avif({ locations: (at) => locationsOf([{ id: 2, extents: [[0, at + DATA.length]] }]) })),
    ).toBeDefined();
    expect(
      readAvif(
        avif({
          locations: (at) =>
            locationsOf([
              {
                id: 2,
                extents: [
                  [0, at + DATA.length],
                  [0, 1],
                ],
              },
            ]),
        }),
      ),
    ).toBeUndefined();
    const empty = (count: number) => (): Buffer =>
      locationsOf(Array.from({ length: 10 }, () => ({ id: 2, extents: Array(count / 10).fill([0, 0]) })));
    expect(readAvif(avif({ locations: empty(20_000) }))).toBeDefined();
    expect(readAvif(avif({ locations: empty(20_010) }))).toBeUndefined();
    expect(readTexts(avif({ locations: repeated(2) }))?.exif).toBe(`${EXIF_CONTENT}xxxx${EXIF_CONTENT}`);
  });
});

describe("the colours of an AVIF", () => {
  const nclx = (primaries: number, transfer: number): Buffer =>
    box("colr", "nclx", [primaries, 2], [transfer, 2], [6, 2], [0x80, 1]);
  const colourOf = (...properties: readonly Buffer[]) =>
    readAvif(avif({ more: [box("iprp", box("ipma"), box("ipco", ...properties))] }))?.colour;

  it("are told by the code points of its first property", () => {
    expect(colourOf(box("ispe"), nclx(9, 16), nclx(1, 13))).toEqual({ primaries: 9, transfer: 16 });
  });

  it("are not told by them where a profile is beside them", () => {
    expect(colourOf(nclx(9, 16), box("colr", "prof", "profile"))).toBeUndefined();
    expect(colourOf(box("colr", "rICC", "profile"))).toBeUndefined();
  });

  it("are not told where no property tells them", () => {
    expect(colourOf(box("ispe"))).toBeUndefined();
    expect(readAvif(avif({ more: [box("iprp", box("ispe", nclx(9, 16)))] }))).toMatchObject({
      colour: undefined,
    });
  });
});

describe("an AVIF that is freed of its metadata", () => {
  const blanked = (bytes: Buffer, ...texts: readonly string[]): Buffer => {
    const copy = Buffer.from(bytes);
    for (const text of texts) copy.fill(0, copy.indexOf(text), copy.indexOf(text) + text.length);
    return copy;
  };

  it("has zeros in their place, and items of other types", () => {
    const expected = avif({
      items: [
        { id: 1, type: "av01" },
        { id: 2, type: "free" },
        { id: 3, type: "mime", contentType: "application/octet-s" },
      ],
    });
    expect(stripAvif(avif())).toEqual(blanked(expected, `xxxx${EXIF_CONTENT}`, XMP_CONTENT));
    expect(readTexts(stripAvif(avif()) ?? Buffer.alloc(0))).toEqual({});
  });

  it("is told by its own bytes where it has none", () => {
    const items: readonly Item[] = [{ id: 1, type: "av01" }];
    const bytes = avif({ items });
    expect(stripAvif(bytes)).toBe(bytes);
    const empty = avif({ items, behind: box("free", [0, 4]) });
    expect(stripAvif(empty)).toBe(empty);
  });

  it("has no more such items though they are empty", () => {
    const bytes = avif({ locations: () => box("free") });
    expect(stripAvif(bytes)?.includes("Exif")).toBe(false);
    expect(stripAvif(bytes)?.includes(XMP_TYPE)).toBe(false);
  });

  it.each(["free", "skip", "uuid"])("has zeros in its idle boxes: %s", (type) => {
    const items: readonly Item[] = [{ id: 1, type: "av01" }];
    const filled = avif({
      items,
      more: [box(type, "inner\0secret\0")],
      behind: box(type, "outer\0secret\0"),
    });
    expect(stripAvif(filled)).toEqual(blanked(filled, "inner\0secret\0", "outer\0secret\0"));
  });

  it("keeps what is in other boxes", () => {
    const bytes = avif({ items: [], more: [box("prvt", "kept")], behind: box("moov", "kept") });
    expect(stripAvif(bytes)).toBe(bytes);
  });

  it("ends with its last box", () => {
    const bytes = avif({ items: [] });
    expect(stripAvif(joined(bytes, "a video"))).toEqual(bytes);
  });

  it("leaves the bytes as they are that it is made of", () => {
    const bytes = avif();
    stripAvif(bytes);
    expect(bytes).toEqual(avif());
  });
});

describe("the boxes of other applications in an AVIF", () => {
  it("are those with an identifier of their own at its top", () => {
    const bytes = avif({
      more: [box("uuid", "inner")],
      behind: joined(box("uuid", "one"), box("free", "no"), box("uuid", "two")),
    });
    expect(foreignBoxes(bytes).toString()).toBe("onetwo");
    expect(foreignBoxes(avif())).toHaveLength(0);
  });
});

describe("the end of an AVIF", () => {
  it("is that of its last whole box", () => {
    expect(endOf(avif())).toBe(avif().length);
    expect(endOf(joined(avif(), "a video"))).toBe(avif().length);
    expect(endOf(joined(avif(), box("free", "x").subarray(0, -1)))).toBe(avif().length);
    expect(endOf(joined(avif(), longBox("free", "x").subarray(0, -1)))).toBe(avif().length);
    expect(endOf(joined(avif(), [7, 4], "free"))).toBe(avif().length);
    expect(endOf(joined(avif(), [1, 4], "free", [15, 8]))).toBe(avif().length);
    expect(endOf(joined(avif(), longBox("free")))).toBe(avif().length + 16);
    expect(endOf(joined(avif(), box("free")))).toBe(avif().length + 8);
    expect(endOf(joined(avif(), [1, 4], "free"))).toBe(avif().length);
    expect(endOf(joined(TYPE, [0, 4], "mdat", DATA))).toBe(TYPE.length + 8 + DATA.length);
    expect(endOf(Buffer.alloc(0))).toBe(0);
  });

  it("is reached after ten thousand boxes at the latest", () => {
    expect(endOf(Buffer.alloc(8 * 10_001, box("free")))).toBe(80_000);
  });
});

describe("an AVIF that is cut off", () => {
  const whole = avif();

  it.each([
    ["within its pixels", whole.subarray(0, -1)],
    ["behind the head of its pixels", whole.subarray(0, whole.indexOf("mdat") + 4)],
    ["before its pixels", whole.subarray(0, whole.indexOf("mdat") - 4)],
    ["within its metadata", whole.subarray(0, TYPE.length + 20)],
    [
      "within its last box, which has no length",
      joined(whole.subarray(0, whole.indexOf("mdat") - 4), [0, 4], "mdat", DATA.slice(0, -1)),
    ],
  ])("is told as such: %s", (_, bytes) => {
    expect(isCutAvif(bytes)).toBe(true);
  });

  it.each([
    ["a whole one", whole],
    ["one with something behind it", joined(whole, [0xffffffff, 4], "\0\0\0\0", "more")],
    ["one with a few bytes behind it", joined(whole, [0xffff, 4], "fre")],
    [
      "one whose last box has no length",
      joined(whole.subarray(0, whole.indexOf("mdat") - 4), [0, 4], "mdat", DATA),
    ],
    ["one without metadata", TYPE],
    [
      "one whose metadata cannot be followed",
      avif({ locations: () => fullBox("iloc", 0, [0x4400, 2], [2, 2], [1, 2]) }),
    ],
    ["one that ends in a box with an impossible length", joined(whole, [7, 4], "free")],
  ])("is none of these: %s", (_, bytes) => {
    expect(isCutAvif(bytes)).toBe(false);
  });
});
