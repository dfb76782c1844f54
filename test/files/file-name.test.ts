import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  cleanFileName,
  joinFileName,
  MAX_FILE_NAME_LENGTH,
  quotedName,
  splitExtension,
  uniqueFileName,
} from "../../src/files/file-name.js";

const HARMFUL = /[\p{Cc}\p{Cs}\u202a-\u202e\u2066-\u2069/\\<>:"|?*]/u;

/** Any Unicode, mixed with the pieces that the rule is about. */
const anyName = fc
  .array(
    fc.oneof(
      fc.string({ unit: "binary", maxLength: 12 }),
      fc.constantFrom(
        "..",
        ".",
        " ",
        "/",
        "\\",
        "%2F",
        "%252f",
        "\u202e",
        "con",
        "0123456789abcdef01234567_",
        "e\u0301",
      ),
    ),
    { maxLength: 12 },
  )
  .map((pieces) => pieces.join(""));

describe("cleanFileName", () => {
  it.each([
    ["team-photo.jpg", "team-photo.jpg"],
    ["Größe & Maß (2).png", "Größe & Maß (2).png"],
    ["日本語 👩‍👩‍👧.png", "日本語 👩‍👩‍👧.png"],
    ["50% off #1.png", "50% off #1.png"],
    ["Cafe\u0301.png", "Caf\u00e9.png"],
    ["../../etc/passwd.png", "etc-passwd.png"],
    ["C:\\fakepath\\photo.png", "C--fakepath-photo.png"],
    ["a%2Fb%5cc%252fd.png", "a-b-c-d.png"],
    ["a//b\\\\c.png", "a-b-c.png"],
    ["a%00b%1fc%7fd.png", "a-b-c-d.png"],
    ["100%20%ab%3f.png", "100%20%ab%3f.png"],
    ["price$5.png", "price$5.png"],
    ["a$$b$$$c.png", "a$b$c.png"],
    ["$\u007bfilename}.png", "filename.png"],
    ["a$\u007b}b$\u007bx{y}.png", "ab$\u007bx{y}.png"],
    ["photo\r\nContent-Type: x.png", "photoContent-Type- x.png"],
    ['x"; name="key".png', "x-; name=-key-.png"],
    ["invoice\u202egnp.exe", "invoicegnp.exe"],
    ["zero\u200bwidth\ufeff.png", "zerowidth.png"],
    ["half\ud800.png", "half.png"],
    [".htaccess.png", "htaccess.png"],
    ["...photo.png", "photo.png"],
    ["  photo.png. . ", "photo.png"],
    ["con.png", "_con.png"],
    ["LPT1.tar.gz", "_LPT1.tar.gz"],
    ["console.png", "console.png"],
    ["6a6b6a6b6a6b6a6b6a6b6a6b_photo.png", "photo.png"],
    ["6a6b6a6b6a6b6a6b6a6b6a6b_6a6b6a6b6a6b6a6b6a6b6a6b_photo.png", "photo.png"],
    ["6a6b6a6b6a6b6a6b6a6b6a6b_.photo.png", "photo.png"],
    ["photo-6a6b6a6b6a6b6a6b6a6b6a6b_x.png", "photo-6a6b6a6b6a6b6a6b6a6b6a6b_x.png"],
    [". . photo.png", "photo.png"],
    ["///", ""],
    ["\0", ""],
    ["", ""],
  ])("makes %j %j", (name, cleaned) => {
    expect(cleanFileName(name).name).toBe(cleaned);
  });

  it("tells what it changed, and nothing for a clean name", () => {
    expect(cleanFileName("photo.png").changes).toEqual([]);
    expect(cleanFileName("a/b\0.png").changes).toEqual([
      "invisible characters removed",
      "path characters replaced",
    ]);
  });

  it("tells in one word what was dropped from the start, however much it was", () => {
    expect(cleanFileName(". . 6a6b6a6b6a6b6a6b6a6b6a6b_photo.png").changes).toHaveLength(1);
  });

  it("gives a harmless name for any text, and leaves its own result alone", () => {
    fc.assert(
      fc.property(anyName, (text) => {
        const { name } = cleanFileName(text);
        expect(name).not.toMatch(HARMFUL);
        expect(name).not.toMatch(/^[.\s]|[.\s]$/);
        expect(name).not.toMatch(/%2f|%5c/i);
        expect(name).toBe(name.normalize("NFC"));
        expect(cleanFileName(name)).toEqual({ name, changes: [] });
      }),
      { numRuns: 1000 },
    );
  });
});

describe("splitExtension", () => {
  it.each([
    ["photo.png", "photo", "png"],
    ["photo.PNG", "photo", "PNG"],
    ["archive.tar.gz", "archive.tar", "gz"],
    ["Mr. Smith", "Mr. Smith", ""],
    ["photo", "photo", ""],
    [".png", ".png", ""],
    ["photo.", "photo.", ""],
    ["a\nb.png", "a\nb", "png"],
    ["photo.0123456789", "photo", "0123456789"],
    ["photo.01234567890", "photo.01234567890", ""],
    ["photo.ä", "photo.ä", ""],
    ["photo.png ", "photo.png ", ""],
  ])("splits %j into %j and %j", (name, stem, extension) => {
    expect(splitExtension(name)).toEqual({ stem, extension });
  });
});

describe("joinFileName", () => {
  it("keeps the extension within 99 characters, whatever the stem", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme", minLength: 1, maxLength: 300 }), (text) => {
        const stem = `x${cleanFileName(text).name}`;
        const name = joinFileName(stem, "png");
        expect(name.length).toBeLessThanOrEqual(MAX_FILE_NAME_LENGTH);
        expect(name).toMatch(/[^.\s]\.png$/);
        expect(name).not.toMatch(HARMFUL);
      }),
    );
  });

  it("cuts a name of 300 characters to exactly 99", () => {
    expect(joinFileName("x".repeat(300), "jpeg")).toBe(`${"x".repeat(94)}.jpeg`);
  });

  it("leaves a name without an extension without one", () => {
    expect(joinFileName("photo", "")).toBe("photo");
    expect(joinFileName("x".repeat(120), "")).toBe("x".repeat(99));
  });

  it("never cuts a name through a character", () => {
    expect(joinFileName(`x${"😀".repeat(60)}`, "png")).toBe(`x${"😀".repeat(47)}.png`);
  });
});

describe("uniqueFileName", () => {
  it("numbers the names of one batch that would collide", () => {
    const taken = new Set<string>();
    const names = ["photo.png", "photo.png", "PHOTO.png", "photo.jpg"].map((name) =>
      uniqueFileName(name, taken),
    );
    expect(names).toEqual(["photo.png", "photo-2.png", "PHOTO-3.png", "photo.jpg"]);
  });

  it("counts Unicode twins as one name", () => {
    const taken = new Set<string>();
    uniqueFileName("Caf\u00e9.png", taken);
    expect(uniqueFileName("Cafe\u0301.png", taken)).toBe("Cafe\u0301-2.png");
  });

  it("keeps as much of a long name as fits before its number", () => {
    const taken = new Set(["x".repeat(99), `${"x".repeat(95)}.png`]);
    expect(uniqueFileName("x".repeat(99), taken)).toBe(`${"x".repeat(97)}-2`);
    expect(uniqueFileName(`${"x".repeat(95)}.png`, taken)).toBe(`${"x".repeat(93)}-2.png`);
  });

  it("keeps a numbered name within the limit, with its extension", () => {
    const taken = new Set<string>();
    const longest = joinFileName("x".repeat(200), "png");
    const names = Array.from({ length: 12 }, () => uniqueFileName(longest, taken));
    expect(new Set(names).size).toBe(12);
    for (const name of names) expect(name).toMatch(/^x+(-\d+)?\.png$/);
    for (const name of names) expect(name.length).toBeLessThanOrEqual(MAX_FILE_NAME_LENGTH);
  });
});

describe("quotedName", () => {
  it("shows a hostile name without what could mislead", () => {
    expect(quotedName("a\u202eb\nc\0")).toBe('"abc"');
  });

  it("cuts a name after 120 characters, never through one of them", () => {
    expect(quotedName("x".repeat(120))).toBe(`"${"x".repeat(120)}"`);
    expect(quotedName("x".repeat(121))).toBe(`"${"x".repeat(120)}…"`);
    expect(quotedName(`${"x".repeat(119)}😀`)).toBe(`"${"x".repeat(119)}…"`);
  });
});
