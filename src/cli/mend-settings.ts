import { delimiter } from "node:path";
import { LOG_LEVELS } from "../core/logger.js";
import { WEBFLOW_ID } from "../webflow/ids.js";

/** The settings as they are meant, and a sentence on each value that is ignored. */
export interface MendedSettings {
  readonly settings: Readonly<Record<string, string>>;
  readonly notes: readonly string[];
}

const CALL_SECONDS = { least: 10, most: 600 } as const;

/** Unquotes values; drops unfilled ones, and odd ones that the server can do without. */
export function mendSettings(environment: NodeJS.ProcessEnv): MendedSettings {
  const settings: Record<string, string> = {};
  for (const [name, value = ""] of Object.entries(environment)) {
    const bare = unquoted(value);
    if (bare !== "" && !isUnfilled(bare)) settings[name] = bare;
  }
  const notes = [mendSite(settings), mendLogLevel(settings), mendCallSeconds(settings)];
  return { settings, notes: notes.filter((note) => note !== undefined) };
}

/** The name is a common one: if the server's own variable is set as well, this one is ignored. */
function mendSite(settings: Record<string, string>): string | undefined {
  const { SITE_ID: value, WEBFLOW_SITE_ID: own } = settings;
  if (value === undefined || (own === undefined && WEBFLOW_ID.test(value))) return undefined;
  delete settings["SITE_ID"];
  if (own !== undefined) return undefined;
  return `SITE_ID is "${value}", which is no id of a Webflow site, and is not used; WEBFLOW_SITE_ID names the site`;
}

function mendLogLevel(settings: Record<string, string>): string | undefined {
  const { WEBFLOW_LOG_LEVEL: value } = settings;
  if (value === undefined) return undefined;
  const level = LOG_LEVELS.find((known) => known === value.toLowerCase());
  settings["WEBFLOW_LOG_LEVEL"] = level ?? "info";
  if (level !== undefined) return undefined;
  return `WEBFLOW_LOG_LEVEL is "${value}", which is none of ${LOG_LEVELS.join(", ")}; info is used`;
}

function mendCallSeconds(settings: Record<string, string>): string | undefined {
  const { WEBFLOW_CALL_SECONDS: value } = settings;
  const { least, most } = CALL_SECONDS;
  if (value === undefined || (Number(value) >= least && Number(value) <= most)) return undefined;
  delete settings["WEBFLOW_CALL_SECONDS"];
  return `WEBFLOW_CALL_SECONDS is "${value}", which is no number from ${least} to ${most}; 45 is used`;
}

/** The directories of the command line, then those of `WEBFLOW_ASSET_DIRS`, without those that nobody filled in. */
export function readDirectories(
  named: readonly string[],
  listed: string | undefined,
): { directories: string[]; unfilled: string[] } {
  const all = [...named, ...unquoted(listed ?? "").split(delimiter)]
    .map(unquoted)
    .filter((directory) => directory !== "");
  return { directories: all.filter((directory) => !isUnfilled(directory)), unfilled: all.filter(isUnfilled) };
}

/** The text without white space and a pair of quotes around it, which a configuration file has no shell to remove. */
export function unquoted(text: string): string {
  return text
    .trim()
    .replace(/^(["'])(.*)\1$/s, "$2")
    .trim();
}

/** Clients that have no value for a variable of their configuration leave it as it is: `${user_config.site}`. */
function isUnfilled(value: string): boolean {
  return /^\$\{[^}]*\}$/.test(value);
}
