import { describe, expect, it } from "vitest";
import { encodingFault } from "../../../src/files/markup/encoding-fault.js";

const latin1 = (text: string) => encodingFault(Buffer.from(text, "latin1"), text);
const declared = (encoding: string): string => `<?xml version="1.0" encoding=${encoding}?><svg>é</svg>`;
const UTF_16 = "it is UTF-16 without a byte order mark";

describe("the encoding of an SVG", () => {
  it.each([
    "<svg>é</svg>",
    declared('"UTF-8"'),
    declared("'utf8'"),
    `x ${declared('"ISO-8859-1"')}`,
    `<?xml version="1.0"?><svg encoding="ISO-8859-1">é</svg>`,
    `<?xml ${" ".repeat(300)} encoding="ISO-8859-1"?><svg>é</svg>`,
  ])("is no UTF-8 though it should be: %s", (text) => {
    expect(latin1(text)).toContain("not encoded as UTF-8");
    expect(encodingFault(Buffer.from(text), text)).toBeUndefined();
  });

  it.each([
    '"ISO-8859-1"',
    "'windows-1252'",
    '"x-utf-8"',
    '"utf-8x"',
    ' = "latin1"'.slice(2),
  ])("is what it declares: %s", (encoding) => {
    expect(latin1(declared(encoding))).toBeUndefined();
  });

  it("is declared with spaces, in capitals, and with a name of 40 letters", () => {
    expect(latin1('<?XML\nversion="1.0" ENCODING = "LATIN1"?><svg>é</svg>')).toBeUndefined();
    expect(latin1(declared(`"${"x".repeat(40)}"`))).toBeUndefined();
    expect(latin1(declared(`"${"x".repeat(41)}"`))).toBeDefined();
  });

  it("is UTF-16 by its mark, or if an XML declaration begins it", () => {
    for (const swapped of [false, true]) {
      const bytes = (text: string) =>
        swapped ? Buffer.from(text, "utf16le").swap16() : Buffer.from(text, "utf16le");
      expect(encodingFault(bytes("\ufeff<svg/>"), "<svg/>")).toBeUndefined();
      expect(encodingFault(bytes("<?xml?><svg/>"), "<?xml?><svg/>")).toBeUndefined();
      expect(encodingFault(bytes("<svg/>"), "<svg/>")).toBe(UTF_16);
    }
  });

  it("is none of which to speak where there is hardly a byte", () => {
    for (const text of ["", "<"]) expect(encodingFault(Buffer.from(text), text)).toBeUndefined();
    expect(encodingFault(Buffer.of(0xfe, 0xff), "")).toBeUndefined();
    expect(encodingFault(Buffer.of(0xff), "ÿ")).toContain("not encoded as UTF-8");
  });
});
