import { expect, it } from "vitest";
import { AssetError } from "../../src/core/errors.js";
import { notServed } from "../../src/library/hosted-versions.js";
import { assetSchema } from "../../src/webflow/data-api/responses.js";

const ID = "65f0aa00000000000000001f";
const URL_OF_FILE = "https://cdn.example.com/a.png";
const DAMAGED = new AssetError("INVALID_INPUT", "The picture cannot be decoded", "upload it again");

const asset = (hostedUrl: string, variants: { hostedUrl: string }[] = []) =>
  assetSchema.parse({ id: ID, hostedUrl, variants });

it("a hosted picture that cannot be decoded is not blamed on its URL", () => {
  expect(notServed(asset(URL_OF_FILE, [{ hostedUrl: URL_OF_FILE }]), DAMAGED)).toBe(DAMAGED);
});

it.each([
  ["the file's", asset("a.png")],
  ["a variant's", asset(URL_OF_FILE, [{ hostedUrl: "//" }])],
])("a URL that nobody can open is told as that of the record: %s", (_, odd) => {
  expect(notServed(odd, DAMAGED)).toMatchObject({
    code: "DOWNLOAD_FAILED",
    message: expect.stringContaining(`record ${ID} has a URL that cannot be read`),
  });
});
