import { describe, expect, it } from "vitest";
import { createListReading } from "../../../src/uses/content-api/read-list.js";
import { callContext } from "../../builders/call.js";

interface Entry {
  readonly id?: string;
  readonly text: string;
}

/** Reads a list of which `serve` gives the pages, without a total unless `totalOf` tells that of a page. */
async function read(serve: (offset: number) => Entry[], totalOf?: (page: Entry[]) => number) {
  const offsets: number[] = [];
  const list = createListReading<Entry>(
    async ({ offset }) => {
      if (offsets.push(offset) > 20) throw new Error("there is no end to it");
      const entries = serve(offset);
      return { entries, unreadable: 0, total: totalOf?.(entries) };
    },
    ({ id }) => id,
    () => {},
  );
  await list.read(callContext());
  return { count: list.count, mayHoldMore: list.mayHoldMore, pages: offsets.length };
}

const ENTRIES = Array.from({ length: 250 }, (_, index) => ({ id: `id-${index}`, text: `entry ${index}` }));
const NAMELESS = ENTRIES.map(({ text }) => ({ text }));

describe("a list of the Data API without a total", () => {
  it.each([
    ["with ids", ENTRIES],
    ["without ids", NAMELESS],
  ])("is read to its end, %s", async (_, entries) => {
    expect(await read((offset) => entries.slice(offset, offset + 100))).toEqual({
      count: 250,
      mayHoldMore: false,
      pages: 3,
    });
  });

  it.each([
    ["with ids", ENTRIES],
    ["without ids", NAMELESS],
  ])("may hold more where every offset has the same full page, %s", async (_, entries) => {
    expect(await read(() => entries.slice(0, 100))).toMatchObject({ mayHoldMore: true, pages: 2 });
  });

  it("holds no more than a first page that is not full", async () => {
    expect(await read(() => ENTRIES.slice(0, 30))).toEqual({ count: 30, mayHoldMore: false, pages: 1 });
  });
});

describe("a list of the Data API with a total that cannot be true", () => {
  it.each([
    ["of the page", (page: Entry[]) => page.length],
    ["below what came", () => 0],
    ["that a later page exceeds", () => 120],
  ])("is read to its end: a total %s", async (_, totalOf) => {
    const answer = await read((offset) => ENTRIES.slice(offset, offset + 100), totalOf);
    expect(answer).toEqual({ count: 250, mayHoldMore: false, pages: 3 });
  });

  it("holds no more than one full page where every offset has that page, and the total agrees", async () => {
    expect(
      await read(
        () => ENTRIES.slice(0, 100),
        () => 100,
      ),
    ).toEqual({ count: 100, mayHoldMore: false, pages: 2 });
  });
});
