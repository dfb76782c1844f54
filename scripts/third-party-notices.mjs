import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const INTRODUCTION = "webflow-assets-mcp contains parts of the packages below, each under its own licence.";

/** Writes the licences of the packages that the bundle holds. */
export function writeThirdPartyNotices(packages, outputFile) {
  const rule = "-".repeat(80);
  writeFileSync(outputFile, `${[INTRODUCTION, ...packages.map(notice)].join(`\n\n${rule}\n\n`)}\n`);
}

function notice({ directory, packageJson: { name, version, license, homepage, repository } }) {
  const files = readdirSync(directory).filter((file) => /^(licen[cs]e|notice)/i.test(file));
  if (!license && files.length === 0) throw new Error(`${name} does not say under which licence it is`);
  const texts = files.map((file) => readFileSync(join(directory, file), "utf8").trim());
  const source = sourceAddress(homepage ?? repository?.url ?? repository);
  return [`${name} ${version} (${license ?? "see below"})\nSource: ${source}`, ...texts].join("\n\n");
}

/** npm takes `owner/name` and `github:owner/name` for a repository on GitHub. */
function sourceAddress(text) {
  return text.replace(/^(?:github:)?([\w-]+\/[\w.-]+)$/, "https://github.com/$1");
}
