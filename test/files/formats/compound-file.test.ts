import { describe, expect, it } from "vitest";
import { compoundFileEntries } from "../../../src/files/formats/compound-file.js";

const SIGNATURE = "d0cf11e0a1b11ae1";
const NONE = 0xffffffff;
const [END_OF_CHAIN, FAT_SECTOR] = [0xfffffffe, 0xfffffffd];

interface Entry {
  readonly name: string;
  readonly left?: number;
  readonly right?: number;
  readonly child?: number;
}

function entryBytes({ name, left = NONE, right = NONE, child = NONE }: Entry): Buffer {
  const bytes = Buffer.alloc(128);
  bytes.write(name.slice(0, 32), "utf16le");
  bytes.writeUInt16LE(name === "" ? 0 : (name.length + 1) * 2, 64);
  bytes.writeUInt32LE(left, 68);
  bytes.writeUInt32LE(right, 72);
  bytes.writeUInt32LE(child, 76);
  return bytes;
}

interface Parts {
  readonly entries: readonly Entry[];
  /** Where the first sectors of the directory lie; the FAT is in the first sector, unless `fat` says more. */
  readonly directory?: readonly number[];
  /** Sectors of the FAT. */
  readonly fat?: readonly number[];
  /** Lists of the sectors of the FAT beyond the header, each a sector's number and what it holds, the last one linking on. */
  readonly lists?: Readonly<Record<number, readonly number[]>>;
  readonly firstList?: number;
  readonly inHeader?: readonly number[];
  readonly shift?: number;
  readonly chain?: readonly number[];
}

function compoundFile(parts: Parts): Buffer {
  const { entries, shift = 9, fat = [0], directory = [1], lists = {}, inHeader = fat } = parts;
  const size = 2 ** Math.min(shift, 12);
  const sectors = Math.max(...fat, ...directory, ...Object.keys(lists).map(Number)) + 1;
  const bytes = Buffer.alloc((sectors + 1) * size);
  const sectorAt = (sector: number): number => (sector + 1) * size;
  bytes.write(SIGNATURE, "hex");
  bytes.writeUInt16LE(shift, 30);
  bytes.writeUInt32LE(directory[0] ?? NONE, 48);
  bytes.writeUInt32LE(parts.firstList ?? END_OF_CHAIN, 68);
  for (let slot = 0; slot < 109; slot += 1) bytes.writeUInt32LE(inHeader[slot] ?? NONE, 76 + slot * 4);
  for (const sector of fat) bytes.fill(0xff, sectorAt(sector), sectorAt(sector) + size);
  const link = (from: number, to: number): void => {
    const perSector = size / 4;
    const sector = fat[Math.floor(from / perSector)] ?? 0;
    bytes.writeUInt32LE(to, sectorAt(sector) + (from % perSector) * 4);
  };
  for (const sector of fat) link(sector, FAT_SECTOR);
  const chain = parts.chain ?? [...directory, END_OF_CHAIN];
  for (const [index, sector] of directory.entries()) link(sector, chain[index + 1] ?? END_OF_CHAIN);
  for (const [sector, numbers] of Object.entries(lists)) {
    bytes.fill(0xff, sectorAt(Number(sector)), sectorAt(Number(sector)) + size);
    for (const [slot, number] of numbers.entries())
      bytes.writeUInt32LE(number, sectorAt(Number(sector)) + slot * 4);
  }
  for (const [index, entry] of entries.entries()) {
    const sector = directory[Math.floor((index * 128) / size)] ?? 0;
    entryBytes(entry).copy(bytes, sectorAt(sector) + ((index * 128) % size));
  }
  return bytes;
}

const root = (child: number): Entry => ({ name: "Root Entry", child });
/** So many entries, each to the right of the one before. */
const row = (count: number): Entry[] => [
  root(1),
  ...Array.from({ length: count }, (_, index) => ({
    name: `s${index + 1}`,
    right: index + 1 === count ? NONE : index + 2,
  })),
];
const namesIn = (parts: Parts) => compoundFileEntries(compoundFile(parts))?.toSorted();
const rowNames = (count: number): string[] =>
  Array.from({ length: count }, (_, index) => `s${index + 1}`).toSorted();

describe("the entries of a compound file", () => {
  it("are those of the tree below its root, and none of deeper levels", () => {
    const entries = [
      root(2),
      { name: "left" },
      { name: "WordDocument", left: 1, right: 3, child: 4 },
      { name: "right" },
      { name: "embedded" },
    ];
    expect(namesIn({ entries, directory: [1, 2] })).toEqual(["WordDocument", "left", "right"]);
  });

  it("have names of up to 31 characters, or none", () => {
    const longest = "x".repeat(31);
    expect(
      namesIn({
        entries: [root(1), { name: longest, right: 2 }, { name: `${longest}yz`, right: 3 }, { name: "" }],
      }),
    ).toEqual(["", longest, longest]);
  });

  it("are found along the chain of the directory's sectors, in any order", () => {
    expect(namesIn({ entries: row(10), directory: [5, 2, 9] })).toEqual(rowNames(10));
  });

  it("are found in sectors of version 4", () => {
    expect(namesIn({ entries: row(40), directory: [3, 1], shift: 12 })).toEqual(rowNames(40));
  });

  it("are found by each sector of the FAT that the header names", () => {
    expect(namesIn({ entries: row(10), fat: [0, 3], directory: [127, 128, 130] })).toEqual(rowNames(10));
    const fat = Array.from({ length: 109 }, (_, index) => index);
    expect(namesIn({ entries: row(5), fat, directory: [128 * 108 + 1, 128 * 108 + 3] })).toEqual(rowNames(5));
  });

  it("are found by those that the lists behind the header name", () => {
    const full = (first: number, next: number): number[] => [first, ...Array<number>(126).fill(NONE), next];
    const parts = { entries: row(10), fat: [0, 3], directory: [127, 128, 130], inHeader: [] };
    expect(namesIn({ ...parts, firstList: 5, lists: { 5: full(0, 6), 6: full(3, END_OF_CHAIN) } })).toEqual(
      rowNames(10),
    );
    // A circle of lists, the first of which is named again.
    expect(namesIn({ ...parts, firstList: 5, lists: { 5: full(0, 6), 6: full(3, 5) } })).toEqual(
      rowNames(10),
    );
  });

  it("are found by the sectors of the FAT that lie in the file, each counted once", () => {
    const parts = { entries: row(10), fat: [0, 3], directory: [127, 128, 130] };
    expect(namesIn({ ...parts, inHeader: [70_000, 131, 0, 0xfffffffb, 0, 3] })).toEqual(rowNames(10));
  });

  it("are four thousand and ninety-six at most, with the root", () => {
    const directory = Array.from({ length: 1_025 }, (_, index) => index + 20);
    const fat = Array.from({ length: 9 }, (_, index) => index);
    expect(namesIn({ entries: row(4_095), fat, directory })).toHaveLength(4_095);
    expect(namesIn({ entries: row(4_096), fat, directory })).toHaveLength(4_095);
  });
});

describe("a compound file that is damaged", () => {
  const whole = compoundFile({ entries: row(3) });

  it("has no entries where its head is another one", () => {
    expect(compoundFileEntries(whole)).toHaveLength(3);
    expect(compoundFileEntries(Buffer.concat([Buffer.alloc(1), whole.subarray(1)]))).toBeUndefined();
    expect(compoundFileEntries(whole.subarray(0, 511))).toBeUndefined();
    expect(compoundFileEntries(whole.subarray(0, 512))).toBeUndefined();
    expect(compoundFileEntries(whole.subarray(0, 8))).toBeUndefined();
  });

  it.each([8, 10, 11, 13])("has no entries with sectors of two to the power of %d bytes", (shift) => {
    const changed = compoundFile({ entries: row(1), shift: Math.max(9, Math.min(shift, 12)) });
    changed.writeUInt16LE(shift, 30);
    expect(compoundFileEntries(changed)).toBeUndefined();
  });

  it("ends although its chain or its tree is a circle", () => {
    expect(namesIn({ entries: row(10), directory: [1, 2, 3], chain: [1, 2, 3, 1] })).toEqual(rowNames(10));
    expect(
      namesIn({ entries: [root(1), { name: "a", left: 1, right: 2 }, { name: "b", left: 1, right: 2 }] }),
    ).toEqual(["a", "b"]);
  });

  it("has the entries of the sectors that its FAT leads to", () => {
    expect(namesIn({ entries: row(10), directory: [1, 2, 3], chain: [1, 2, NONE] })).toEqual(rowNames(7));
    expect(namesIn({ entries: row(10), directory: [127, 128, 130], fat: [0] })).toEqual(rowNames(7));
    expect(namesIn({ entries: row(3), inHeader: [] })).toEqual(rowNames(3));
  });

  it("has the entries of the sectors that a FAT leads to which is there in part", () => {
    const bytes = compoundFile({ entries: row(10), fat: [5], directory: [1, 2, 4] });
    const fatAt = 6 * 512;
    expect(compoundFileEntries(bytes.subarray(0, fatAt + 12))).toHaveLength(10);
    expect(compoundFileEntries(bytes.subarray(0, fatAt + 11))).toHaveLength(7);
  });

  it("has the entries that are there to their end", () => {
    expect(compoundFileEntries(whole.subarray(0, -1))).toEqual(["s1", "s2"]);
    expect(compoundFileEntries(whole.subarray(0, -128))).toEqual(["s1", "s2"]);
    expect(compoundFileEntries(whole.subarray(0, -129))).toEqual(["s1"]);
  });

  it("has none where its directory lies outside of it", () => {
    const moved = Buffer.from(whole);
    moved.writeUInt32LE(500, 48);
    expect(compoundFileEntries(moved)).toBeUndefined();
    moved.writeUInt32LE(END_OF_CHAIN, 48);
    expect(compoundFileEntries(moved)).toBeUndefined();
  });
});
