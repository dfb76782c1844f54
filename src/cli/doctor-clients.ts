import type { Machine } from "./clients/clients.js";
import { type FoundEntry, findEntries, serverArguments } from "./clients/read-entry.js";
import { type Config, readConfig } from "./config.js";

/** An entry that a client has, and the settings that the server would start with by it. */
export interface ClientSettings {
  readonly found: FoundEntry;
  /** Undefined when the server would refuse to start; then `problem` says why. */
  readonly config?: Config;
  readonly problem?: string;
  /** The client asks its user for the token, or fills it in from an environment that is not this one. */
  readonly hasHiddenToken: boolean;
}

/** The settings of every entry that the known clients have on this machine. */
export async function findClientSettings(machine: Machine): Promise<ClientSettings[]> {
  return (await findEntries(machine)).map((found) => readSettings(found, machine));
}

function readSettings(found: FoundEntry, machine: Machine): ClientSettings {
  const variables = Object.entries(found.entry.env).map(
    ([name, value]) => [name, fill(value, machine.environment)] as const,
  );
  const environment = Object.fromEntries(variables);
  const hasHiddenToken = /^\$|^\{env:/.test(
    environment["WEBFLOW_TOKEN"] ?? environment["WEBFLOW_API_TOKEN"] ?? "",
  );
  if (hasHiddenToken) for (const name of ["WEBFLOW_TOKEN", "WEBFLOW_API_TOKEN"]) delete environment[name];
  try {
    return { found, hasHiddenToken, config: readConfig(serverArguments(found.entry), environment) };
  } catch (error) {
    return { found, hasHiddenToken, problem: error instanceof Error ? error.message : String(error) };
  }
}

/** Clients write variables as `${NAME}`, `${env:NAME}`, `$NAME` or `{env:NAME}`; unset ones stay literal. */
function fill(text: string, environment: NodeJS.ProcessEnv): string {
  const [, name] =
    /^(?:\$\{(?:env:)?(\w+)\}|\$(\w+)|\{env:(\w+)\})$/.exec(text)?.filter((part) => part !== undefined) ?? [];
  return (name === undefined ? undefined : environment[name]) || text;
}
