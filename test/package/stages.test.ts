import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { describe, expect, it } from "vitest";

/** The built files that loading `file` loads: it, and what it imports. */
function loadedWith(file: string, loaded = new Set<string>()): Set<string> {
  loaded.add(file);
  const text = readFileSync(resolve("dist", file), "utf8");
  for (const [, path = ""] of text.matchAll(/\b(?:from|import) ?"\.\/([\w-]+\.js)"/g)) {
    if (!loaded.has(path)) loadedWith(path, loaded);
  }
  return loaded;
}

function laterPart(of: string, name: string): string {
  const [, path] = new RegExp(`import\\("\\./(${name}-\\w+\\.js)"\\)`).exec(textWith(of)) ?? [];
  if (path === undefined) throw new Error(`${of} loads no ${name}`);
  return path;
}

function textWith(file: string): string {
  return [...loadedWith(file)].map((path) => readFileSync(resolve("dist", path), "utf8")).join("\n");
}

describe("the built program", () => {
  it("is read from few files before it answers initialize", () => {
    const program = laterPart("start.js", "program");
    expect(loadedWith(program).size).toBeLessThanOrEqual(4);
  });

  it("needs few more for its first list", () => {
    const program = laterPart("start.js", "program");
    const service = laterPart(program, "create-asset-service");
    const more = [...loadedWith(service)].filter((path) => !loadedWith(program).has(path));
    expect(more.length).toBeLessThanOrEqual(3);
  });
});
