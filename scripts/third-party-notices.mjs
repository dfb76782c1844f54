import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const INTRODUCTION = "webflow-assets-mcp contains parts of the packages below, each under its own licence.";

/** Writes the licences of the packages that a bundle holds, by esbuild's list of its inputs. */
export function writeThirdPartyNotices(inputs, outputFile) {
  const directories = [...new Set(inputs.flatMap((input) => packageDirectory(input) ?? []))].sort();
  const rule = "-".repeat(80);
  writeFileSync(outputFile, `${[INTRODUCTION, ...directories.map(notice)].join(`\n\n${rule}\n\n`)}\n`);
}

/** `node_modules/name` of the package that a file belongs to; undefined for a file of this project. */
function packageDirectory(input) {
  return /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(input)?.[0];
}

function notice(directory) {
  const { name, version, license, homepage, repository } = JSON.parse(
    readFileSync(join(directory, "package.json"), "utf8"),
  );
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
