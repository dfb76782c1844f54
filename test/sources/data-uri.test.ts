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
    ["data:image/png;base64,iVBORw0KGgo", "INVALID_INPUT"],
    ["data:image/png;base64,iVBORw0KGgo==", "INVALID_INPUT"],
    ["data:image/png;base64,iVBOR", "INVALID_INPUT"],
    ["data:image/png;base64,iVBO Rw0K", "INVALID_INPUT"],
    ["data:image/png;base64,iVBO\nRw0K", "INVALID_INPUT"],
    ["data:image/png;base64, iVBORw0K", "INVALID_INPUT"],
    ["data:image/png;base64,iVBORw0K\n", "INVALID_INPUT"],
    ["data:image/png;base64,iVBO-w_K", "INVALID_INPUT"],
    ["data:image/png;base64,iVBO=w0K", "INVALID_INPUT"],
    ["data:image/png;base64,QR==", "INVALID_INPUT"],
    ["data:image/png;base64,iVBO…", "INVALID_INPUT"],
    ["data:image/png;base64,iVBO#Rw0K", "INVALID_INPUT"],
    ["data:image/png;base64,data:image/png;base64,iVBO", "INVALID_INPUT"],
    ["data:image/png,%", "INVALID_INPUT"],
    ["data:image/png,%zz", "INVALID_INPUT"],
    ["data:image/png,abc%4", "INVALID_INPUT"],
    ["data:not a type;base64,iVBO", "INVALID_INPUT"],
    ["data:image/png;name=%zz;base64,iVBO", "INVALID_INPUT"],
    [" data:image/png;base64,iVBO", "INVALID_INPUT"],
    [`data:;base64,${Buffer.alloc(512 * 1024 + 1).toString("base64")}`, "FILE_TOO_LARGE"],
    [`data:,${"%00".repeat(512 * 1024 + 1)}`, "FILE_TOO_LARGE"],
    [`data:,${"x".repeat(9_000_000)}`, "FILE_TOO_LARGE"],
  ] satisfies [string, ErrorCode][])("refuses %.60j with %s", async (uri, code) => {
    expect(await outcomeOf(uri)).toBe(code);
  });

  it("takes 512 KiB to the byte", () => {
    const bytes = Buffer.alloc(512 * 1024, 7);
    expect(decodeDataUri(`data:;base64,${bytes.toString("base64")}`).bytes).toEqual(bytes);
  });

  it("advises a path or a URL for more", () => {
    expect(() => decodeDataUri(`data:,${"x".repeat(9_000_000)}`)).toThrow(
      expect.objectContaining({ next: expect.stringMatching(/path.*URL/) }),
    );
  });

  it("gives back any bytes, in both encodings", () => {
    fc.assert(
      fc.property(fc.uint8Array(), (array) => {
        const bytes = Buffer.from(array);
        const percent = bytes.toString("hex").replace(/../g, "%$&");
        expect(decodeDataUri(`data:;base64,${bytes.toString("base64")}`).bytes).toEqual(bytes);
        expect(decodeDataUri(`data:,${percent}`).bytes).toEqual(bytes);
      }),
    );
  });

  it("never decodes a part: base64 cut anywhere is refused, or was a whole file of its own", () => {
    const whole = Buffer.from("a whole file").toString("base64");
    fc.assert(
      fc.property(fc.integer({ min: 1, max: whole.length - 1 }), (length) => {
        const cut = whole.slice(0, length);
        if (length % 4 === 0)
          expect(decodeDataUri(`data:;base64,${cut}`).bytes.length).toBe((length / 4) * 3);
        else expect(() => decodeDataUri(`data:;base64,${cut}`)).toThrow("base64");
      }),
    );
  });
});
