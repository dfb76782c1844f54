import { describe, expect, it } from "vitest";
import { decodeText } from "../../../src/files/formats/text.js";

const bytes = (latin1: string): Buffer => Buffer.from(latin1, "latin1");
const bigEndian = (text: string): Buffer => Buffer.from(text, "utf16le").swap16();

describe("bytes are text", () => {
  it.each([
    ["UTF-8", Buffer.from("Größe €"), "Größe €"],
    ["UTF-8 with a mark", Buffer.from("\ufeffGröße"), "Größe"],
    ["Windows-1252", bytes("Gr\xf6\xdfe"), "Größe"],
    ["Windows-1252 with a mark of UTF-16 in it", bytes("a\xff\xfeb"), "aÿþb"],
    ["Windows-1252 with the other mark of UTF-16 in it", bytes("a\xfe\xffb"), "aþÿb"],
    ["UTF-16 with a mark", Buffer.from("\ufeffGröße", "utf16le"), "Größe"],
    ["UTF-16 in the other byte order with a mark", bigEndian("\ufeffGröße"), "Größe"],
    ["nothing", Buffer.alloc(0), ""],
  ])("in %s", (_, encoded, text) => {
    expect(decodeText(encoded)).toBe(text);
  });

  it.each([
    "<svg/>",
    "<?xml?>",
    "<!doctype>",
    "<_a/>",
  ])("in UTF-16 without a mark if they begin a document: %s", (text) => {
    expect(decodeText(Buffer.from(text, "utf16le"))).toBe(text);
    expect(decodeText(bigEndian(text))).toBe(text);
  });

  it("not in UTF-16 without a mark if they begin otherwise", () => {
    for (const text of ["svg", "< a", "<<a", " <a"]) {
      expect(decodeText(Buffer.from(text, "utf16le"))).toBeUndefined();
      expect(decodeText(bigEndian(text))).toBeUndefined();
    }
  });

  it("not if they hold a control character that no text has", () => {
    for (const code of [0, 1, 8, 0x0e, 0x19]) expect(decodeText(Buffer.of(0x61, code, 0x62))).toBeUndefined();
    for (const code of [9, 10, 12, 13, 0x1b, 0x1c, 0x1f])
      expect(decodeText(Buffer.of(0x61, code))).toHaveLength(2);
    expect(decodeText(Buffer.from("\ufeffa\x01", "utf16le"))).toBeUndefined();
  });

  it("though they end in the mark with which DOS ended them", () => {
    expect(decodeText(bytes("a\x1a\x1a"))).toBe("a\x1a\x1a");
    expect(decodeText(bytes("\x1a"))).toBe("\x1a");
    expect(decodeText(bytes("a\x1ab"))).toBeUndefined();
  });

  it("not in UTF-16 of which half a character is left", () => {
    expect(decodeText(bytes("\xff\xfea"))).toBeUndefined();
  });
});
