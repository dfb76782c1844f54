import { WEBFLOW_ID } from "../webflow/ids.js";

/*
 * What the text of a setting means. Each throws an `Error` whose message goes on after the name of the setting. Done by
 * hand, since building schemas for these few took a twentieth of the start.
 */

export function readWebflowId(text: string): string {
  const id = text.trim();
  if (WEBFLOW_ID.test(id)) return id;
  throw new Error("is not a Webflow id (24 hex digits)");
}

export function readFlag(text: string): boolean {
  const value = text.trim().toLowerCase();
  if (["1", "true", "yes", "on"].includes(value)) return true;
  if (["0", "false", "no", "off"].includes(value)) return false;
  throw new Error(`"${text}" is neither 1 nor 0`);
}

export function readPort(text: string): number {
  if (/^\d{1,5}$/.test(text) && Number(text) <= 65_535) return Number(text);
  throw new Error("is not a port (0 to 65535)");
}

/** An http(s) URL without the slashes at its end. */
export function readBaseUrl(text: string): string {
  const url = text.trim();
  if (!/^https?:\/\//i.test(url) || !URL.canParse(url)) throw new Error("is not an http(s) URL");
  const { username, password } = new URL(url);
  if (username !== "" || password !== "")
    throw new Error("contains a user name or a password, which the Data API does not take");
  return url.replace(/\/+$/, "");
}

/** One of `choices`, in any case. */
export function readChoice<Choice extends string>(choices: readonly Choice[], text: string): Choice {
  const chosen = choices.find((choice) => choice === text.toLowerCase());
  if (chosen !== undefined) return chosen;
  throw new Error(`is none of ${choices.join(", ")}`);
}
