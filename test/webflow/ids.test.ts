import { describe, expect, it } from "vitest";
import { assertWebflowId, timeOfWebflowId } from "../../src/webflow/ids.js";

const ID = "65f0aa00000000000000001f";

describe("an id of Webflow", () => {
  it("is 24 hex digits, and brought to small letters", () => {
    expect(assertWebflowId(ID.toUpperCase(), "id")).toBe(ID);
  });

  it.each(["", ID.slice(1), `${ID}0`, `${ID}\n`, `../${ID}`, ID.replace("6", "g")])("is not %j", (id) => {
    expect(() => assertWebflowId(id, "assetId")).toThrow(
      expect.objectContaining({
        code: "INVALID_INPUT",
        message: expect.stringMatching(/^assetId ".*is not a Webflow id/),
      }),
    );
  });

  it("is shown by its first 60 characters where it is none", () => {
    expect(() => assertWebflowId("x".repeat(61), "id")).toThrow(
      expect.objectContaining({ message: expect.stringContaining(`"${"x".repeat(60)}"`) }),
    );
  });

  it("begins with the second in which it was given", () => {
    expect(timeOfWebflowId(ID)).toBe(0x65f0aa00 * 1000);
  });
});
