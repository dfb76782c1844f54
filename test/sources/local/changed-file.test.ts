import { appendFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { createAllowedDirectories } from "../../../src/sources/local/directories-in-use.js";
import { createSourceReader } from "../../../src/sources/source-reader.js";
import { callContext } from "../../builders/call.js";
import { makeTree } from "../../builders/file-tree.js";

it("a file that grows while it is read is told as SOURCE_CHANGED, and what to wait for", async () => {
  const { root, remove } = makeTree({ "growing.txt": "begun" });
  const reader = createSourceReader({
    allowedDirectories: createAllowedDirectories([root]),
    urlHosts: [],
  });
  const file = join(root, "growing.txt");
  // Between the look at its size and the end of reading.
  const admit = () => appendFile(file, " and going on");
  await expect(reader.read(file, callContext(), { admit })).rejects.toMatchObject({
    code: "SOURCE_CHANGED",
    next: "try again once the file is complete",
  });
  remove();
});
