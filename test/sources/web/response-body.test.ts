import { Readable } from "node:stream";
import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { canDecode, collectBody, contentCodings } from "../../../src/sources/web/response-body.js";

const BODY = Buffer.from("the bytes of a vase");

/** What is collected of a body that comes in these chunks. */
async function collected(codings: string[], ...chunks: Buffer[]): Promise<string> {
  const parts: Buffer[] = [];
  const collector = { add: (chunk: Buffer) => void parts.push(chunk) };
  await collectBody(Readable.from(chunks), codings, collector, new AbortController().signal);
  return Buffer.concat(parts).toString();
}

describe("the codings of a response", () => {
  it("are those of its header in small letters, without what is none", () => {
    expect(contentCodings(undefined)).toEqual([]);
    expect(contentCodings(" GZIP , br,")).toEqual(["gzip", "br"]);
    expect(contentCodings("aws-chunked, gzip, identity, UTF-8, 8bit, none")).toEqual(["gzip"]);
    expect(contentCodings("x-identity, identity2")).toEqual(["x-identity", "identity2"]);
  });

  it("can be undone when they are known, and two at most", () => {
    expect([[], ["gzip"], ["deflate", "br"], ["x-gzip"]].map(canDecode)).toEqual([true, true, true, true]);
    expect([["zstd"], ["gzip", "zstd"], ["gzip", "gzip", "gzip"], ["toString"]].map(canDecode)).toEqual([
      false,
      false,
      false,
      false,
    ]);
  });
});

describe("the body of a response", () => {
  it.each([
    ["gzip", gzipSync(BODY)],
    ["x-gzip", gzipSync(BODY)],
    ["deflate", deflateSync(BODY)],
    ["deflate", deflateRawSync(BODY)],
    ["br", brotliCompressSync(BODY)],
  ])("is decoded from %s, in whatever chunks it comes", async (coding, bytes) => {
    expect(await collected([coding], bytes)).toBe(BODY.toString());
    expect(await collected([coding], ...[...bytes].map((byte) => Buffer.from([byte])))).toBe(BODY.toString());
  });

  it("is decoded from the last coding to the first", async () => {
    expect(await collected(["gzip", "br"], brotliCompressSync(gzipSync(BODY)))).toBe(BODY.toString());
  });

  it("is taken as it is where it is plain, whatever its label says", async () => {
    expect(await collected(["gzip"], BODY)).toBe(BODY.toString());
    expect(await collected(["gzip"], Buffer.from([0x1f]))).toBe("\x1f");
    expect(await collected(["gzip"])).toBe("");
    expect(await collected([], BODY)).toBe(BODY.toString());
  });

  it("ends with an error where it is broken, or the call is aborted", async () => {
    await expect(collected(["gzip"], gzipSync(BODY).subarray(0, 20))).rejects.toMatchObject({
      code: "Z_BUF_ERROR",
    });
    const aborted = collectBody(Readable.from([BODY]), [], { add: () => {} }, AbortSignal.abort());
    await expect(aborted).rejects.toMatchObject({ code: "ABORT_ERR" });
  });
});
