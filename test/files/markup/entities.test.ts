import { describe, expect, it } from "vitest";
import { readEntities } from "../../../src/files/markup/entities.js";

const doctypeOf = (...declarations: readonly string[]): string => `svg [ ${declarations.join("\n")} ]`;
const valuesOf = (...declarations: readonly string[]) =>
  Object.fromEntries(readEntities(doctypeOf(...declarations)).values);
const areExternal = (declaration: string): boolean => readEntities(doctypeOf(declaration)).areExternal;

describe("the entities of a document type", () => {
  it("are what its declarations say", () => {
    expect(
      valuesOf(
        '<!ENTITY a "one">',
        "<!ENTITY  b-2.c:d\n'two \"2\"' >",
        '<!ENTITY % p  "three">',
        '<!ENTITY %  q "">',
      ),
    ).toEqual({
      a: "one",
      "b-2.c:d": 'two "2"',
      p: "three",
      q: "",
    });
    expect(readEntities("svg")).toEqual({ values: new Map(), areExternal: false, areEndless: false });
  });

  it("are those that are declared, and none of what looks like one", () => {
    expect(
      valuesOf('<!ELEMENT a "one">', '<!ENTITYa "one">', "<!ENTITY a one>", '<!ENTITY (x) a "one">'),
    ).toEqual({});
  });

  it("are what their first declaration says", () => {
    expect(valuesOf('<!ENTITY a "one">', '<!ENTITY a "two">')).toEqual({ a: "one" });
  });

  it("are declared inside of others, too", () => {
    expect(valuesOf(`<!ENTITY % p '<!ENTITY a "one">'>`)).toMatchObject({ a: "one" });
  });

  it.each([
    ["another entity", "<&b;>", "<two>"],
    ["a character", "&#65;&#x42;&#X43;&#x1F600;&#1114111;", "ABC😀\u{10ffff}"],
    ["what XML escapes", "&lt;&gt;&amp;&quot;&apos;", "<>&\"'"],
    ["an escape that becomes a reference", "&amp;b;", "two"],
    [
      "an unknown name",
      "&c;&#c;&#0;&#65b;&a#65;&#x110000;&#x1234567;&#12345678;",
      "&c;&#c;&#0;&#65b;&a#65;&#x110000;&#x1234567;&#12345678;",
    ],
    ["nothing", "& ; &;", "& ; &;"],
  ])("stand for what they refer to: %s", (_, value, meant) => {
    expect(valuesOf(`<!ENTITY a '${value.replaceAll("'", "&#39;")}'>`, '<!ENTITY b "two">')["a"]).toBe(meant);
  });

  it("refer to each other over eight levels at most, and in no circle", () => {
    const chain = (levels: number): string[] =>
      Array.from({ length: levels }, (_, index) => `<!ENTITY e${index} "&e${index + 1};">`).concat(
        `<!ENTITY e${levels} "end">`,
      );
    expect(valuesOf(...chain(8))["e0"]).toBe("end");
    expect(valuesOf(...chain(9))["e0"]).toBe("&e9;");
    expect(valuesOf('<!ENTITY a "&a;">')).toEqual({ a: "&a;" });
  });

  it.each([
    '<!ENTITY a SYSTEM "a.ent">',
    '<!ENTITY a  PUBLIC "x" "a.ent">',
    '<!ENTITY % p SYSTEM "a.ent">',
    '<!ENTITY %  p-2 PUBLIC "x" "a.ent">',
  ])("are external where they name a file: %s", (declaration) => {
    expect(areExternal(declaration)).toBe(true);
  });

  it.each([
    '<!ENTITY a "SYSTEM">',
    '<!ENTITY a " b SYSTEM x">',
    "<!ENTITY a SYSTEMS>",
    '<!ELEMENT a SYSTEM "a">',
    "<!ENTITY aSYSTEM 'x'>",
  ])("are not external where they name none: %s", (declaration) => {
    expect(areExternal(declaration)).toBe(false);
  });
});

describe("the bounds of entities", () => {
  it("are ten thousand characters for each that refers to others", () => {
    const long = `<!ENTITY b "${"x".repeat(6_000)}">`;
    expect(valuesOf('<!ENTITY a "&b;">', long)["a"]).toHaveLength(6_000);
    expect(valuesOf('<!ENTITY a "&b;&b;&b;&b;">', long)["a"]).toHaveLength(10_000);
    const longer = `<!ENTITY b "${"x".repeat(12_000)}">`;
    expect(valuesOf('<!ENTITY a "&b;">', longer)["a"]).toHaveLength(10_000);
    expect(readEntities('a "one"').values.size).toBe(0);
  });

  it("are five hundred thousand characters for all of them", () => {
    const declarations = (last: number): string[] => [
      ...Array.from({ length: 49 }, (_, index) => `<!ENTITY e${index} "${"x".repeat(10_000)}">`),
      `<!ENTITY last "${"x".repeat(last)}">`,
      '<!ENTITY empty "">',
    ];
    const most = readEntities(doctypeOf(...declarations(10_000)));
    expect([most.areEndless, most.values.size]).toEqual([false, 51]);
    const more = readEntities(doctypeOf(...declarations(10_001)));
    expect([more.areEndless, more.values.size]).toEqual([true, 49]);
  });

  it("are a thousand of them", () => {
    const declared = Array.from({ length: 1_001 }, (_, index) => `<!ENTITY e${index} "x">`);
    expect(readEntities(doctypeOf(...declared)).values.size).toBe(1_000);
  });

  it("are twenty thousand characters for each declaration", () => {
    const declared = (length: number) => valuesOf(`<!ENTITY a "${"x".repeat(length)}">`)["a"]?.length;
    expect(declared(19_996)).toBe(19_996);
    expect(declared(20_000)).toBeUndefined();
  });
});
