import { describe, expect, it } from "vitest";
import { createWholeList } from "../../../src/uses/content-api/read-list.js";
import { callContext } from "../../builders/call.js";

interface Entry {
  readonly id?: string;
  readonly text: string;
}

const ENTRIES: Entry[] = Array.from({ length: 150 }, (_, index) => ({
  id: `id-${index}`,
  text: `entry ${index}`,
}));

/** Reads a list of `rows`, one more of which begins it after each of the first `changes` pages. */
async function read(rows: Entry[], changes: number) {
  const passedOn: string[] = [];
  let pages = 0;
  const list = createWholeList<Entry>(
    {
      async readPage({ offset, limit }) {
        const entries = rows.slice(offset, offset + limit);
        const total = rows.length;
        pages += 1;
        if (pages <= changes)
          rows.unshift({ ...(rows[0]?.id && { id: `new-${pages}` }), text: `new ${pages}` });
        return { entries, unreadable: 0, total };
      },
      idOf: ({ id }) => id,
    },
    ({ text }) => passedOn.push(text),
  );
  await list.read(callContext());
  return { list, passedOn, pages };
}

describe("a list that has to be read whole", () => {
  it("is read once when it stands still", async () => {
    const { list, passedOn, pages } = await read([...ENTRIES], 0);
    expect([passedOn.length, list.count, list.hasMoved, pages]).toEqual([150, 150, false, 2]);
  });

  it("is read again when it changed meanwhile, and passes each entry on once", async () => {
    const { list, passedOn } = await read([...ENTRIES], 1);
    expect([new Set(passedOn).size, passedOn.length, list.hasMoved]).toEqual([151, 151, false]);
    expect(passedOn).toContain("new 1");
  });

  it("has moved when it never stood still in three readings", async () => {
    const { list, pages } = await read([...ENTRIES], 100);
    expect(list.hasMoved).toBe(true);
    expect(pages).toBeLessThanOrEqual(9);
  });

  it("passes entries without an id on in the first reading alone", async () => {
    const { passedOn } = await read(
      ENTRIES.map(({ text }) => ({ text })),
      1,
    );
    // One of them twice: nothing tells that it is the one that moved down.
    expect(passedOn).toHaveLength(151);
  });
});
