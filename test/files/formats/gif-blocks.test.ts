import { describe, expect, it } from "vitest";
import {
  gifEnd,
  gifMetadata,
  isAnimatedGif,
  isCutGif,
  stripGif,
} from "../../../src/files/formats/gif-blocks.js";

const TRAILER = Buffer.of(0x3b);
const [COMMENT, APPLICATION, GRAPHIC_CONTROL, PLAIN_TEXT] = [0xfe, 0xff, 0xf9, 0x01];

const joined = (...parts: readonly Buffer[]): Buffer => Buffer.concat(parts);
/** So many colours as the flags of a colour table say. */
const colours = (flags: number): Buffer => Buffer.alloc(flags & 0x80 ? 3 * 2 ** ((flags & 7) + 1) : 0, 0x2c);

function header(flags = 0): Buffer {
  return joined(Buffer.from("GIF89a\x04\0\x04\0", "latin1"), Buffer.of(flags, 0, 0), colours(flags));
}

/** Sub-blocks of these contents, and the empty one at their end. */
const subBlocks = (...contents: readonly string[]): Buffer =>
  joined(
    ...contents.map((content) => joined(Buffer.of(content.length), Buffer.from(content, "latin1"))),
    Buffer.of(0),
  );
const image = (flags = 0, ...contents: readonly string[]): Buffer =>
  joined(
    Buffer.of(0x2c, 0, 0, 0, 0, 4, 0, 4, 0, flags),
    colours(flags),
    Buffer.of(2),
    subBlocks(...contents),
  );
const extension = (label: number, ...contents: readonly string[]): Buffer =>
  joined(Buffer.of(0x21, label), subBlocks(...contents));
const gif = (...blocks: readonly Buffer[]): Buffer => joined(header(), ...blocks, TRAILER);

const IMAGE = image(0, "pixels");

describe("the end of a GIF", () => {
  it.each([
    ["of one frame", gif(IMAGE)],
    [
      "of frames in several parts",
      gif(image(0, "pi", "xels", "\x3b\x2c"), extension(GRAPHIC_CONTROL, "1234"), IMAGE),
    ],
    ["without a frame", gif()],
    ["with the smallest table of colours", joined(header(0x80), IMAGE, TRAILER)],
    ["with the largest table of colours", joined(header(0x87), IMAGE, TRAILER)],
    ["with a size of a table that it lacks", joined(header(0x07), IMAGE, TRAILER)],
    ["with a table of a frame's own", gif(image(0x81, "pixels"))],
    ["with the size of a table that a frame lacks", gif(image(0x07, "pixels"))],
  ])("is behind its trailer, whatever follows: one %s", (_, bytes) => {
    expect(gifEnd(bytes)).toBe(bytes.length);
    expect(gifEnd(joined(bytes, IMAGE, TRAILER))).toBe(bytes.length);
  });

  it.each([
    ["its trailer is missing", gif(IMAGE).subarray(0, -1)],
    ["it is cut in a frame", gif(IMAGE).subarray(0, -2)],
    ["a block is in it that is neither a frame nor an extension", gif(Buffer.of(0x2b), IMAGE.subarray(1))],
    ["it is cut in its header", header().subarray(0, 12)],
    ["it is cut in its colours", header(0x80).subarray(0, -1)],
    ["it has nothing", Buffer.alloc(0)],
  ])("is unknown where %s", (_, bytes) => {
    expect(gifEnd(bytes)).toBeUndefined();
  });

  it("is unknown behind a hundred thousand blocks", () => {
    const blocks = (count: number): Buffer => gif(Buffer.alloc(3 * count, extension(GRAPHIC_CONTROL)));
    expect(gifEnd(blocks(100_000))).toBeDefined();
    expect(gifEnd(blocks(100_001))).toBeUndefined();
  });
});

describe("a GIF that is cut off", () => {
  const whole = gif(image(0x80, "pixels"));
  const imageAt = header().length;

  it.each([
    ["within its pixels", whole.subarray(0, -4)],
    ["before the end of its pixels", whole.subarray(0, -2)],
    ["within the colours of a frame", whole.subarray(0, imageAt + 12)],
    ["within the description of a frame", whole.subarray(0, imageAt + 9)],
    ["behind the first byte of a frame", whole.subarray(0, imageAt + 1)],
    ["within an extension", gif(extension(COMMENT, "hello")).subarray(0, -3)],
    ["within its own colours", header(0x80).subarray(0, -1)],
    ["before its own colours", header(0x80).subarray(0, 13)],
  ])("is told as such: %s", (_, bytes) => {
    expect(isCutGif(bytes)).toBe(true);
  });

  it.each([
    ["a whole one", whole],
    ["one without its last byte", whole.subarray(0, -1)],
    ["one with something behind it", joined(whole, IMAGE.subarray(0, 5))],
    ["one with an unknown block", gif(Buffer.of(0x2b))],
    ["one that is nothing but a header", header(0x80)],
  ])("is none of these: %s", (_, bytes) => {
    expect(isCutGif(bytes)).toBe(false);
  });
});

describe("a GIF", () => {
  it("is an animation if it has more than one frame", () => {
    expect(isAnimatedGif(gif(IMAGE, IMAGE))).toBe(true);
    expect(isAnimatedGif(gif(IMAGE, extension(COMMENT, "\x2c")))).toBe(false);
    expect(isAnimatedGif(gif(extension(COMMENT, "1"), extension(COMMENT, "2"), IMAGE))).toBe(false);
    expect(isAnimatedGif(gif())).toBe(false);
    expect(isAnimatedGif(gif(IMAGE, IMAGE).subarray(0, -3))).toBe(false);
  });
});

const METADATA = [
  ["a comment", extension(COMMENT, "by Jane", " Owner")],
  ["an empty comment", extension(COMMENT)],
  ["XMP", extension(APPLICATION, "XMP DataXMP", "<x:xmpmeta/>")],
  ["what another application wrote", extension(APPLICATION, "CAMERA  1.0", "SN-4711")],
  ["an application without a name", extension(APPLICATION)],
] as const;

const DISPLAYED = [
  ["how often it is repeated", extension(APPLICATION, "NETSCAPE2.0", "\x01\0\0")],
  ["how often it is repeated, by another name", extension(APPLICATION, "ANIMEXTS1.0", "\x01\0\0")],
  ["its colour profile", extension(APPLICATION, "ICCRGBG1012", "profile")],
  ["how long a frame is shown", extension(GRAPHIC_CONTROL, "1234")],
  ["a text that is drawn", extension(PLAIN_TEXT, "123456789012", "text")],
  ["a frame whose place is the number of a comment", joined(Buffer.of(0x2c, COMMENT), IMAGE.subarray(2))],
] as const;

describe("a GIF that is freed of its metadata", () => {
  it.each(METADATA)("loses %s", (_, block) => {
    expect(stripGif(gif(block, IMAGE, block))).toEqual(gif(IMAGE));
  });

  it.each(DISPLAYED)("keeps %s", (_, block) => {
    expect(stripGif(gif(block, IMAGE))).toEqual(gif(block, IMAGE));
  });

  it("keeps its colours, and loses what follows its end", () => {
    const bytes = joined(header(0x81), IMAGE, TRAILER);
    expect(stripGif(joined(bytes, Buffer.from("a video")))).toEqual(bytes);
  });

  it("is none where its end is missing", () => {
    expect(stripGif(gif(IMAGE).subarray(0, -1))).toBeUndefined();
  });
});

describe("the metadata of a GIF", () => {
  it.each(METADATA)("are all that it would lose: %s", (_, block) => {
    expect(gifMetadata(gif(block, IMAGE, block))).toEqual(joined(block, block));
  });

  it.each(DISPLAYED)("are nothing of what it keeps: %s", (_, block) => {
    expect(gifMetadata(gif(block, IMAGE))).toEqual(Buffer.alloc(0));
  });
});
