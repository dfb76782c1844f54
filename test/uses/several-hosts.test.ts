import { describe, expect, it } from "vitest";
import { describeUse } from "../../src/uses/report.js";
import type { SiteReading } from "../../src/uses/site-reading.js";
import type { SiteDetails } from "../../src/webflow/data-api/content-responses.js";
import {
  type Answer,
  clientOf,
  emptySite,
  fetcherOf,
  HOST,
  listedAsset,
  readSite,
  type SiteInMemory,
  urlOf,
} from "../builders/site-in-memory.js";

const ASSET = "6595a1b2c3d4e5f607184352";
const PUBLISHED = Date.parse("2026-03-03T08:15:42Z");
const STAGING = "pottery-lane.webflow.io";
const APEX = "pottery-lane.example";
const SHOWN = `<img src="${urlOf(ASSET)}">`;

/** Reads a site of which each host answers its own; paths without an answer are not found. */
async function readHosts(
  hosts: Readonly<Record<string, Readonly<Record<string, Answer>>>>,
  changes: Partial<SiteDetails> = {},
  refusals: SiteInMemory["refusals"] = new Map(),
): Promise<{ reading: SiteReading; asked: string[]; uses: unknown[]; told: string[] }> {
  const site = emptySite([listedAsset(ASSET)]);
  const details = { ...site.details, ...changes };
  const asked: string[] = [];
  const hostOf = (url: URL): SiteInMemory => ({
    ...site,
    published: new Map(Object.entries(hosts[url.host] ?? {})),
  });
  const reading = await readSite(site, {
    webflow: clientOf({ ...site, details, refusals }),
    fetcher: {
      async fetch(first, call, options) {
        let url = first;
        for (;;) {
          const answer = await fetcherOf(hostOf(url), asked).fetch(url, call, { mayFollow: () => false });
          if (!answer.leadsTo || !options.mayFollow(answer.leadsTo)) return answer;
          url = answer.leadsTo;
        }
      },
      close: async () => {},
    },
  });
  return {
    reading,
    asked,
    uses: reading.usesOf(ASSET).uses.map((use) => describeUse(use, reading.mainHost)),
    told: reading.gaps.map(({ what, why }) => `${what}: ${why}`),
  };
}

function domainsAt(...urls: string[]): Pick<SiteDetails, "customDomains"> {
  return {
    customDomains: urls.map((url) => ({ url, lastPublished: PUBLISHED })),
  };
}

describe("the reading of a site with a staging host", () => {
  const production = { "/": { text: SHOWN } };

  it("says that the site was never published there if nothing is there", async () => {
    const { told } = await readHosts(
      { [HOST]: production, [STAGING]: { "/": { status: 404 } } },
      { shortName: "pottery-lane" },
    );
    expect(told).toEqual([`the site at ${STAGING}: it was never published there: there is nothing to read`]);
  });

  it.each([
    ["it is behind a password", { status: 401 }, `1 page (${STAGING}/): it is behind a password`],
    [
      "it refuses to answer",
      { status: 403 },
      `the site at ${STAGING}: it answered 403, as services that keep robots out do`,
    ],
    ["it fails", { status: 500 }, `1 page (${STAGING}/): it was answered with 500`],
    ["there is no connection", { breaks: true }, `the site at ${STAGING}: it broke off`],
  ] satisfies [string, Answer, string][])("does not say so if %s", async (_what, answer, expected) => {
    const { told, reading } = await readHosts(
      { [HOST]: production, [STAGING]: { "/": answer } },
      { shortName: "pottery-lane" },
    );
    expect(told).toContain(expected);
    expect(told.join()).not.toContain("never published");
    expect(reading.usesOf(ASSET).uses).toHaveLength(1);
  });

  it("says where an asset is used that only staging shows, and nothing of the host if both show it", async () => {
    const staged = { "/": { text: `<a href="/new">new</a>${SHOWN}` }, "/new": { text: SHOWN } };
    const { uses } = await readHosts(
      { [HOST]: production, [STAGING]: staged },
      { shortName: "pottery-lane" },
    );
    expect(uses).toEqual([
      { in: "/", place: "image" },
      { in: "/new", place: "image", detail: `at ${STAGING}` },
    ]);
  });
});

describe("the reading of a site whose domain redirects", () => {
  const pages = { "/": { text: `<a href="/about">about</a>` }, "/about": { text: SHOWN } };

  it.each([
    [HOST, APEX],
    [APEX, HOST],
  ])("goes on from %s to %s if Webflow names only the first", async (named, other) => {
    const hosts = { [named]: { "/": { location: `https://${other}/` } }, [other]: pages };
    const { uses, told } = await readHosts(hosts, domainsAt(named));
    expect(uses).toEqual([{ in: "/about", place: "image" }]);
    expect(told).toEqual([]);
  });

  it("reads each page once if Webflow names both", async () => {
    const away = Object.fromEntries(
      ["/", "/about"].map((path) => [path, { location: `https://${APEX}${path}` }]),
    );
    const { asked, uses } = await readHosts({ [HOST]: away, [APEX]: pages }, domainsAt(HOST, APEX));
    expect(uses).toEqual([{ in: "/about", place: "image" }]);
    expect(asked.filter((url) => url.endsWith("/about"))).toEqual([`https://${APEX}/about`]);
  });

  it("follows to no other site", async () => {
    const { told, asked } = await readHosts({ [HOST]: { "/": { location: "https://shop.example/" } } });
    expect(told).toContain(
      `the site at ${HOST}: it leads to shop.example, which is not one of the site's hosts`,
    );
    expect(asked).toEqual([`https://${HOST}/`]);
  });
});

describe("a sitemap of which a part cannot be read", () => {
  const index = `<sitemapindex><sitemap><loc>https://${HOST}/a.xml</loc></sitemap><sitemap><loc>https://${HOST}/b.xml</loc></sitemap></sitemapindex>`;
  const part = { text: `<urlset><url><loc>https://${HOST}/</loc></url></urlset>` };

  it.each([
    [{ status: 403 }, "it was answered with 403"],
    [{ breaks: true }, "it cannot be fetched"],
  ] satisfies [
    Answer,
    string,
  ][])("after %o is reported, and says nothing of pages that Webflow does not list either", async (broken, why) => {
    const answers = { "/": { text: "" }, "/sitemap.xml": { text: index }, "/a.xml": part, "/b.xml": broken };
    const { reading, told } = await readHosts({ [HOST]: answers }, {}, new Map([["pages", "missing-scope"]]));
    expect(told).toContain(`1 sitemap (/b.xml): ${why}`);
    expect(told).toContain("pages that nothing links to: there is no complete sitemap");
    expect(reading.isEnough).toBe(false);
  });
});
