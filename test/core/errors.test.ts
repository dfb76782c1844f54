import { describe, expect, it } from "vitest";
import { AssetError, formatError } from "../../src/core/errors.js";

describe("formatError", () => {
  it("writes code, cause and next step on one line", () => {
    const error = new AssetError("FILE_EMPTY", "photo.png has\n0 bytes", "send a file with content");
    expect(formatError(error)).toBe("[FILE_EMPTY] photo.png has 0 bytes. Next: send a file with content.");
  });

  it("tells nothing of an error that nobody foresaw", () => {
    expect(formatError(new TypeError("token abc123 at /home/me"))).toMatch(/^\[INTERNAL\] (?!.*abc123)/);
  });
});
