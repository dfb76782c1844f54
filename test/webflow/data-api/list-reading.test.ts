import { describe, expect, it } from "vitest";
import { AssetError } from "../../../src/core/errors.js";
import type { ListPage } from "../../../src/webflow/data-api/lenient.js";
import { createListReading, type ListReading } from "../../../src/webflow/data-api/list-reading.js";
import { callContext } from "../../builders/call.js";
import { codeOf } from "../../builders/outcome.js";

const ALL = Number.POSITIVE_INFINITY;

interface Entry {
  readonly id?: string;
  readonly text: string;
}

/** A row of a list; one that does not match Webflow's documentation is undefined. */
type Row = Entry | undefined;

const ENTRIES: Entry[] = Array.from({ length: 250 }, (_, index) => ({
  id: `id-${index}`,
  text: `entry ${index}`,
}));
const NAMELESS: Entry[] = ENTRIES.map(({ text }) => ({ text }));

interface Server {
  rows: Row[];
  /** How many rows it gives at most. */
  readonly cap?: number;
  readonly totalOf?: (page: readonly Row[], rows: readonly Row[]) => number | undefined;
  /** Whether every offset is answered like the first. */
  readonly isStuck?: boolean;
  /** What happens after the page with this number, from 1, was served. */
  readonly after?: Readonly<Record<number, () => void>>;
}

const honest = (_: unknown, rows: readonly Row[]): number => rows.length;

interface Read {
  readonly list: ListReading;
  readonly ids: string[];
  readonly offsets: number[];
}

function readingOf(server: Server, inWaves = false): Read {
  const offsets: number[] = [];
  const ids: string[] = [];
  async function readPage({ offset, limit }: { offset: number; limit: number }): Promise<ListPage<Entry>> {
    if (offsets.push(offset) > 60) throw new Error("there is no end to it");
    const { rows, cap = limit, isStuck, totalOf, after } = server;
    const start = isStuck ? 0 : offset;
    const page = rows.slice(start, start + Math.min(limit, cap));
    const entries = page.filter((row) => row !== undefined);
    const total = totalOf?.(page, rows);
    after?.[offsets.length]?.();
    return { entries, unreadable: page.length - entries.length, total };
  }
  const list = createListReading<Entry>({ readPage, idOf: ({ id }) => id, inWaves }, ({ id, text }) =>
    ids.push(id ?? text),
  );
  return { list, ids, offsets };
}

async function readAll(server: Server, inWaves = false): Promise<Read> {
  const read = readingOf(server, inWaves);
  await read.list.readUpTo(ALL, callContext());
  expect(read.list.isComplete).toBe(true);
  return read;
}

const counted = ({ list, ids, offsets }: Read) => ({
  entries: ids.length,
  pages: offsets.length,
  isSteady: list.isSteady,
  mayHoldMore: list.mayHoldMore,
});

describe.each([
  ["page after page", false],
  ["in waves", true],
])("a list that is read %s", (_, inWaves) => {
  it.each([0, 1, 60, 99, 100, 101, 199, 200, 250])("has all of %i entries once", async (count) => {
    const rows = ENTRIES.slice(0, count);
    const { list, ids, offsets } = await readAll({ rows, totalOf: honest }, inWaves);
    expect(ids).toEqual(rows.map(({ id }) => id));
    expect([list.rows, list.isSteady, list.mayHoldMore]).toEqual([count, true, false]);
    // A full first page whose total is its own length may be the first of many.
    expect(offsets).toHaveLength(count === 100 ? 2 : Math.max(1, Math.ceil(count / 100)));
  });

  it.each([
    ["with ids", ENTRIES],
    ["without ids", NAMELESS],
  ])("is read to its end although no total is told, %s", async (__, rows) => {
    expect(counted(await readAll({ rows }, inWaves))).toEqual({
      entries: 250,
      pages: 3,
      isSteady: true,
      mayHoldMore: false,
    });
  });

  it.each([
    ["with ids", ENTRIES],
    ["without ids", NAMELESS],
  ])("may hold more where every offset has the same full page and no total is told, %s", async (__, rows) => {
    const read = await readAll({ rows, isStuck: true }, inWaves);
    expect(counted(read)).toEqual({ entries: 100, pages: 2, isSteady: true, mayHoldMore: true });
  });

  it("holds no more than one full page where every offset has that page, and the total agrees", async () => {
    const read = await readAll({ rows: ENTRIES, isStuck: true, totalOf: () => 100 }, inWaves);
    expect(counted(read)).toMatchObject({ entries: 100, pages: 2, mayHoldMore: false });
  });

  it.each([
    1, 30,
  ])("is asked for once more after %i rows without a total, which may be a cap", async (count) => {
    const read = await readAll({ rows: ENTRIES.slice(0, count), isStuck: true }, inWaves);
    expect(counted(read)).toEqual({ entries: count, pages: 2, isSteady: true, mayHoldMore: false });
  });

  it.each([
    ["a total", honest],
    ["no total", undefined],
  ])("has every entry where the server cuts pages to 40 rows and tells %s", async (__, totalOf) => {
    const read = await readAll({ rows: ENTRIES, cap: 40, totalOf: totalOf ?? (() => undefined) }, inWaves);
    expect(counted(read)).toMatchObject({ entries: 250, isSteady: true, mayHoldMore: false });
    expect(read.offsets.length).toBeLessThanOrEqual(8);
  });

  it.each([
    ["of the page", (page: readonly Row[]) => page.length],
    ["below what came", () => 0],
    ["that a later page exceeds", () => 120],
  ])("is read to its end where the total cannot be true: one %s", async (__, totalOf) => {
    expect((await readAll({ rows: ENTRIES, totalOf }, inWaves)).ids).toHaveLength(250);
  });

  it("ends at an empty page, whatever the total", async () => {
    const read = await readAll({ rows: ENTRIES.slice(0, 100), totalOf: () => 2 ** 52 }, inWaves);
    expect(read.ids).toHaveLength(100);
    expect(read.offsets.length).toBeLessThan(20);
  });

  it("ends at a page that only repeats, whatever the total, and has changed as far as anybody can see", async () => {
    const read = await readAll({ rows: ENTRIES, isStuck: true, totalOf: () => 300 }, inWaves);
    expect(counted(read)).toMatchObject({ entries: 100, isSteady: false });
    expect(read.offsets.length).toBeLessThanOrEqual(3);
  });

  it("counts rows that do not match the documentation, and reads those behind them", async () => {
    const rows = ENTRIES.map((entry, index) => (index % 40 === 0 ? undefined : entry));
    const { list, ids, offsets } = await readAll({ rows, totalOf: honest }, inWaves);
    expect([ids.length, list.rows, offsets.length]).toEqual([243, 250, 3]);
    expect(list.isSteady).toBe(true);
  });

  it("goes on behind a page that holds nothing but such rows", async () => {
    const rows = ENTRIES.map((entry, index) => (index >= 100 && index < 200 ? undefined : entry));
    const { ids } = await readAll({ rows, totalOf: honest }, inWaves);
    expect(ids).toHaveLength(150);
  });

  it.each([
    ["one was added", (rows: Row[]) => rows.unshift({ id: "new", text: "new" })],
    ["one was removed", (rows: Row[]) => rows.splice(50, 1)],
    [
      "as many were added as were removed",
      (rows: Row[]) => {
        rows.splice(50, 1);
        rows.push({ id: "new", text: "new" });
      },
    ],
  ])("has changed where %s between two pages", async (__, change) => {
    const rows: Row[] = [...ENTRIES];
    const read = await readAll({ rows, totalOf: honest, after: { 1: () => change(rows) } }, inWaves);
    expect(read.list.isSteady).toBe(false);
  });

  it("has changed where nothing but the total of a later page shows it, as with rows without ids", async () => {
    const rows: Row[] = [...NAMELESS];
    const removeOne = () => void rows.splice(50, 1);
    const read = await readAll({ rows, totalOf: honest, after: { 1: removeOne } }, inWaves);
    expect(read.list.isSteady).toBe(false);
  });
});

describe("a reading of a list", () => {
  it("reads no further than it is asked to, and goes on from there", async () => {
    const { list, ids, offsets } = readingOf({ rows: ENTRIES, totalOf: honest }, true);
    await list.readUpTo(50, callContext());
    expect([ids.length, offsets.length, list.isComplete]).toEqual([100, 1, false]);
    await list.readUpTo(ALL, callContext());
    expect([ids.length, offsets.length, list.isComplete]).toEqual([250, 3, true]);
  });

  it("keeps what came before a page that could not be read, and goes on with that page", async () => {
    let isDown = true;
    const breakDown = (): void => {
      if (isDown) throw new AssetError("RATE_LIMITED", "too many", "wait");
    };
    const { list, ids, offsets } = readingOf({ rows: ENTRIES, totalOf: honest, after: { 2: breakDown } });
    expect(await codeOf(list.readUpTo(ALL, callContext()))).toBe("RATE_LIMITED");
    expect([ids.length, list.isComplete]).toEqual([100, false]);
    isDown = false;
    await list.readUpTo(ALL, callContext());
    expect([ids.length, list.isSteady]).toEqual([250, true]);
    expect(offsets[2]).toBe(offsets[1]);
  });

  it("is not misled by an entry that was removed on purpose meanwhile", async () => {
    const server: Server = { rows: [...ENTRIES], totalOf: honest };
    const { list, ids } = readingOf(server);
    await list.readUpTo(50, callContext());
    server.rows.splice(99, 1);
    list.noteRemoved("id-99");
    await list.readUpTo(ALL, callContext());
    expect([ids.length, list.isSteady]).toEqual([250, true]);
  });

  it("counts an odd row at the end of a page once", async () => {
    const rows = ENTRIES.map((entry, index) => (index === 99 ? undefined : entry));
    const { list } = await readAll({ rows, totalOf: honest });
    expect([list.unreadable, list.rows]).toEqual([1, 250]);
  });
});
