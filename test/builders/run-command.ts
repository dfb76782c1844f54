import { execFile } from "node:child_process";
import { noteBuiltServerUse } from "./built-server-use.js";

/** How a command of the built server ended, and what it printed. */
export interface CommandOutcome {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs `dist/main.js` with these arguments to its end, with nothing of this process's environment but PATH. */
export function runCommand(
  args: readonly string[],
  env: Record<string, string>,
  workingDirectory = process.cwd(),
): Promise<CommandOutcome> {
  noteBuiltServerUse();
  const main = `${process.cwd()}/dist/main.js`;
  const { PATH = "" } = process.env;
  return new Promise((resolve) => {
    const child = execFile(
      process.execPath,
      [main, ...args],
      { env: { PATH, ...env }, cwd: workingDirectory },
      (_, stdout, stderr) => resolve({ exitCode: child.exitCode ?? -1, stdout, stderr }),
    );
    child.stdin?.end();
  });
}
