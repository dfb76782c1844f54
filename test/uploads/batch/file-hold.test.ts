import { expect, test } from "vitest";
import { createFileHold } from "../../../src/uploads/batch/file-hold.js";
import type { PreparedFile } from "../../../src/uploads/file/prepare-file.js";
import { callContext } from "../../builders/call.js";

const PREPARED = { md5: "0".repeat(32) } as PreparedFile;

function aFile(bytes: number) {
  return { sourceMd5: "1".repeat(32), bytes, prepare: async () => PREPARED };
}

test("a file is held until it is released", async () => {
  const held = createFileHold(10).keep(aFile(10));
  expect(held?.sourceMd5).toBe("1".repeat(32));
  expect(await held?.prepare(callContext())).toBe(PREPARED);
  held?.release();
  await expect(held?.prepare(callContext())).rejects.toMatchObject({
    message: expect.stringContaining("was released"),
  });
});

test("files are held for as long as there is room, which a release gives back once", () => {
  const hold = createFileHold(10);
  const first = hold.keep(aFile(6));
  expect(hold.keep(aFile(5))).toBeUndefined();
  const second = hold.keep(aFile(4));
  expect(second).toBeDefined();
  first?.release();
  first?.release();
  expect(hold.keep(aFile(7))).toBeUndefined();
  expect(hold.keep(aFile(6))).toBeDefined();
});
