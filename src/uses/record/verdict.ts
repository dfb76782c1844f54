import type { Verdict } from "../../contract/find-uses.js";
import type { Use } from "./usage-record.js";

/**
 * What can be said about an asset: that it is used, that only a style sheet refers to it, that only a comment or a copy
 * does, or that no reference was found, if `wasRead`: if enough was read. That it is unused can never be said:
 * newsletters, other sites and scripts may refer to it, and no API shows that.
 */
export function verdictOf(uses: readonly Pick<Use, "strength">[], wasRead: boolean): Verdict {
  if (uses.some(({ strength }) => strength === "strong")) return "used";
  if (uses.some(({ strength }) => strength === "style")) return "styleOnly";
  if (uses.length > 0) return "weak";
  return wasRead ? "noReferenceFound" : "notChecked";
}
