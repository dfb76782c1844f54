import { describe, expect, it } from "vitest";
import { seededRandom } from "../../src/emulator/behaviour/seeded-random.js";
import { elementsOf, isJson, membersOf } from "../../src/files/formats/json-text.js";

const SAMPLES = [
  '{"a":[1,-2.5e+3,0,0.1],"b\\u00e9":"x\\n\\"y\\\\",  "c" : {"d":[],"e":{}}, "f":[true,false,null]}',
  '[[],[[]],{"a":{"b":{}}},"",-0,1E5,"\\/\\b\\f\\r\\t"]',
  ' \t\r\n"text" ',
  "12",
];
const MUTATIONS = [...'{}[]",:\\0123456789eE+-.truefalsn u/\t\n\0 '];

describe("a text is JSON", () => {
  it("exactly if a parser takes it, whatever was changed in it", () => {
    const random = seededRandom(7);
    const below = (limit: number): number => Math.floor(random() * limit);
    const outcomes = { valid: 0, invalid: 0 };
    const mistaken: string[] = [];
    for (let round = 0; round < 5_000; round += 1) {
      let text = SAMPLES[round % SAMPLES.length] ?? "";
      for (let changes = below(3); changes > 0; changes -= 1) {
        const at = below(text.length + 1);
        text = text.slice(0, at) + MUTATIONS[below(MUTATIONS.length)] + text.slice(at + below(3));
      }
      if (isJson(text) !== isParsed(text)) mistaken.push(text);
      outcomes[isParsed(text) ? "valid" : "invalid"] += 1;
    }
    expect(mistaken).toEqual([]);
    expect(Math.min(...Object.values(outcomes))).toBeGreaterThan(500);
  });

  it("only if it is nested at most 1,000 levels deep", () => {
    expect(isJson(nested(1_000))).toBe(true);
    expect(isJson(nested(1_001))).toBe(false);
  });
});

describe("the parts of a value", () => {
  it("are the members of an object that have certain names, the last one of each", () => {
    const text = ' {"a": 1 ,"b":[2,{"a":3}],"c":4,"\\u0061":"x"}';
    const members = membersOf(text, 0, ["a", "b"]) ?? new Map();
    const texts = [...members].map(([name, { start, end }]) => [name, text.slice(start, end)]);
    expect(texts).toEqual([
      ["a", '"x"'],
      ["b", '[2,{"a":3}]'],
    ]);
  });

  it("are the elements of an array", () => {
    const text = '[ 1, "a,b" ,[2], {}]';
    expect(elementsOf(text, 0)?.map(({ start, end }) => text.slice(start, end))).toEqual([
      "1",
      '"a,b"',
      "[2]",
      "{}",
    ]);
  });

  it("are none of what is empty", () => {
    expect(membersOf(" { } ", 0, ["a"])).toEqual(new Map());
    expect(elementsOf(" [ ] ", 0)).toEqual([]);
  });

  it("are none of what another bracket opens, or another closes", () => {
    for (const text of ["{1]", "(1]", "[1}", "{1}"]) expect(elementsOf(text, 0)).toBeUndefined();
    for (const text of ['["a":1}', '{"a":1]', '["a":1]']) expect(membersOf(text, 0, [])).toBeUndefined();
  });

  it.each([
    '{"a":1 "b":2}',
    '{"a":1;"b":2}',
    "[1;2]",
    '{"a":}',
    '{"a',
    '{"a":1',
    "[1,]",
    '{"a" 1}',
    "{a:1}",
    "[1 2]",
    "1",
  ])("are unknown where it is broken: %s", (text) => {
    expect(membersOf(text, 0, [])).toBeUndefined();
    expect(elementsOf(text, 0)).toBeUndefined();
  });
});

function isParsed(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

function nested(levels: number): string {
  return `${"[".repeat(levels)}1${"]".repeat(levels)}`;
}
