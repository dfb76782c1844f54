/** A server as a client's configuration writes it. */
export interface ServerEntry {
  readonly command: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
}

/** What the clients fill variables with: the environment, answers to questions, the home directory. */
export interface Values {
  readonly environment: Readonly<Record<string, string>>;
  readonly inputs: Readonly<Record<string, string>>;
  readonly home: string;
}

/** An entry after the client replaced its variables: `${VAR}`, `${env:VAR}`, `$VAR`, `${input:id}`, `${userHome}`. */
export function expand({ command, args, env }: ServerEntry, values: Values): ServerEntry {
  const filled = (text: string): string => fill(text, values);
  return {
    command,
    args: args.map(filled),
    env: Object.fromEntries(Object.entries(env).map(([name, text]) => [name, filled(text)])),
  };
}

function fill(text: string, { environment, inputs, home }: Values): string {
  return text
    .replace(/\$\{userHome\}/g, home)
    .replace(/\$\{input:([\w-]+)\}/g, (_, id) => inputs[id] ?? "")
    .replace(/\$\{(?:env:)?([\w.]+)\}|\$(\w+)/g, (_, braced, bare) => environment[braced ?? bare] ?? "");
}
