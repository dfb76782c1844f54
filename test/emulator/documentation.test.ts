import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";

function read(path: string): string {
  return readFileSync(fileURLToPath(new URL(path, import.meta.url)), "utf8");
}

it("the documented example is the test that is run", () => {
  const [, documented = ""] = /```ts\n([\s\S]*?)```/.exec(read("../../docs/emulator.md")) ?? [];
  const [, ...example] = read("example.test.ts").split("\n");

  expect(documented).toBe(
    example.join("\n").replace("../../src/emulator/emulator.js", "webflow-assets-mcp/emulator"),
  );
});
