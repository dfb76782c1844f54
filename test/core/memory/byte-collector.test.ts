import { describe, expect, it } from "vitest";
import { createByteCollector } from "../../../src/core/memory/byte-collector.js";
import { md5Of } from "../../builders/site.js";

const CHUNKS = Array.from({ length: 20 }, (_, number) => Buffer.alloc(60_000, `chunk ${number}; `));
const WHOLE = Buffer.concat(CHUNKS);

function collected(expectedBytes?: number) {
  const collector = createByteCollector("the file", 10_000_000, expectedBytes);
  for (const chunk of CHUNKS) collector.add(chunk);
  return collector.finish();
}

describe("collecting the bytes of a source", () => {
  it.each([
    ["not announced", undefined],
    ["announced", WHOLE.length],
    ["announced too small", 100],
    ["announced too large", 9_000_000],
  ])("keeps them in order when their number is %s", (_announced, expectedBytes) => {
    const { bytes, md5 } = collected(expectedBytes);
    expect(bytes.equals(WHOLE)).toBe(true);
    expect(md5).toBe(md5Of(WHOLE));
  });

  it("reserves no more than twice what came of sources that announced nothing", () => {
    const before = process.memoryUsage().arrayBuffers;
    const collectors = CHUNKS.map(() => createByteCollector("the file", 10_000_000));
    for (const [index, collector] of collectors.entries()) collector.add(CHUNKS[index] ?? WHOLE);
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThanOrEqual(2 * WHOLE.length);
  });

  it("takes exactly the most that is allowed, and refuses the first byte over it", () => {
    const collector = createByteCollector("the file", WHOLE.length + 1);
    collector.add(WHOLE);
    collector.add(Buffer.of(1));
    expect(collector.length()).toBe(WHOLE.length + 1);
    expect(() => collector.add(Buffer.of(2))).toThrow(expect.objectContaining({ code: "FILE_TOO_LARGE" }));
  });
});
