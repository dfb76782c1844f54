import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { promisify } from "node:util";
import { expect, it } from "vitest";
import { describeTool } from "../../src/server/describe-tool.js";
import { TOOLS } from "../../src/tools/catalog.js";

it("README's tool table and server.json are as the sources have it (npm run generate renews them)", async () => {
  await promisify(execFile)(process.execPath, ["scripts/generate.mjs", "--check"]);
});

it("server.json and package.json name each other", () => {
  const { name, packages } = JSON.parse(readFileSync("server.json", "utf8"));
  const packageJson = JSON.parse(readFileSync("package.json", "utf8"));
  expect(packageJson.mcpName).toBe(name);
  expect(packages[0]).toMatchObject({ identifier: packageJson.name, version: packageJson.version });
});

it("the tools are what clients were promised (vitest -u renews the snapshot)", async () => {
  const listed = JSON.stringify(TOOLS.map(describeTool), null, 2);
  await expect(`${listed}\n`).toMatchFileSnapshot("../__snapshots__/tools.json");
});
