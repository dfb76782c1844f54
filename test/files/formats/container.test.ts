import { describe, expect, it } from "vitest";
import { containerOf, isAnimation } from "../../../src/files/formats/container.js";
import { gifBytes, isoMediaBytes, jpegBytes, svgBytes, wholePng } from "../../builders/bytes.js";
import { pngHeader, pngOf } from "../../builders/picture-parts.js";

const webp = (flags: number): Buffer =>
  Buffer.from(`RIFF\x16\0\0\0WEBPVP8X\x0a\0\0\0${String.fromCharCode(flags)}\0\0\0\0\0\0\0\0\0`, "latin1");

const gif = gifBytes();
const frameAt = gif.indexOf(0x2c);
const twoFrames = Buffer.concat([gif.subarray(0, -1), gif.subarray(frameAt)]);

describe("the container of a picture", () => {
  it.each([
    ["png", wholePng()],
    ["jpeg", jpegBytes()],
    ["gif", gif],
    ["webp", webp(0)],
    [undefined, Buffer.from("RIFF\x16\0\0\0WAVEfmt ")],
    ["iso", isoMediaBytes("avif")],
    ["tiff", Buffer.from("II*\0")],
    ["tiff", Buffer.from("MM\0*")],
    ["zip", Buffer.from("PK\x03\x04")],
    [undefined, svgBytes()],
    [undefined, Buffer.alloc(0)],
  ])("is told by its first bytes: %s", (container, bytes) => {
    expect(containerOf(bytes)).toBe(container);
  });
});

describe("a container of a picture", () => {
  it.each([
    ["png", wholePng()],
    ["jpeg", jpegBytes()],
    ["gif", gif],
    ["webp", webp(0)],
    ["iso", isoMediaBytes("avif")],
    ["tiff", Buffer.from("II*\0")],
    ["zip", Buffer.from("PK\x03\x04")],
  ])("is none if something stands before its first bytes: %s", (_, bytes) => {
    expect(containerOf(Buffer.concat([Buffer.from("?"), bytes]))).toBeUndefined();
  });
});

describe("a file is an animation", () => {
  it.each([
    ["a GIF of two frames", twoFrames],
    ["a WebP", webp(2)],
    ["a PNG", pngOf(["IHDR", pngHeader(1, 1)], ["acTL", Buffer.alloc(8)])],
    ["a sequence of AVIF", isoMediaBytes("avis", "avif")],
  ])("if its container says so: %s", (_, bytes) => {
    expect(isAnimation(bytes)).toBe(true);
  });

  it.each([
    ["a GIF of one frame", gif],
    ["a WebP", webp(0)],
    ["a PNG", wholePng()],
    ["an AVIF that may be shown as a sequence", isoMediaBytes("avif", "avis")],
    ["a TIFF with the brand of a sequence", Buffer.from("II*\0ftypavis")],
    ["an SVG", svgBytes()],
    ["nothing", Buffer.alloc(0)],
  ])("and none if it says nothing of that kind: %s", (_, bytes) => {
    expect(isAnimation(bytes)).toBe(false);
  });
});
