import { createTwoFilesPatch } from "diff";

/** The value of a setting whose name says that it is secret, in JSON and in TOML. */
const SECRET =
  /(["']?[\w-]*(?:token|key|secret|password|authorization)[\w-]*["']?\s*[:=]\s*)(["'])(?:(?!\2).)*\2/gi;

/** What would change in a file, as a patch with a line around it, secrets hidden: terminals are shared and recorded. */
export function showDifference(file: string, before: string, after: string): string {
  const patch = createTwoFilesPatch(file, file, before, after, "", "", { context: 1 });
  return patch
    .split("\n")
    .filter((line) => !/^(=+$|--- |\+\+\+ |\\ No newline)/.test(line))
    .join("\n")
    .replace(SECRET, "$1$2***$2")
    .trim();
}
