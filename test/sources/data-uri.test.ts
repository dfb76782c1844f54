import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { ErrorCode } from "../../src/core/errors.js";
import { decodeDataUri } from "../../src/sources/data-uri.js";
import { codeOf } from "../builders/outcome.js";

async function outcomeOf(uri: string): Promise<string> {
  return codeOf(Promise.resolve().then(() => decodeDataUri(uri)));
}

describe("decodeDataUri", () => {
  it.each([
    ["data:", "INVALID_INPUT"],
    ["data:image/png;base64", "INVALID_INPUT"],
    ["data:image/png;base64,iVBORw0KGgo==", "INVALID_INPUT"],
    ["data:image/png;base64,iVBOR", "INVALID_INPUT"],
    ["data:image/png;base64,iVBO=w0K", "INVALID_INPUT"],
    ["data:image/png;base64,QR==", "INVALID_INPUT"],
    ["data:image/png;base64,QR", "INVALID_INPUT"],
    [`data:image/png;name="${"x".repeat(2_000)}",abc`, "INVALID_INPUT"],
    ["data:image/png;base64,iVBO…", "INVALID_INPUT"],
    ["data:image/png;base64,iVBO#Rw0K", "INVALID_INPUT"],
    ["data:image/png;base64,data:image/png;base64,iVBO", "INVALID_INPUT"],
    ["data:not a type;base64,iVBO", "INVALID_INPUT"],
  ] satisfies [string, ErrorCode][])("refuses %j with %s", async (uri, code) => {
    expect(await outcomeOf(uri)).toBe(code);
  });

  it.each([
    ["base64 of 512 KiB and a byte", () => `data:;base64,${Buffer.alloc(512 * 1024 + 1).toString("base64")}`],
    ["512 KiB and a byte, percent-encoded,", () => `data:,${"%00".repeat(512 * 1024 + 1)}`],
    ["9 MB of text", () => `data:,${"x".repeat(9_000_000)}`],
  ])("refuses %s with FILE_TOO_LARGE", async (_, uri) => {
    expect(await outcomeOf(uri())).toBe("FILE_TOO_LARGE");
  });

  const BYTES = Buffer.from("fbeffffe00ff", "hex");
  it.each([
    ["data:;base64,++///gD/", BYTES],
    ["data:;base64,--___gD_", BYTES],
    ["data:;base64,++//\r\n /gD/\n", BYTES],
    ["data:;base64,++//%0A/gD%2F", BYTES],
    ["\n data:;base64,++///gD/", BYTES],
    ["data:;base64,YWI", Buffer.from("ab")],
    ["data:;base64,YWI=", Buffer.from("ab")],
    ['data:image/svg+xml,<svg width="100%" height="5%25"/>', Buffer.from('<svg width="100%" height="5%"/>')],
    ["data:,%", Buffer.from("%")],
  ])("decodes %j as it is meant", (uri, bytes) => {
    expect(decodeDataUri(uri).bytes).toEqual(bytes);
  });

  it.each([
    ['data:image/png;name="a, b;c.png";base64,YWI=', "a, b;c.png"],
    ['data:image/png;name="say \\"hi\\".png";base64,YWI=', 'say "hi".png'],
    ["data:image/png;filename=caf%E9.png;base64,YWI=", "café.png"],
    ['data:image/png;name="open.png;base64,YWI=', '"open.png'],
  ])("reads the name of %j", (uri, name) => {
    expect(decodeDataUri(uri)).toMatchObject({ name, bytes: Buffer.from("ab"), mediaType: "image/png" });
  });

  it("takes a data: URI of exactly 512 KiB", () => {
    const bytes = Buffer.alloc(512 * 1024, 7);
    expect(bytes.equals(decodeDataUri(`data:;base64,${bytes.toString("base64")}`).bytes)).toBe(true);
  });

  it("advises a path or a URL when a data: URI is larger", () => {
    expect(() => decodeDataUri(`data:,${"x".repeat(9_000_000)}`)).toThrow(
      expect.objectContaining({ next: expect.stringMatching(/path.*URL/) }),
    );
  });

  it("decodes any bytes, in both encodings", () => {
    fc.assert(
      fc.property(fc.uint8Array(), (array) => {
        const bytes = Buffer.from(array);
        const percent = bytes.toString("hex").replace(/../g, "%$&");
        expect(decodeDataUri(`data:;base64,${bytes.toString("base64")}`).bytes).toEqual(bytes);
        expect(decodeDataUri(`data:,${percent}`).bytes).toEqual(bytes);
      }),
    );
  });

  it("refuses base64 that is cut within a byte, and gives the beginning of any other", () => {
    const whole = Buffer.from("a whole file").toString("base64");
    fc.assert(
      fc.property(fc.integer({ min: 1, max: whole.length - 1 }), (length) => {
        const uri = `data:;base64,${whole.slice(0, length)}`;
        if (length % 4 === 1) expect(() => decodeDataUri(uri)).toThrow("base64");
        else if (length % 4 === 0)
          expect(decodeDataUri(uri).bytes.toString()).toBe("a whole file".slice(0, (length / 4) * 3));
      }),
    );
  });
});
