import { randomBytes } from "node:crypto";

/** A MongoDB ObjectId as Webflow uses it: 24 hex digits that begin with the seconds since the epoch. */
export function newObjectId(atMs: number): string {
  const seconds = Math.floor(atMs / 1000)
    .toString(16)
    .padStart(8, "0");
  return seconds + randomBytes(8).toString("hex");
}

export function isObjectId(text: unknown): text is string {
  return typeof text === "string" && /^[0-9a-f]{24}$/.test(text);
}
