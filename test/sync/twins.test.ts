import { expect, test } from "vitest";
import { notesOnTwins } from "../../src/sync/twins.js";
import { checkedFile } from "../builders/sync-files.js";

function notesOn(...files: ReturnType<typeof checkedFile>[]): (string[] | undefined)[] {
  const notes = notesOnTwins(files);
  return files.map((file) => notes.get(file));
}

test("files with bytes and names of their own need no note", () => {
  expect(notesOn(checkedFile("a.png"), checkedFile("b.png"))).toEqual([undefined, undefined]);
});

test("every file with the bytes of an earlier one becomes its asset", () => {
  const [first, second, third] = ["a.png", "b.png", "Old/c.png"].map((path) =>
    checkedFile(path, { md5: "m" }),
  );
  if (!first || !second || !third) throw new Error("no files");
  const note = ["It has the same bytes as a.png: one asset serves both."];
  expect(notesOn(first, second, third)).toEqual([undefined, note, note]);
});

test("files whose names differ only in case collide within a folder, and not between two folders", () => {
  const elsewhere = { folder: "Photos/Old" };
  expect(
    notesOn(
      checkedFile("a.png"),
      checkedFile("A.PNG"),
      checkedFile("A.png"),
      checkedFile("Old/a.png", elsewhere),
    ),
  ).toEqual([
    undefined,
    ["Its name there is that of a.png, too: one of the two gets a number."],
    ["Its name there is that of a.png, too: one of the two gets a number."],
    undefined,
  ]);
});

test("a file that becomes the asset of another one takes no name from a third", () => {
  expect(
    notesOn(
      checkedFile("a.png", { md5: "m" }),
      checkedFile("sub/b.png", { md5: "m" }),
      checkedFile("b.png"),
    )[2],
  ).toBeUndefined();
});
