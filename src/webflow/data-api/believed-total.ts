/** Webflow: every list of the Data API has at most 100 rows a page. */
const LARGEST_PAGE = 100;

/**
 * The total that a list's answer claims, if it can be one. Undefined once more rows have come than it claims, and for
 * a first page that is full and claims to be all: that may be the count of the page, as in the examples of Webflow's
 * documentation (`"limit": 2, "total": 2`). `rows` are those read so far, with the page that came last.
 */
export function believedTotal(claimed: number | undefined, rows: number): number | undefined {
  if (claimed === undefined || claimed < rows) return undefined;
  return claimed === rows && rows === LARGEST_PAGE ? undefined : claimed;
}
