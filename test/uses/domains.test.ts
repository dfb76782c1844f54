import { describe, expect, it } from "vitest";
import type { SiteDetails } from "../../src/webflow/data-api/content-responses.js";
import {
  type Answer,
  clientOf,
  emptySite,
  fetcherOf,
  HOST,
  listedAsset,
  readSite,
} from "../builders/site-in-memory.js";

const ASSET = "6595a1b2c3d4e5f607184352";
const PUBLISHED = Date.parse("2026-03-03T08:15:42Z");

type Domain = SiteDetails["customDomains"][number];

/** Reads a site at these domains, of which those that are closed answer nothing. */
async function readAt(domains: readonly Domain[], closed: readonly string[] = []) {
  const site = emptySite([listedAsset(ASSET)]);
  const details = { ...site.details, customDomains: [...domains] };
  const asked: string[] = [];
  const open = fetcherOf(site, asked);
  const shut = fetcherOf({ ...site, published: new Map([["/", { breaks: true }]]) });
  const reading = await readSite(site, {
    webflow: clientOf({ ...site, details }),
    fetcher: {
      ...open,
      fetch: (url, call, options) => (closed.includes(url.host) ? shut : open).fetch(url, call, options),
    },
  });
  return { reading, asked };
}

describe("the reading of a site's domains", () => {
  it("reads a domain in another alphabet, whichever way Webflow writes it", async () => {
    const { reading, asked } = await readAt([{ url: "www.Töpferei.example", lastPublished: PUBLISHED }]);
    expect(asked).toContain("https://www.xn--tpferei-90a.example/");
    expect(reading.isEnough).toBe(true);
  });

  it("names a domain that is no name of a host", async () => {
    const { reading } = await readAt([
      { url: HOST, lastPublished: PUBLISHED },
      { url: "not a host", lastPublished: PUBLISHED },
    ]);
    expect(reading.gaps).toContainEqual({ what: "1 domain (not a host)", why: "its name cannot be read" });
  });

  it("is enough without a domain that does not answer, where one published at the same time does", async () => {
    const domains = [HOST, "pottery-lane.example"].map((url) => ({ url, lastPublished: PUBLISHED }));
    const { reading } = await readAt(domains, ["pottery-lane.example"]);
    expect(reading.gaps).toHaveLength(1);
    expect(reading.isEnough).toBe(true);
  });

  it("is not enough without a domain that was published at another time than those that answer", async () => {
    const domains = [
      { url: HOST, lastPublished: PUBLISHED },
      { url: "old.pottery-lane.example", lastPublished: PUBLISHED - 86_400_000 },
    ];
    const { reading } = await readAt(domains, ["old.pottery-lane.example"]);
    expect(reading.gaps).toHaveLength(1);
    expect(reading.isEnough).toBe(false);
  });

  it.each<Answer>([
    { breaks: true },
    { status: 500 },
  ])("asks a host once more that first answers %o", async (first) => {
    const site = emptySite([listedAsset(ASSET)]);
    const home = site.published.get("/") ?? {};
    let isFirst = true;
    const fetcher = fetcherOf(site);
    const reading = await readSite(site, {
      fetcher: {
        ...fetcher,
        fetch(url, call, options) {
          site.published.set("/", isFirst ? first : home);
          isFirst = false;
          return fetcher.fetch(url, call, options);
        },
      },
    });
    expect(reading.gaps).toEqual([]);
    expect(reading.isEnough).toBe(true);
  });
});
