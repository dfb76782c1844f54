import type { AssetWithUses } from "../contract/find-uses.js";
import { present } from "../core/present.js";
import type { AssetListing } from "../library/listing/listing.js";
import type { Gap } from "./record/gaps.js";
import type { Use } from "./record/usage-record.js";
import type { SiteReading } from "./site-reading.js";

/** What no reading can see: it is part of every answer that says that no reference was found. */
const NEVER_READ: Gap = {
  what: "what Webflow shows nobody",
  why:
    "styles, backgrounds and videos of unpublished pages; scripts of other sites and what scripts load; disabled locales' pages; newsletters, " +
    "other sites and apps that use a file's URL; copies in the CMS",
};
const MOST_GAPS = 12;

/**
 * A use in the form of answers: whatever weakens it goes into `detail`, and so do the hosts of a page that is like
 * that on others than the site's first one.
 */
export function describeUse(
  { in: where, place, strength, detail, hosts = [] }: Use,
  mainHost: string | undefined,
): AssetWithUses["uses"][number] {
  const weakness = { strong: undefined, style: undefined, comment: "in a comment", copy: "as a copy of it" }[
    strength
  ];
  const isThere = mainHost === undefined || hosts.length === 0 || hosts.includes(mainHost);
  const at = isThere ? undefined : `at ${hosts.join(", ")}`;
  const details = [detail, at, weakness].filter((one) => one !== undefined).join(", ");
  return { in: where, place, ...(details !== "" && { detail: details }) };
}

/** What a reading has not read, what is still to come, and what no reading can see. */
export function notReadOf(reading: SiteReading, mostGaps = MOST_GAPS): Gap[] {
  const { gaps } = reading;
  const left = gaps.length - mostGaps;
  return present(
    !reading.isComplete && stillReading(reading),
    ...gaps.slice(0, mostGaps),
    left > 0 && { what: `${left} more kinds of gaps`, why: "the list would be too long" },
    NEVER_READ,
  );
}

function stillReading({ callsLeft }: SiteReading): Gap {
  const calls =
    callsLeft > 0
      ? `, with at least ${callsLeft} more ${callsLeft === 1 ? "call" : "calls"} of Webflow's API`
      : "";
  return {
    what: "the rest of the site",
    why: `still being read${calls}; call again with the same arguments to go on`,
  };
}

/** Why the library may hold more assets than those reported. */
export function doubtOn({ doubt, isSuperseded }: AssetListing): Gap[] {
  return present(
    doubt !== undefined && { what: "some assets", why: doubt },
    isSuperseded && {
      what: "what was uploaded meanwhile",
      why: "the reading began before; call again without cursor",
    },
  );
}
