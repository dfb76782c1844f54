import { describe, expect, it } from "vitest";
import { uploadAssetInput } from "../../src/contract/upload-asset.js";
import { HEIC_ADVICE, sharingAdvice, tooLargeImageAdvice } from "../../src/files/advice.js";
import { gifBytes, jpegBytes, svgBytes } from "../builders/bytes.js";

const FRAME = gifBytes().subarray(-16, -1);
const ANIMATED_GIF = Buffer.concat([gifBytes().subarray(0, -1), FRAME, FRAME, Buffer.of(0x3b)]);
/** The extended header with the flag of an animation. */
const ANIMATED_WEBP = Buffer.from("RIFF\x16\0\0\0WEBPVP8X\x0a\0\0\0\x02\0\0\0\0\0\0\0\0\0", "latin1");

/** What advice says to set has to be an argument of the tool that it is given by. */
function expectKnownArgument(advice: string): void {
  const [, argument = ""] = /set (\w+): true/.exec(advice) ?? [];
  expect(Object.keys(uploadAssetInput.shape)).toContain(argument);
}

describe("what to do with an image that is too large", () => {
  it("is to have it optimized, which is an argument of the upload, unless that was done", () => {
    const advice = tooLargeImageAdvice(jpegBytes(), "jpg", false);
    expectKnownArgument(advice);
    expect(advice).toContain("makes it fit");
    expect(tooLargeImageAdvice(jpegBytes(), "jpg", true)).toBe("send a smaller image");
  });

  it("is to simplify it where it is a drawing, which no optimizer shrinks", () => {
    for (const isOptimized of [true, false]) {
      const advice = tooLargeImageAdvice(svgBytes(), "svg", isOptimized);
      expect(advice).toContain("SVGO");
      expect(advice).not.toContain("optimize: true");
    }
  });

  it("is for an animated GIF to have a WebP made of it, or to make it shorter", () => {
    const advice = tooLargeImageAdvice(ANIMATED_GIF, "gif", false);
    expectKnownArgument(advice);
    expect(advice).toContain("an animated WebP of it");
    expect(advice).toContain("make it shorter");
  });

  it("is for an animation that nothing makes smaller never to optimize it", () => {
    for (const advice of [
      tooLargeImageAdvice(ANIMATED_GIF, "gif", true),
      tooLargeImageAdvice(ANIMATED_WEBP, "webp", false),
      tooLargeImageAdvice(ANIMATED_WEBP, "webp", true),
    ]) {
      expect(advice).toContain("make it shorter");
      expect(advice).not.toContain("optimize");
    }
  });

  it("is for a GIF of one picture what it is for any picture", () => {
    expect(tooLargeImageAdvice(gifBytes(), "gif", false)).toContain("makes it fit");
  });
});

describe("what to do with HEIC", () => {
  it("is to make a JPEG of it, told for the devices that write it", () => {
    for (const word of ["JPEG", "iPhone", "Most Compatible", "Mac", "Windows"])
      expect(HEIC_ADVICE).toContain(word);
  });
});

describe("a link to share a file, which led to a page", () => {
  it.each([
    "https://drive.google.com/file/d/1AbC-_9/view?usp=sharing",
    "https://drive.google.com/file/u/0/d/1AbC-_9/edit",
    "https://drive.google.com/file/u/12/d/1AbC-_9",
  ])("of Google Drive comes with the address of the download: %s", (url) => {
    expect(sharingAdvice(url)).toContain("https://drive.google.com/uc?export=download&id=1AbC-_9 ");
  });

  it.each([
    "https://drive.google.com/drive/folders/1AbC",
    "https://drive.google.com/a/file/d/1AbC/view",
    "https://drive.google.com/file/u/me/d/1AbC",
    "https://drive.google.com/",
  ])("of Google Drive that names no file comes without one: %s", (url) => {
    expect(sharingAdvice(url)).toMatch(/^use the direct download link of that site/);
  });

  it.each([
    ["https://dropbox.com/s/a/b.png", "dl=1"],
    ["https://www.dropbox.com/s/a/b.png", "dl=1"],
    ["https://github.com/a/b/blob/main/c.png", "Raw"],
    ["https://gitlab.com/a/b", "local path"],
    ["https://contoso.sharepoint.com/a", "local path"],
    ["https://photos.app.goo.gl/a", "local path"],
  ])("comes with the way to the file itself: %s", (url, advice) => {
    expect(sharingAdvice(url)).toContain(advice);
  });

  it.each([
    "https://example.com/a",
    "https://notdropbox.com/a",
    "https://dropbox.com.example/a",
    "https://my-drive.google.com/file/d/1AbC/view",
    "https://drive.google.com.example/file/d/1AbC/view",
    "https://mygithub.com/a",
    "https://gist.github.com/a",
    "https://github.com.example/a",
    "https://inbox.com/a",
    "https://box.com.example/a",
    "a local file",
    "",
  ])("is not recognised where the host only resembles one of those sites: %s", (origin) => {
    expect(sharingAdvice(origin)).toBeUndefined();
  });
});
