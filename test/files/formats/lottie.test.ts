import { describe, expect, it } from "vitest";
import { seededRandom } from "../../../src/emulator/behaviour/seeded-random.js";
import { inspectJson } from "../../../src/files/formats/lottie.js";

const REQUIRED = { fr: 30, ip: 0, op: 60, w: 100, h: 100, layers: [] };
const SAMPLES = [
  '{"a":[1,-2.5e+3,0,0.1],"b\\u00e9":"x\\n\\"y\\\\",  "c" : {"d":[],"e":{}}, "f":[true,false,null]}',
  '[[],[[]],{"a":{"b":{}}},"",-0,1E5,"\\/\\b\\f\\r\\t"]',
  "[12]",
];
const MUTATIONS = [...'{}[]",:\\0123456789eE+-.truefalsn u/\t\n\0\ufeff '];
const inspected = (value: unknown) => inspectJson(JSON.stringify(value));
const imagesOf = (...assets: unknown[]) => {
  const found = inspected({ ...REQUIRED, assets });
  return found?.is === "lottie" ? found.externalImages : undefined;
};

describe("a text of JSON", () => {
  it("is a Lottie animation if it has all that one must have", () => {
    expect(inspected(REQUIRED)).toEqual({ is: "lottie", externalImages: [] });
    expect(inspectJson(` \n${JSON.stringify(REQUIRED)} \n`)).toEqual({ is: "lottie", externalImages: [] });
  });

  it.each(Object.keys(REQUIRED))("is none without its member %s, or with a text for it", (name) => {
    expect(inspected({ ...REQUIRED, [name]: undefined })).toEqual({ is: "json" });
    expect(inspected({ ...REQUIRED, [name]: "30" })).toEqual({ is: "json" });
    expect(inspected({ ...REQUIRED, [name]: { "30": [] } })).toEqual({ is: "json" });
  });

  it("is other JSON if it is a list", () => {
    expect(inspected([REQUIRED])).toEqual({ is: "json" });
  });

  it.each(["", "5", '"{"', "{", "{} {}", "[1", "text"])("is nothing of that kind: %s", (text) => {
    expect(inspectJson(text)).toBeUndefined();
  });
});

describe("a text that begins like JSON", () => {
  it("is JSON exactly if a parser takes it, whatever was changed in it", () => {
    const random = seededRandom(7);
    const below = (limit: number): number => Math.floor(random() * limit);
    const outcomes = { valid: 0, invalid: 0 };
    const mistaken: string[] = [];
    for (let round = 0; round < 5_000; round += 1) {
      let text = SAMPLES[round % SAMPLES.length] ?? "";
      for (let changes = below(3); changes > 0; changes -= 1) {
        const at = 1 + below(text.length);
        text = text.slice(0, at) + MUTATIONS[below(MUTATIONS.length)] + text.slice(at + below(3));
      }
      if ((inspectJson(text) !== undefined) !== isParsed(text)) mistaken.push(text);
      outcomes[isParsed(text) ? "valid" : "invalid"] += 1;
    }
    expect(mistaken).toEqual([]);
    expect(Math.min(...Object.values(outcomes))).toBeGreaterThan(500);
  });

  it("is JSON only if it is nested at most 1,000 levels deep", () => {
    expect(inspectJson(nested(1_000))).toEqual({ is: "json" });
    expect(inspectJson(nested(1_001))).toBeUndefined();
    expect(inspectJson("[".repeat(1_000_000))).toBeUndefined();
  });

  it("counts the last one of members with the same name", () => {
    const text = JSON.stringify({ ...REQUIRED, assets: [{ p: "a.png" }] }).slice(0, -1);
    expect(inspectJson(`${text},"fr":"x"}`)).toEqual({ is: "json" });
    expect(inspectJson(`${text},"assets":[{"p":"x","p":"b.png"}]}`)).toMatchObject({
      externalImages: ["b.png"],
    });
    expect(inspectJson(`${text},"assets":{}}`)).toMatchObject({ externalImages: [] });
  });
});

describe("the pictures that a Lottie animation does not hold", () => {
  it("are told by the names of their files", () => {
    expect(imagesOf({ p: "a.png" }, { u: "images/", p: "img/b.png", e: 0 }, { p: "/c.png", e: 2 })).toEqual([
      "a.png",
      "b.png",
      "c.png",
    ]);
    expect(imagesOf({ p: "metadata:a.png" })).toEqual(["metadata:a.png"]);
  });

  it("are none of those that it holds", () => {
    expect(
      imagesOf({ p: "data:image/png;base64,AAAA" }, { p: "DATA:,", e: 0 }, { p: "a.png", e: 1 }),
    ).toEqual([]);
  });

  it("are none of what is no picture", () => {
    expect(
      imagesOf({ id: "comp", layers: [] }, { p: 5 }, { p: ["a.png"] }, 5, "a.png", null, ["p", "a.png"]),
    ).toEqual([]);
    expect(inspected({ ...REQUIRED, assets: { p: "a.png" } })).toEqual({ is: "lottie", externalImages: [] });
  });

  it("have names of ten thousand characters at most", () => {
    const longest = "a".repeat(10_000);
    expect(imagesOf({ p: longest }, { p: `${longest}a` })).toEqual([longest]);
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
