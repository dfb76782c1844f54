import { strToU8, zipSync } from "fflate";
import { describe, expect, it } from "vitest";
import { isDotLottie } from "../../../src/files/formats/dot-lottie.js";
import { unzipEntries } from "../../../src/files/formats/zip-entries.js";

const zip = (entries: Readonly<Record<string, string>>): Buffer =>
  Buffer.from(
    zipSync(Object.fromEntries(Object.entries(entries).map(([name, text]) => [name, strToU8(text)]))),
  );

function read(bytes: Buffer, mostBytes = 100, isWanted = (name: string) => name.startsWith("a")) {
  return [...unzipEntries(bytes, isWanted, mostBytes)].map(([name, content]) => [name, content.toString()]);
}

/** All names that are `from` made `to`, which has as many letters. */
function renamed(bytes: Buffer, from: string, to: string): Buffer {
  return Buffer.from(bytes.toString("latin1").replaceAll(from, to), "latin1");
}

/** Where the archive says how many entries it has, twice. */
function claiming(bytes: Buffer, count: number): Buffer {
  const copy = Buffer.from(bytes);
  const end = copy.lastIndexOf("PK\x05\x06");
  copy.writeUInt16LE(count, end + 8);
  copy.writeUInt16LE(count, end + 10);
  return copy;
}

describe("the entries of a ZIP archive", () => {
  it("are those whose names are wanted", () => {
    expect(read(zip({ "b.txt": "no", "a.txt": "one", "a/c.txt": "two" }))).toEqual([
      ["a.txt", "one"],
      ["a/c.txt", "two"],
    ]);
  });

  it("are the first of each name", () => {
    expect(read(renamed(zip({ "a.txt": "first", "z.txt": "second" }), "z.txt", "a.txt"))).toEqual([
      ["a.txt", "first"],
    ]);
  });

  it("are unpacked to so many bytes in all, those left out that are larger than what is left", () => {
    const archive = zip({ a1: "1234", a2: "12345", a3: "123456", a4: "1" });
    expect(read(archive, 16).map(([name]) => name)).toEqual(["a1", "a2", "a3", "a4"]);
    expect(read(archive, 15).map(([name]) => name)).toEqual(["a1", "a2", "a3"]);
    expect(read(archive, 14).map(([name]) => name)).toEqual(["a1", "a2", "a4"]);
    expect(read(archive, 4).map(([name]) => name)).toEqual(["a1"]);
  });

  it("are not taken from that by what is not wanted", () => {
    expect(read(zip({ b: "x".repeat(100), a: "1234" }), 4)).toEqual([["a", "1234"]]);
  });

  it("are none of an archive that claims more of them than it has room for", () => {
    const archive = zip({ a: "1" });
    expect(read(claiming(archive, 1))).toHaveLength(1);
    for (const count of [20, 60_000]) expect(read(claiming(archive, count))).toEqual([]);
  });

  it("are none of a damaged archive, and of what is none", () => {
    const archive = zip({ a: "hello, hello, hello, hello" });
    expect(read(archive.subarray(0, -1))).toEqual([]);
    expect(read(Buffer.from("PK"))).toEqual([]);
  });
});

describe("a ZIP archive is a dotLottie", () => {
  const withManifest = (manifest: string, more: Readonly<Record<string, string>> = {}): Buffer =>
    zip({ ...more, "manifest.json": manifest });

  it("if its manifest names an animation", () => {
    expect(isDotLottie(withManifest('{"animations":[{"id":"a"}]}'))).toBe(true);
    expect(isDotLottie(withManifest('{"animations":[]}'))).toBe(false);
    expect(isDotLottie(withManifest('{"animations":{}}'))).toBe(false);
    expect(isDotLottie(withManifest("[]"))).toBe(false);
    expect(isDotLottie(zip({ "a/manifest.json": '{"animations":[{"id":"a"}]}' }))).toBe(false);
  });

  it("whatever stands before its manifest", () => {
    const picture = "x".repeat(1024 * 1024);
    expect(isDotLottie(withManifest('{"animations":[{"id":"a"}]}', { picture }))).toBe(true);
  });

  it("only with a manifest of up to a mebibyte", () => {
    const manifest = (length: number): string => '{"animations":[1]}'.padEnd(length, " ");
    expect(isDotLottie(withManifest(manifest(1024 * 1024)))).toBe(true);
    expect(isDotLottie(withManifest(manifest(1024 * 1024 + 1)))).toBe(false);
  });
});
