import { describe, expect, it } from "vitest";
import { inspectJson } from "../../../src/files/formats/lottie.js";

const REQUIRED = { fr: 30, ip: 0, op: 60, w: 100, h: 100, layers: [] };
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

  it("have names of ten thousand characters at most, with their quotes", () => {
    const longest = "a".repeat(9_998);
    expect(imagesOf({ p: longest }, { p: `${longest}a` })).toEqual([longest]);
  });
});
