import { describe, expect, it } from "vitest";
import { AssetError, type ErrorCode } from "../../src/core/errors.js";
import type { SourceFile } from "../../src/files/source-file.js";
import { createFileVerdicts } from "../../src/sync/file-verdicts.js";
import type { FilePreparation, PreparedFile } from "../../src/uploads/file/prepare-file.js";
import { callContext } from "../builders/call.js";
import { codeOf } from "../builders/outcome.js";

function aSource(md5: string): SourceFile {
  return { bytes: Buffer.from("source"), md5, name: "a.png", origin: "a.png", notes: [] };
}

/** Verdicts by a preparation that counts what it checks, and refuses with the given codes in turn. */
function setUp(...refusals: (ErrorCode | undefined)[]) {
  const checked: { md5: string; optimize: boolean | undefined }[] = [];
  let recipe = "recipe 1";
  const preparation: Pick<FilePreparation, "check"> = {
    check: async ({ md5 }, { optimize }) => {
      checked.push({ md5, optimize });
      const code = refusals[checked.length - 1];
      if (code) throw new AssetError(code, "No", "do something else");
      return {
        fileName: "a.png",
        md5: `result of ${md5}`,
        bytes: Buffer.from("ok"),
        notes: ["n"],
      } as unknown as PreparedFile;
    },
  };
  const optimizer = { recipe: async () => recipe };
  const verdicts = createFileVerdicts(preparation as FilePreparation, optimizer as never);
  const accept = (
    md5: string,
    { name = "a.png", optimize = false, signal = new AbortController().signal } = {},
  ) => verdicts.accept(aSource(md5), name, optimize, callContext({ signal }));
  return { verdicts, accept, checked, changeRecipe: () => (recipe = "recipe 2") };
}

describe("the verdict on a file", () => {
  it("tells what an upload would send, and keeps it for that upload", async () => {
    const { accept, checked } = setUp();
    const { upload, toHold } = await accept("m");
    expect(upload).toEqual({ fileName: "a.png", md5: "result of m", size: 2, notes: ["n"] });
    expect(toHold).toMatchObject({ sourceMd5: "m", bytes: 2 });
    expect(await toHold.prepare(callContext())).toMatchObject({ md5: "result of m" });
    expect(checked).toHaveLength(1);
  });

  it("is remembered by bytes and name, and then the upload checks the file", async () => {
    const { accept, checked } = setUp();
    await accept("m", { optimize: true });
    const { upload, toHold } = await accept("m", { optimize: true });
    expect(upload.md5).toBe("result of m");
    expect(checked).toHaveLength(1);
    expect(toHold).toMatchObject({ sourceMd5: "m", bytes: 6 });
    expect(await toHold.prepare(callContext())).toMatchObject({ md5: "result of m" });
    expect(checked).toEqual([
      { md5: "m", optimize: true },
      { md5: "m", optimize: true },
    ]);
  });

  it("is found anew for other bytes, another name, and another way or recipe to optimize", async () => {
    const { accept, checked, changeRecipe } = setUp();
    await accept("m");
    await accept("other");
    await accept("m", { name: "b.png" });
    await accept("m", { optimize: true });
    changeRecipe();
    await accept("m", { optimize: true });
    expect(checked).toHaveLength(5);
    await accept("m");
    expect(checked).toHaveLength(5);
  });

  it("is remembered where the file is refused", async () => {
    const { accept, checked } = setUp("TYPE_NOT_SUPPORTED");
    expect(await codeOf(accept("m"))).toBe("TYPE_NOT_SUPPORTED");
    expect(await codeOf(accept("m"))).toBe("TYPE_NOT_SUPPORTED");
    expect(checked).toHaveLength(1);
  });

  it.each(["TIMED_OUT", "NOT_INSTALLED"] as const)("is not remembered where it was %s", async (code) => {
    const { accept } = setUp(code);
    expect(await codeOf(accept("m"))).toBe(code);
    expect(await codeOf(accept("m"))).toBe("no error");
  });

  it("is none where the call was cancelled meanwhile", async () => {
    const { accept } = setUp("TYPE_NOT_SUPPORTED");
    expect(await codeOf(accept("m", { signal: AbortSignal.abort() }))).toBe("CANCELLED");
    expect(await codeOf(accept("m"))).toBe("no error");
  });

  it("is left to the upload for a file that nobody has to check before", async () => {
    const { verdicts, checked } = setUp();
    const held = verdicts.unchecked(aSource("m"), true);
    expect(held).toMatchObject({ sourceMd5: "m", bytes: 6 });
    expect(checked).toHaveLength(0);
    await held.prepare(callContext());
    expect(checked).toEqual([{ md5: "m", optimize: true }]);
  });
});
