import { TOKEN_PLACEHOLDER } from "./clients/clients.js";

/** The token of the environment, or what keeps it from being used. */
export interface ConfiguredToken {
  readonly token?: string;
  /** A sentence that names the variable and, unless it is secret, its value; absent if none is set. */
  readonly problem?: string;
}

const VARIABLES = ["WEBFLOW_TOKEN", "WEBFLOW_API_TOKEN"] as const;

/**
 * Reads the token as people paste it, without white space, quotes and the word Bearer around it. A value that cannot be
 * a token is reported when one is needed, so that the server starts all the same.
 */
export function readToken(environment: NodeJS.ProcessEnv): ConfiguredToken {
  const tokens = VARIABLES.flatMap((variable) => {
    const value = mended(environment[variable] ?? "");
    return value === "" ? [] : [{ variable, value, problem: problemOf(variable, value) }];
  });
  const usable = tokens.find(({ problem }) => problem === undefined);
  if (usable) return { token: usable.value };
  const [first] = tokens;
  return first?.problem === undefined ? {} : { problem: first.problem };
}

function mended(pasted: string): string {
  const text = pasted.trim();
  const bare = text
    .replace(/^(["'`“”‘’])(.*)(["'`“”‘’])$/s, "$2")
    .replace(/^(?:authorization:\s*)?bearer(?:\s+|$)/i, "");
  return bare === text ? text : mended(bare);
}

function problemOf(variable: string, value: string): string | undefined {
  if (/^(?:\$\{[^}]*\}|\$\w+|%\w+%|\{env:\w+\}|\{\{[^}]*\}\}|<[^>]*>)$/.test(value)) {
    return `${variable} is "${value}", a variable or placeholder that was not filled in`;
  }
  if (value === TOKEN_PLACEHOLDER) return `${variable} is still "${value}"`;
  if (/^(?:undefined|null|none|your[-_ ].*|.*[-_]token[-_]here|xxx+)$/i.test(value)) {
    return `${variable} is "${value}", which is not a token`;
  }
  if (/\s/.test(value))
    return `${variable} contains white space, which no token does: it may be cut in two, or be two tokens`;
  if (!/^[\x21-\x7e]+$/.test(value)) return `${variable} contains a character that no token has`;
  return undefined;
}
