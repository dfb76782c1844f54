import { expect, test } from "vitest";
import { isLikeName } from "../../../src/uploads/record/like-name.js";

test.each([
  ["the same", "photo.png", "photo.png"],
  ["in another case", "PHOTO.PNG", "photo.png"],
  ["with other signs between letters", "my-photo_1.png", "my photo (1).png"],
  ["encoded as in a URL", "my%20photo.png", "my photo.png"],
  ["in another Unicode form", "cafe\u0301.png", "caf\u00e9.png"],
  ["with letters that lost their accents", "cafe.png", "caf\u00e9.png"],
  ["with letters that were replaced as a whole", "caf-.png", "caf\u00e9.png"],
  ["with the other ending of a JPEG", "photo.jpg", "photo.jpeg"],
  ["with a percent sign that encodes nothing", "100%.png", "100-.png"],
])("a record may be that of a file whose name is %s", (_, own, sent) => {
  expect(isLikeName(own, sent)).toBe(true);
  expect(isLikeName(sent, own)).toBe(true);
});

test.each([
  ["other letters", "photo.png", "phot.png"],
  ["another number", "photo-2.png", "photo.png"],
  ["another ending", "photo.png", "photo.jpg"],
  ["an ending that is none of a JPEG", "photo.jpeg.png", "photo.jpg.png"],
  ["no name", "", "photo.png"],
])("a record is not that of a file whose name has %s", (_, own, sent) => {
  expect(isLikeName(own, sent)).toBe(false);
  expect(isLikeName(sent, own)).toBe(false);
});
