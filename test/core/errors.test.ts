import { describe, expect, it } from "vitest";
import { AssetError, formatError } from "../../src/core/errors.js";

describe("formatError", () => {
  it("writes code, cause and next step on one line", () => {
    const error = new AssetError("FILE_EMPTY", "photo.png has\n0 bytes", "send a file with content");
    expect(formatError(error)).toBe("[FILE_EMPTY] photo.png has 0 bytes. Next: send a file with content.");
  });

  it("says which option of Node is missing where its permission model forbids a step", () => {
    const denied = Object.assign(new Error("Access to this API has been restricted"), {
      code: "ERR_ACCESS_DENIED",
      permission: "ChildProcess",
    });
    expect(formatError(denied)).toMatch(/^\[NOT_INSTALLED\] .*--permission.* Next: .*--allow-child-process/);
  });

  it("says that the server has to be restarted where a part of its program is gone", () => {
    const missing = Object.assign(new Error("Cannot find module '/home/me/dist/chunk.js'"), {
      code: "ERR_MODULE_NOT_FOUND",
    });
    expect(formatError(missing)).toMatch(/^\[NOT_INSTALLED\] (?!.*\/home).* Next: .*restart the server/);
  });

  it("reveals nothing about an unforeseen error", () => {
    expect(formatError(new TypeError("token abc123 at /home/me"))).toMatch(/^\[INTERNAL\] (?!.*abc123)/);
  });
});
