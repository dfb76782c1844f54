import { parseUrl } from "./parse-url.js";

/** A host that the user has allowed by name: either `hostname`'s web ports (80 and 443), or a single port. */
export interface AllowedHost {
  readonly hostname: string;
  readonly port?: number;
}

/**
 * Reads `host[:port]` entries separated by commas; IPv6 addresses go in brackets, and wildcards are not allowed.
 * Throws an `Error` whose message names the entry that cannot be read.
 */
export function parseAllowedHosts(text: string): AllowedHost[] {
  return text
    .split(",")
    .map((entry) => entry.trim())
    .filter((entry) => entry !== "")
    .map(parseAllowedHost);
}

/** Whether one of `rules` allows the host and port of `url`. */
export function isHostAllowed(url: URL, rules: readonly AllowedHost[]): boolean {
  const port = portOf(url);
  return rules.some(
    (rule) =>
      rule.hostname === url.hostname &&
      (rule.port === undefined ? port === 80 || port === 443 : rule.port === port),
  );
}

function parseAllowedHost(entry: string): AllowedHost {
  const match = /^(\[[0-9a-f:.]+\]|[^\s:/@*?#[\]\\]+)(?::(\d{1,5}))?$/i.exec(entry);
  const url = match && parseUrl(`http://${match[1]}`);
  const port = match?.[2] === undefined ? undefined : Number(match[2]);
  if (!url || (port !== undefined && (port < 1 || port > 65_535))) {
    throw new Error(
      `"${entry.replace(/.*@/s, "…@")}" is not a host name with an optional port (example: dam.example.com:8080)`,
    );
  }
  return port === undefined ? { hostname: url.hostname } : { hostname: url.hostname, port };
}

function portOf(url: URL): number {
  if (url.port !== "") return Number(url.port);
  return url.protocol === "https:" ? 443 : 80;
}
