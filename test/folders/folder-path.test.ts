import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isAssetError } from "../../src/core/errors.js";
import {
  assertNewNames,
  formatFolderPath,
  problemOfNewName,
  readFolderPath,
} from "../../src/folders/folder-path.js";

/** The names of a folder that is to be created. */
function newNames(path: string): string[] {
  const names = readFolderPath(path);
  assertNewNames(names, path);
  return names;
}

function outcomeOf(path: string): string[] | string {
  try {
    return newNames(path);
  } catch (error) {
    if (isAssetError(error)) return error.code;
    throw error;
  }
}

describe("the path of a new folder", () => {
  it.each([
    ["Campaigns", ["Campaigns"]],
    ["Campaigns/Spring 2026", ["Campaigns", "Spring 2026"]],
    ["AC\\/DC/Live", ["AC/DC", "Live"]],
    ["back\\\\slash", ["back\\slash"]],
    ["a\\\\/b", ["a\\", "b"]],
    ["../..", ["..", ".."]],
    ["👩‍👩‍👧/日本語", ["👩‍👩‍👧", "日本語"]],
    ["x".repeat(255), ["x".repeat(255)]],
    ["😀".repeat(255), ["😀".repeat(255)]],
  ])("reads %j", (path, names) => {
    expect(newNames(path)).toEqual(names);
  });

  it("brings names to NFC", () => {
    expect(newNames("Cafe\u0301")).toEqual(["Caf\u00e9"]);
  });

  it.each([
    ["an empty path", ""],
    ["a leading slash", "/a"],
    ["a trailing slash", "a/"],
    ["an empty name in the middle", "a//b"],
    ["a lone slash", "/"],
    ["white space before a name", "a/ b"],
    ["white space after a name", "a /b"],
    ["a name of white space", "a/ /b"],
    ["a line break", "a\nb"],
    ["a NUL", "a\0b"],
    ["a DEL", "a\x7fb"],
    ["a bidirectional override", "a\u202eb"],
    ["half of a surrogate pair", "a\ud800b"],
    ["a backslash at the end", "a\\"],
    ["an unknown escape", "a\\n"],
    ["a name of 256 characters", "x".repeat(256)],
  ])("refuses %s", (_, path) => {
    expect(outcomeOf(path)).toBe("INVALID_INPUT");
  });

  it("says what is wrong and how a path is written", () => {
    expect(() => newNames("a//b")).toThrow('The folder path "a//b" has an empty name');
  });

  it("says how the root is named when it is given as a slash", () => {
    expect(() => newNames("/")).toThrow(
      expect.objectContaining({ next: expect.stringContaining("leave the folder out") }),
    );
  });
});

describe("the path of a folder that may exist", () => {
  it("has names that no new folder gets, but none that a path cannot have", () => {
    expect(readFolderPath(`wide /${"x".repeat(256)}`)).toEqual(["wide ", "x".repeat(256)]);
    expect(() => readFolderPath("a\nb")).toThrow(expect.objectContaining({ code: "INVALID_INPUT" }));
  });

  it("is shown by its beginning when it is long", () => {
    const messageOf = (length: number) => {
      try {
        readFolderPath(`/${"x".repeat(length - 1)}`);
      } catch (error) {
        return error instanceof Error ? error.message : "";
      }
      return "";
    };
    expect(messageOf(120)).toContain(`"/${"x".repeat(119)}"`);
    expect(messageOf(121)).toContain(`"/${"x".repeat(118)}…"`);
  });
});

describe("the problem of a new folder's name", () => {
  it.each([
    ["a line break", "a\nb", /invisible/],
    ["a soft hyphen", "a\u00adb", /invisible/],
    ["white space around it", " a", /white space/],
    ["256 characters", "x".repeat(256), /255/],
  ])("is told of one with %s", (_, name, problem) => {
    expect(problemOfNewName(name)).toMatch(problem);
  });

  it("is none for another", () => {
    expect(problemOfNewName("x".repeat(255))).toBeUndefined();
  });
});

describe("formatFolderPath and parseFolderPath", () => {
  it("give either names or INVALID_INPUT for any text, and the same each time", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (text) => {
        const outcome = outcomeOf(text);
        expect(outcomeOf(text)).toEqual(outcome);
        if (typeof outcome === "string") expect(outcome).toBe("INVALID_INPUT");
        else expect(newNames(formatFolderPath(outcome))).toEqual(outcome);
      }),
      { numRuns: 2000 },
    );
  });

  it("give back any names that a folder may have", () => {
    const character = fc.oneof(
      fc.constantFrom("/", "\\", " ", "."),
      fc.string({ minLength: 1, maxLength: 1 }),
    );
    const name = fc
      .array(character, { minLength: 1, maxLength: 40 })
      .map((characters) => characters.join("").normalize("NFC"))
      .filter((text) => text !== "" && text === text.trim());
    fc.assert(
      fc.property(fc.array(name, { minLength: 1, maxLength: 6 }), (names) => {
        expect(newNames(formatFolderPath(names))).toEqual(names);
      }),
      { numRuns: 2000 },
    );
  });

  it("shows a name that could not be given to a new folder", () => {
    expect(formatFolderPath([" odd ", "a/b"])).toBe(" odd /a\\/b");
  });
});
