import { describe, expect, it, test } from "vitest";
import { isAssetError } from "../../src/core/errors.js";
import { matchPattern, parsePattern, segmentKey } from "../../src/sync/patterns.js";

const EXCLUDE = { roots: ["/home/ann/Site"], starTakesFilesOnly: false };
const INCLUDE = { ...EXCLUDE, starTakesFilesOnly: true };

function meaning(pattern: string, path: string, options = EXCLUDE): "name" | "glob" | undefined {
  return matchPattern(parsePattern(pattern, options), path.split("/").map(segmentKey));
}

describe("a directory with all below it is meant by", () => {
  test.each([
    "private",
    "private/",
    "/private",
    "/private/**",
    "private/**",
    "private/**/*",
    "./private",
    ".\\private",
    "private\\**",
    "**/private",
    "**/private/**",
    "PRIVATE",
    "/home/ann/Site/private",
    "/home/ann/Site/private/**",
    "\\home\\ann\\Site\\private",
    "priv*",
    "{private,drafts}",
    "@(private|drafts)",
    "[op]rivate",
  ])("%s", (pattern) => {
    expect(meaning(pattern, "private/2024/passport.jpg")).toBeDefined();
    expect(meaning(pattern, "public/2024/photo.jpg")).toBeUndefined();
  });
});

describe("a pattern without a slash", () => {
  it("a pattern without a slash matches at any depth", () => {
    expect(meaning("private", "a/b/private/c.jpg")).toBe("name");
    expect(meaning("*.psd", "a/b/c.PSD")).toBe("glob");
  });

  it("a pattern without a slash matches whole names only", () => {
    expect(meaning("private", "private-view.jpg")).toBeUndefined();
    expect(meaning("*.jp?", "photo.jpeg")).toBeUndefined();
  });
});

describe("a pattern with a slash", () => {
  it("a pattern with a slash starts at the directory", () => {
    expect(meaning("a/b", "a/b/c.jpg")).toBe("name");
    expect(meaning("a/b", "x/a/b/c.jpg")).toBeUndefined();
    expect(meaning("/b", "a/b")).toBeUndefined();
  });

  it("starts nowhere in particular when the slash only ends it", () => {
    expect(meaning("private/", "a/private/b.jpg")).toBe("name");
  });

  it("takes directories as well with include when the last name is more than a star", () => {
    expect(meaning("a/*.d", "a/x.d/photo.jpg", INCLUDE)).toBe("glob");
    expect(meaning("a/*/b", "a/x/b/photo.jpg", INCLUDE)).toBe("glob");
  });

  it("may be absolute, and mean the whole directory or what lies in it", () => {
    expect(meaning("/home/ann/Site", "a/b.jpg")).toBe("name");
    expect(meaning("/home/ann/Site/", "a/b.jpg")).toBe("name");
    expect(meaning("/home/ann/Sites", "a/b.jpg")).toBeUndefined();
    expect(meaning("/home/ann/Site/*", "a/b.jpg", INCLUDE)).toBeUndefined();
    const onWindows = { roots: ["C:\\Users\\Ann\\Site\\"], starTakesFilesOnly: false };
    expect(meaning("C:\\Users\\ann\\Site\\private", "private/b.jpg", onWindows)).toBe("name");
    expect(meaning("C:/Users/Ann/Site/private", "private/b.jpg", onWindows)).toBe("name");
    expect(meaning("C:/Users/Ann/Site/private", "a/private/b.jpg", onWindows)).toBeUndefined();
  });

  it("may leave out any number of directories with **", () => {
    expect(meaning("a/**/z.jpg", "a/z.jpg")).toBe("glob");
    expect(meaning("a/**/z.jpg", "a/b/c/z.jpg")).toBe("glob");
    expect(meaning("a/**/z.jpg", "b/z.jpg")).toBeUndefined();
  });

  it("takes with include only the files that lie there when it ends in *", () => {
    expect(meaning("a/*", "a/photo.jpg", INCLUDE)).toBe("glob");
    expect(meaning("a/*", "a/b/photo.jpg", INCLUDE)).toBeUndefined();
    expect(meaning("a/*", "a/b/photo.jpg", EXCLUDE)).toBe("glob");
  });
});

describe("special characters", () => {
  test.each([
    "photo (1).jpg",
    "[draft] logo.png",
    "{old}.svg",
    "!important.pdf",
    "what?.txt",
    "a*b.gif",
    "(a|b).png",
    "{a,b}.png",
  ])("are part of the name %s first", (name) => {
    expect(meaning(name, name)).toBe("name");
  });

  it("may be escaped, as those who know globs do", () => {
    expect(meaning("\\[draft\\] logo.png", "[draft] logo.png")).toBe("name");
  });

  it("make a choice in round brackets, with an @ in front or without", () => {
    expect(meaning("(a|b).png", "b.png")).toBe("glob");
    expect(meaning("@(a|b).png", "b.png")).toBe("glob");
    expect(meaning("(a|b).png", "c.png")).toBeUndefined();
  });

  it("take exactly the characters of a range, its ends included", () => {
    const fitting = [..."abcde"].filter((letter) => meaning("[b-d].png", `${letter}.png`));
    expect(fitting).toEqual(["b", "c", "d"]);
  });

  it("count several stars in a row as one", () => {
    expect(meaning("a*****b", "axb")).toBe("glob");
  });

  it("brackets and braces are a glob as well as a name", () => {
    expect(meaning("[a-c]?.{jpg,png}", "b1.png")).toBe("glob");
    expect(meaning("[!a-c]1.png", "b1.png")).toBeUndefined();
    expect(meaning("[!a-c]1.png", "d1.png")).toBe("glob");
    expect(meaning("{2023,2024}/*.{jpg,png}", "2024/x.jpg")).toBe("glob");
  });
});

test("Unicode forms and kinds of white space are one", () => {
  expect(meaning("Été", "Été".normalize("NFD"))).toBe("name");
  expect(meaning("Été".normalize("NFD"), "Été")).toBe("name");
  expect(meaning("Screenshot 9.41 PM.png", "Screenshot 9.41\u202fPM.png")).toBe("name");
});

test.each([
  ["", "is empty"],
  ["  ", "is empty"],
  ["a/../../b", "leads out"],
  [`${"a/".repeat(600)}b`, "longer than 1000"],
  ["*a*a*a*a*Z", "more than 4 stars"],
  ["{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}", "more than 100 alternatives"],
])("the pattern '%s' is refused", (pattern, why) => {
  expect(() => parsePattern(pattern, EXCLUDE)).toThrowError(why);
  try {
    parsePattern(pattern, EXCLUDE);
  } catch (error) {
    expect(isAssetError(error, "INVALID_INPUT")).toBe(true);
  }
});

test("patterns may be as long as promised", () => {
  expect(() => parsePattern("a".repeat(1_000), EXCLUDE)).not.toThrow();
  expect(() => parsePattern("a".repeat(1_001), EXCLUDE)).toThrow(/^The pattern "a{90,100}…" is longer/);
  expect(() => parsePattern("", EXCLUDE)).toThrow('The pattern "" is empty');
  const hundred = `{${Array.from({ length: 100 }, (_, index) => index).join(",")}}`;
  expect(matchPattern(parsePattern(hundred, EXCLUDE), ["99"])).toBe("glob");
});

test("an attack pattern costs no more steps than both lengths multiplied", () => {
  const pattern = parsePattern("*?*?*?*?Z", EXCLUDE);
  const path = Array.from({ length: 32 }, () => "a".repeat(255));
  for (let count = 0; count < 50; count += 1) expect(matchPattern(pattern, path)).toBeUndefined();
});
