import { describe, expect, it } from "vitest";
import { AssetError } from "../../../src/core/errors.js";
import { createGaps, reasonOf } from "../../../src/uses/record/gaps.js";

describe("what was not read", () => {
  it("is reported source by source, each once per reason", () => {
    const gaps = createGaps();
    gaps.addSource("CMS items", "the token lacks cms:read");
    gaps.addSource("CMS items", "the token lacks cms:read");
    gaps.addSource("CMS items", "Webflow was down");
    expect(gaps.list()).toEqual([
      { what: "CMS items", why: "the token lacks cms:read" },
      { what: "CMS items", why: "Webflow was down" },
    ]);
  });

  it("is counted by kind and reason, and three of a kind are named", () => {
    const gaps = createGaps();
    gaps.addOne("page", "/a", "404");
    expect(gaps.list()).toEqual([{ what: "1 page (/a)", why: "404" }]);
    gaps.addOne("page", "/b", "404");
    gaps.addOne("page", "/c", "404");
    expect(gaps.list()).toEqual([{ what: "3 pages (/a, /b, /c)", why: "404" }]);
    gaps.addOne("page", "/d", "404");
    gaps.addOne("page", "/e", "500");
    gaps.addOne("address", "x", "404");
    gaps.addOne("address", "y", "404");
    expect(gaps.list()).toEqual([
      { what: "4 pages (/a, /b, /c, …)", why: "404" },
      { what: "1 page (/e)", why: "500" },
      { what: "2 addresses (x, y)", why: "404" },
    ]);
  });

  it("names none twice, but counts each", () => {
    const gaps = createGaps();
    gaps.addOne("page", "/a", "404");
    gaps.addOne("page", "/a", "404");
    expect(gaps.list()).toEqual([{ what: "2 pages (/a, …)", why: "404" }]);
  });

  it("is reported on one line each, cut if it is long", () => {
    const gaps = createGaps();
    gaps.addSource("site", `  two\n\u2028lines ${"y".repeat(200)}`);
    gaps.addOne("page", "x".repeat(60), "z".repeat(140));
    gaps.addOne("page", "x".repeat(61), "z".repeat(140));
    const [source, pages] = gaps.list();
    expect(source?.why).toBe(`two lines ${"y".repeat(129)}…`);
    expect(pages).toEqual({
      what: `2 pages (${"x".repeat(60)}, ${"x".repeat(59)}…)`,
      why: "z".repeat(140),
    });
  });

  it("grows no further than 100 kinds of each sort, whatever a site answers", () => {
    const gaps = createGaps();
    for (let index = 0; index < 120; index += 1) {
      gaps.addSource("site", `reason ${index}`);
      gaps.addOne("page", "/", `reason ${index}`);
    }
    expect(gaps.list()).toHaveLength(200);
  });
});

describe("the reason why something was not read", () => {
  const error = (
    code: "MISSING_SCOPE" | "UNAUTHORIZED" | "DOWNLOAD_FAILED" | "RATE_LIMITED",
    message: string,
  ) => new AssetError(code, message, "");

  it("is the scope that the token lacks, where that is what was refused", () => {
    expect(reasonOf(error("MISSING_SCOPE", "no"), "cms:read")).toBe("the token lacks cms:read");
    expect(reasonOf(error("UNAUTHORIZED", "no"), "cms:read")).toBe("the token lacks cms:read");
    expect(reasonOf(error("RATE_LIMITED", "too fast"), "cms:read")).toBe("too fast");
    expect(reasonOf(error("MISSING_SCOPE", "no"))).toBe("no");
  });

  it("leaves out the address that is shown next to it, at its beginning and only there", () => {
    expect(reasonOf(error("DOWNLOAD_FAILED", "https://a/b could not be downloaded: it broke"))).toBe(
      "it broke",
    );
    const other = "Of a redirect, https://a/b could not be downloaded: it broke";
    expect(reasonOf(error("DOWNLOAD_FAILED", other))).toBe(other);
    const refused = "https://a/b could not be downloaded: too fast";
    expect(reasonOf(error("RATE_LIMITED", refused))).toBe(refused);
  });

  it("says nothing of an error that was not foreseen, which could hold anything", () => {
    expect(reasonOf(new Error("secret"))).toBe("an unexpected error");
  });
});
