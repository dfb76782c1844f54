import { readFileSync } from "node:fs";

/*
 * `node scripts/release-notes.mjs vX.Y.Z`: prints what CHANGELOG.md says of a version. Ends with 1 when the tag, package.json,
 * server.json and the changelog do not name the same version.
 */

const version = process.argv[2]?.replace(/^v/, "");
for (const file of ["package.json", "server.json"]) {
  const named = JSON.parse(readFileSync(file, "utf8")).version;
  if (named !== version) fail(`${file} is of version ${named}, and the tag of ${version}`);
}
const section = readFileSync("CHANGELOG.md", "utf8")
  .split(/^## /m)
  .find((text) => text.startsWith(`[${version}]`));
if (section === undefined) fail(`CHANGELOG.md has no section [${version}]`);
console.log(
  section
    .slice(section.indexOf("\n"))
    .replace(/^\[[^\]]+\]: .*$/gm, "")
    .trim(),
);

function fail(problem) {
  console.error(problem);
  process.exit(1);
}
