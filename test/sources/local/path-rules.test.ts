import { join } from "node:path";
import { afterEach, describe, expect, it, vi } from "vitest";
import {
  expandHome,
  isBelow,
  isLexicallyAllowed,
  isReallyAllowed,
  notAllowedError,
} from "../../../src/sources/local/allowed-directories.js";
import { joinFilePath, nameOfFilePath, pathOfBytes, sourceOf } from "../../../src/sources/local/file-path.js";
import { candidatePaths } from "../../../src/sources/local/local-path.js";

afterEach(() => {
  vi.restoreAllMocks();
});

function on(platform: NodeJS.Platform): void {
  vi.spyOn(process, "platform", "get").mockReturnValue(platform);
}

function directory(given: string, real = given) {
  return { given, real };
}

const TWO = [directory("/link", "/disk/pictures"), directory("/second")];
const ALL = [directory("/")];

describe("a path, by its letters,", () => {
  it.each([
    ["/link/photo.png", true],
    ["/disk/pictures/photo.png", true],
    ["/second/sub/photo.png", true],
    ["/disk/photo.png", false],
    ["/linked/photo.png", false],
    ["/link/.env", false],
    ["/second/.git/photo.png", false],
  ])("%s is allowed: %s", (path, isAllowed) => {
    expect(isLexicallyAllowed(path, TWO)).toBe(isAllowed);
  });

  it.each([
    ["/a/b", "/a/b", true],
    ["/a/b/c", "/a/b", true],
    ["/a/b/..c", "/a/b", true],
    ["/a", "/a/b", false],
    ["/", "/a/b", false],
    ["/a/bc", "/a/b", false],
  ])("%s lies in %s: %s", (path, parent, lies) => {
    expect(isBelow(path, parent)).toBe(lies);
  });
});

describe("a real path", () => {
  it("has to lie in one of the directories, by their real paths", () => {
    expect(isReallyAllowed("/disk/pictures/photo.png", TWO)).toBe(true);
    expect(isReallyAllowed("/second/photo.png", TWO)).toBe(true);
    expect(isReallyAllowed("/link/photo.png", TWO)).toBe(false);
  });

  it.each([
    "/proc/self/environ",
    "/sys/kernel/notes",
    "/dev/zero",
    "/proc",
  ])("a real path of the kernel is refused although its root is allowed: %s", (path) => {
    expect(isReallyAllowed(path, ALL)).toBe(false);
    expect(isReallyAllowed(`/srv${path}`, ALL)).toBe(true);
  });

  it("a real path with a colon is an alternate data stream on Windows, which is hidden, and a plain name elsewhere", () => {
    expect(isReallyAllowed("/second/photo.png:hidden", TWO)).toBe(true);
    on("win32");
    expect(isReallyAllowed("/second/photo.png:hidden", TWO)).toBe(false);
    expect(isReallyAllowed("/second/photo.png", TWO)).toBe(true);
  });
});

describe("the refusal of a path", () => {
  it("names the allowed directories as they were given", () => {
    expect(notAllowedError(TWO).message).toContain("(/link, /second)");
  });

  it("says how to allow one where there is none", () => {
    expect(notAllowedError([])).toMatchObject({
      message: expect.stringContaining("no directory is allowed"),
      next: expect.stringContaining("WEBFLOW_ASSET_DIRS"),
    });
  });
});

describe("the home directory", () => {
  it.each([
    ["~", "/home/me"],
    ["~/photo.png", "/home/me/photo.png"],
    ["~\\photo.png", join("/home/me", "\\photo.png")],
    ["~other/photo.png", "~other/photo.png"],
    ["sub/~/photo.png", "sub/~/photo.png"],
    ["~tilde.png", "~tilde.png"],
  ])("turns %s into %s", (path, expanded) => {
    expect(expandHome(path, "/home/me")).toBe(expanded);
  });

  it("is left as it is written where there is none", () => {
    expect(expandHome("~/photo.png", undefined)).toBe("~/photo.png");
  });
});

describe("the paths that a source may mean", () => {
  const latin1 = Buffer.from("/second/gr\xfc\xdfe.png", "latin1");

  it.each([
    ["photo.png", ["/link/photo.png", "/second/photo.png"]],
    ["sub/../photo.png", ["/link/photo.png", "/second/photo.png"]],
    ["/second/photo.png", ["/second/photo.png"]],
    ["/second/./a/../photo.png", ["/second/photo.png"]],
    ["//second/photo.png", ["/second/photo.png"]],
    ["a//b.png", ["/link/a/b.png", "/second/a/b.png"]],
    ["a\\\\b.png", ["/link/a\\\\b.png", "/second/a\\\\b.png"]],
    ["my file:x.png", ["/link/my file:x.png", "/second/my file:x.png"]],
    ["~/photo.png", ["/home/me/photo.png"]],
    ["file:///second/photo.png", ["/second/photo.png"]],
    ["FILE:/second/a%20b.png", ["/second/a b.png"]],
    ["file:///second/file:////b.png", ["/second/file:/b.png"]],
    ["file:///second/gr%FC%DFe.png", [latin1]],
  ])("are, of %j, %j", (source, paths) => {
    expect(candidatePaths(source, TWO, "/home/me")).toEqual(paths);
  });

  it("may be 4,096 characters long, and no longer", () => {
    expect(candidatePaths("x".repeat(4_096), TWO)).toHaveLength(2);
    expect(() => candidatePaths("x".repeat(4_097), TWO)).toThrow("longer than any path");
  });

  it.each([
    ["\\\\server\\share\\photo.png", "SOURCE_NOT_ALLOWED"],
    ["C:\\photo.png", "SOURCE_NOT_ALLOWED"],
    ["file://server/photo.png", "SOURCE_NOT_ALLOWED"],
    ["file:////server/photo.png", "SOURCE_NOT_ALLOWED"],
    ["file:\\\\\\\\server\\photo.png", "SOURCE_NOT_ALLOWED"],
    ["file://[broken", "INVALID_INPUT"],
    ["file:///second/a?b.png", "INVALID_INPUT"],
    ["file:///second/a#b.png", "INVALID_INPUT"],
    ["file:///second/a%2fb.png", "INVALID_INPUT"],
    ["file:///second/a%00b.png", "INVALID_INPUT"],
  ])("are none, of %j, which is %s", (source, code) => {
    expect(() => candidatePaths(source, TWO)).toThrow(expect.objectContaining({ code }));
  });

  it("are none that would make Windows send the user's credentials to another machine", () => {
    on("win32");
    expect(() => candidatePaths("//server/share/photo.png", TWO)).toThrow("only from the allowed");
    expect(candidatePaths("C:\\photo.png", TWO)).toHaveLength(2);
    expect(candidatePaths("a//b.png", TWO)).toHaveLength(2);
  });

  it("say what is wrong with a file URL", () => {
    expect(() => candidatePaths("file:///second/a%2fb.png", TWO)).toThrow("an encoded slash");
    expect(() => candidatePaths("file:///second/a%00b.png", TWO)).toThrow("NUL character");
    expect(() => candidatePaths("a\0b.png", TWO)).toThrow("NUL character");
  });
});

describe("a path in bytes that are not UTF-8", () => {
  const name = Buffer.from("gr\xfc\xdfe~1.png", "latin1");

  it("is joined with its parent byte by byte, and a text as a text", () => {
    expect(joinFilePath("/a", name)).toEqual(Buffer.concat([Buffer.from("/a/"), name]));
    expect(joinFilePath(Buffer.from([0x2f, 0xfc]), "b.png")).toEqual(Buffer.from("/\xfc/b.png", "latin1"));
    expect(joinFilePath("/a", "b.png")).toBe("/a/b.png");
  });

  it("is named in the encoding that is met most, and without its directories", () => {
    expect(nameOfFilePath(joinFilePath("/a/b", name))).toBe("grüße~1.png");
    expect(nameOfFilePath(name)).toBe("grüße~1.png");
    expect(nameOfFilePath("/a/日本.png")).toBe("日本.png");
  });

  it("is spelled as a file URL that leads back to it; a text stands for itself", () => {
    const path = joinFilePath("/a b/\u0001", name) as Buffer;
    expect(sourceOf(path)).toBe("file:///a%20b/%01/gr%FC%DFe~1.png");
    expect(pathOfBytes(new URL(sourceOf(path)).pathname)).toEqual(path);
    expect(sourceOf("/a b.png")).toBe("/a b.png");
  });

  it.each(["/gr%fc%2f.png", "/gr%fc%00.png", "/a%20b.png"])("is not what %s spells", (pathname) => {
    expect(pathOfBytes(pathname)).toBeUndefined();
  });

  it("does not exist on Windows, whose names are UTF-16", () => {
    on("win32");
    expect(pathOfBytes("/gr%fc.png")).toBeUndefined();
  });
});
