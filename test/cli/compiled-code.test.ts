import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { keepCompiledCode } from "../../src/cli/start/compiled-code.js";
import { makeTree } from "../builders/file-tree.js";

const tree = makeTree({ "cache/ledger.json": "{}" });

afterAll(() => tree.remove());

function keptFor(cache: string | undefined): string[] {
  const directories: string[] = [];
  keepCompiledCode({ enableCompileCache: (directory) => directories.push(directory) }, cache);
  return directories;
}

describe("compiled code", () => {
  it("is kept below the user's cache directory, where nobody else can put any", () => {
    const cache = join(tree.root, "cache");
    expect(keptFor(cache)).toEqual([join(cache, "compiled")]);
  });

  it("is not kept where that directory is missing, which Node would have to make", () => {
    expect(keptFor(join(tree.root, "missing"))).toEqual([]);
    expect(keptFor(undefined)).toEqual([]);
  });
});
