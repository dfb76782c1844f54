import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import { createIdIndex, findIds } from "../../src/references/find-ids.js";

const ID = "6595a1b2c3d4e5f607184352";

function hexOf(seed: string): string {
  return createHash("sha256").update(seed).digest("hex").slice(0, 24);
}

function positionsIn(text: string, ids: readonly string[] = [ID]): readonly number[] {
  return findIds(Buffer.from(text), createIdIndex(ids)).positions;
}

describe("findIds", () => {
  it.each([
    ["alone", ID, 0],
    ["in capitals", ID.toUpperCase(), 0],
    ["before an underscore", `/${ID}_name.jpg`, 1],
    ["behind a percent-encoded slash that ends in hex digits", `65f0%2F${ID}_name`, 7],
    ["behind a JavaScript escape that ends in hex digits", `\\u002f${ID}`, 6],
    ["in the middle of a longer run of digits", `abcdef${ID}0123456789`, 6],
    ["at the very end", `id=${ID}`, 3],
  ])("finds an id %s", (_where, text, position) => {
    expect(positionsIn(text)).toEqual([position]);
  });

  it.each([
    ["cut short by a digit", ID.slice(1)],
    ["with one digit changed", `${ID.slice(0, 23)}f`],
    ["broken in two", `${ID.slice(0, 12)} ${ID.slice(12)}`],
    ["absent", "decade of faced deed beef cafe ".repeat(50)],
  ])("does not find an id that is %s", (_how, text) => {
    expect(positionsIn(text)).toEqual([]);
  });

  it("reports which id occurs where, in the order of the text", () => {
    const ids = [hexOf("a"), hexOf("b"), hexOf("c")];
    const text = `${ids[2]} ${ids[0]}_${ids[2]} %2f${ids[1]}`;
    expect(findIds(Buffer.from(text), createIdIndex(ids)).assets).toEqual([2, 0, 2, 1]);
  });

  it("finds an asset by another id that its file has", () => {
    const [own, alias, other] = [hexOf("own"), hexOf("alias"), hexOf("other")];
    const index = createIdIndex([other, own], [undefined, alias]);
    expect(findIds(Buffer.from(`${alias} ${own} ${other}`), index).assets).toEqual([1, 1, 0]);
  });

  it("takes the id of an asset for that asset, although the file of another is named by it", () => {
    const [own, other] = [hexOf("own"), hexOf("other")];
    expect(findIds(Buffer.from(own), createIdIndex([other, own], [own, undefined])).assets).toEqual([1]);
  });

  it("finds all of 20,000 ids, each once", () => {
    const ids = Array.from({ length: 20_000 }, (_, index) => hexOf(`asset ${index}`));
    const found = findIds(Buffer.from(ids.join("_")), createIdIndex(ids));
    expect(found.assets).toEqual(ids.map((_, index) => index));
  });

  it("takes none of 10,000 other hex strings for a known id", () => {
    const known = Array.from({ length: 20_000 }, (_, index) => hexOf(`asset ${index}`));
    const others = Array.from({ length: 10_000 }, (_, index) =>
      createHash("sha512")
        .update(`other ${index}`)
        .digest("hex")
        .slice(0, 24 + (index % 100)),
    );
    expect(positionsIn(others.join(" "), known)).toEqual([]);
  });
});
