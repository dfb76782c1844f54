import { VERSION } from "../../core/version.js";

/** How a client starts the server: one program and its arguments. */
export interface ServerStart {
  readonly command: string;
  readonly args: readonly string[];
}

/**
 * The command that starts this very server on this machine. From a clone: this Node and this file, by absolute paths,
 * since clients have another PATH and working directory. From the registry: npx with the version that runs now
 * (through cmd on Windows, where npx is a script).
 */
export function serverStart(
  mainFile: string,
  node: string = process.execPath,
  platform: NodeJS.Platform = process.platform,
): ServerStart {
  const isInstalled = mainFile.split(/[\\/]/).includes("node_modules");
  if (!isInstalled) return { command: node, args: [mainFile] };
  const npx = ["npx", "-y", `webflow-assets-mcp@${VERSION}`];
  const [command = "npx", ...args] = platform === "win32" ? ["cmd", "/c", ...npx] : npx;
  return { command, args };
}

/** What a person types in a terminal to run this server with other words behind it. */
export function typed({ command, args }: ServerStart, ...words: string[]): string {
  return [command, ...args, ...words].map((word) => (word.includes(" ") ? `"${word}"` : word)).join(" ");
}
