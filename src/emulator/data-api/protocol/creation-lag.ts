import type { Database } from "../../database/database.js";

/** Whether a record was made less than so many milliseconds ago, by the emulator's clock. */
export function isYounger(
  { createdOn }: { readonly createdOn: string },
  lagMs: number,
  database: Pick<Database, "now">,
): boolean {
  return lagMs > 0 && database.now() - Date.parse(createdOn) < lagMs;
}
