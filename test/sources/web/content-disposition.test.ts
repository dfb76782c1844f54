import { expect, test } from "vitest";
import { fileNameOf } from "../../../src/sources/web/content-disposition.js";

test.each([
  [undefined, ""],
  ["attachment", ""],
  ["", ""],
  ['attachment; filename="photo.jpg"', "photo.jpg"],
  ["attachment; filename=photo.jpg", "photo.jpg"],
  ["attachment;filename = photo.jpg ;", "photo.jpg"],
  ["attachment; FileName=team photo (1).jpg; size=7", "team photo (1).jpg"],
  ['filename="photo.jpg"', "photo.jpg"],
  ['attachment; filename="photo.jpg', "photo.jpg"],
  ['attachment; filename="a;b=c, d.jpg"; size=3', "a;b=c, d.jpg"],
  ['attachment; filename="say \\"hi\\".jpg"', 'say "hi".jpg'],
  ['attachment; filename="C:\\Users\\ann\\photo.jpg"', "photo.jpg"],
  ['attachment; filename="/var/www/photo.jpg"', "photo.jpg"],
  ["attachment; filename*=UTF-8''caf%C3%A9.jpg", "café.jpg"],
  ["attachment; filename*=UTF-8'en'caf%C3%A9.jpg", "café.jpg"],
  ["attachment; filename*=\"UTF-8''caf%C3%A9%20(1).jpg\"", "café (1).jpg"],
  ["attachment; filename*=UTF-8''it's (1).jpg", "it's (1).jpg"],
  ["attachment; filename*=iso-8859-1''caf%E9.jpg", "café.jpg"],
  ["attachment; filename*=photo.jpg", "photo.jpg"],
  ["attachment; filename=\"fallback.jpg\"; filename*=UTF-8''caf%C3%A9.jpg", "café.jpg"],
  ["attachment; filename*=UTF-8''caf%C3%A9.jpg; filename=\"fallback.jpg\"", "café.jpg"],
  ['attachment; filename="first.jpg"; filename="second.jpg"', "first.jpg"],
  ['attachment; filename="=?UTF-8?B?Y2Fmw6kuanBn?="', "café.jpg"],
  ['attachment; filename="=?utf-8?Q?caf=C3=A9_?= =?utf-8?Q?1.jpg?="', "café 1.jpg"],
  ["attachment; filename==?iso-8859-1?Q?caf=E9.jpg?=", "café.jpg"],
  ['attachment; filename="caf%C3%A9.jpg"', "café.jpg"],
  ['attachment; filename="100%.jpg"', "100%.jpg"],
  ['attachment; filename="café.jpg"', "café.jpg"],
])("Content-Disposition %j names %j", (header, name) => {
  expect(fileNameOf(header)).toBe(name);
});
