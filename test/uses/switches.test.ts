import { describe, expect, it } from "vitest";
import type { FindUsesResult, Verdict } from "../../src/contract/find-uses.js";
import type { EmulatorSwitches } from "../../src/emulator/behaviour/switches.js";
import { callContext } from "../builders/call.js";
import { startSite } from "../builders/site.js";
import { patient } from "../slowness.js";

/** What nobody outside Webflow knows, beside the emulator's defaults. Under all of these everything can be read. */
const SETTINGS: { readonly [Name in keyof EmulatorSwitches]?: readonly EmulatorSwitches[Name][] } = {
  domImageAlt: ["reserved", "resolved"],
  domDecorativeAlt: ["reserved", "null"],
  domSlots: ["flattened", "instances-only"],
  domHasRichTextImages: [false],
  domOfTemplates: [404, 403],
  domOfDrafts: ["empty", 404],
  domPlainInstances: ["present"],
  listsUtilityPages: [false],
  pageListMoves: ["duplicate", "skip"],
  collectionPaging: ["paged"],
  missingScope: ["forbidden", "not_authorized"],
  siteTokenAtCustomCode: [200, 404],
  cmsFileAsAsset: [200],
  cmsBucket: ["site"],
  cmsFileNames: ["jpg-to-jpeg"],
  cmsLocaleWhenOmitted: ["all"],
  missingItemVariant: ["primary"],
  unknownCmsLocale: ["empty"],
  singleLocale: ["null-primary", "missing"],
  deletesUsedAssets: [400, 409],
  deletedFiles: [404],
  cdnServesApiUploads: [false],
  compressesImages: [true],
  sitemap: ["absent", "index", "custom", "empty"],
  sitemapLocales: ["entries", "absent"],
  sitemapHost: ["second-domain", "staging"],
  sitemapHasWhitespace: [false],
  sitemapExtras: ["utility-pages", "list-pages"],
  passwordPages: [200, 302],
  unknownPaths: ["404-plain", "200-page"],
  neverPublished: ["old-page"],
  publishedDomains: ["two", "two-first-older", "two-second-older"],
  styleSheetVersions: ["classic", "per-page", "two-versions"],
  styleSheetHost: ["site"],
  servedImages: ["avif", "other-file"],
  encodedSlash: ["%2F", "%2f"],
  siteProxy: ["rewrites-assets"],
  siteCompression: ["gzip", "br"],
  listPages: ["none"],
  lottieImages: ["own-files", "assets"],
  showsForeignAssets: [true],
};
const MIXTURES = 8;

/** Settings of all switches at once: each setting is in one of the mixtures at least. */
function mixture(number: number): Partial<EmulatorSwitches> {
  const chosen = Object.entries(SETTINGS).map(([name, settings], index) => {
    const all = [undefined, ...settings];
    return [name, all[(number + index) % all.length]] as const;
  });
  return Object.fromEntries(chosen.filter(([, setting]) => setting !== undefined));
}

/** Under these a part of the site cannot be read. */
const HIDING: readonly Partial<EmulatorSwitches>[] = [
  { siteProxy: "redirects" },
  { siteProxy: "bot-wall" },
  { styleSheetHost: "refused" },
  { pageBodies: "large" },
  { pageBodies: "endless" },
  { pageBodies: "drip" },
];

interface Reading {
  readonly result: FindUsesResult;
  /** How often each verdict was given, of the assets that something uses, refers to, or does not. */
  readonly used: Partial<Record<Verdict, number>>;
  readonly weaklyUsed: Partial<Record<Verdict, number>>;
  readonly unused: Partial<Record<Verdict, number>>;
}

async function readGeneratedSite(switches: Partial<EmulatorSwitches>, pages = 6): Promise<Reading> {
  const site = await startSite({ switches, service: { timeouts: { idleMs: patient(1_000) } } });
  try {
    const { used, weaklyUsed, unused } = site.emulator.seedSite({
      folders: 0,
      assets: 90,
      pages,
      styleSheets: 2,
      components: 2,
      items: 12,
    });
    const result = await readToEnd(site.service);
    const count = (ids: readonly string[]): Partial<Record<Verdict, number>> => {
      const verdicts: Partial<Record<Verdict, number>> = {};
      for (const { id, verdict } of result.assets) {
        if (ids.includes(id)) verdicts[verdict] = (verdicts[verdict] ?? 0) + 1;
      }
      return verdicts;
    };
    return { result, used: count(used), weaklyUsed: count(weaklyUsed), unused: count(unused) };
  } finally {
    await site.close();
  }
}

/** Goes on with the call until the reading is complete, and then from page to page. */
async function readToEnd(service: Awaited<ReturnType<typeof startSite>>["service"]): Promise<FindUsesResult> {
  let result = await service.findUses({ limit: 200 }, callContext());
  while (result.status === "reading") result = await service.findUses({ limit: 200 }, callContext());
  const assets = [...result.assets];
  for (let cursor = result.nextCursor; cursor !== undefined; ) {
    const page = await service.findUses({ limit: 200, cursor }, callContext());
    assets.push(...page.assets);
    cursor = page.nextCursor;
  }
  return { ...result, assets };
}

describe("findUses on a site whose every part can be read", () => {
  it.each(
    Array.from({ length: MIXTURES }, (_, number) => mixture(number)),
  )("gives every asset its verdict under %o", async (switches) => {
    const { result, used, weaklyUsed, unused } = await readGeneratedSite(switches);
    expect(Object.keys(used)).toEqual(["used"]);
    expect(Object.keys(weaklyUsed)).toEqual(["weak"]);
    expect(Object.keys(unused)).toEqual(["noReferenceFound"]);
    expect(result.total).toBe(result.assets.length);
  });

  it("has every setting in one of the mixtures", () => {
    const mixtures = Array.from({ length: MIXTURES }, (_, number) => mixture(number));
    const missing = Object.entries(SETTINGS).flatMap(([name, settings]) =>
      settings.filter((setting) => !mixtures.some((one) => one[name as keyof EmulatorSwitches] === setting)),
    );
    expect(missing).toEqual([]);
  });
});

// Most of these wait for bytes that do not come.
describe.concurrent("findUses on a site of which something cannot be read", () => {
  it.for(
    HIDING,
  )("says of no asset that no reference was found, and what was not read, under %o", async (switches, {
    expect,
  }) => {
    const { result, used, weaklyUsed, unused } = await readGeneratedSite(switches, 2);
    expect({ ...used, ...weaklyUsed, ...unused }).not.toHaveProperty("noReferenceFound");
    expect(unused).toHaveProperty("notChecked");
    // The last is what no reading can ever see.
    expect(result.notRead.length).toBeGreaterThan(1);
  });
});

describe("findUses on a site with copies in its CMS", () => {
  it("cannot trace copies that do not name what they were copied from", async () => {
    const { used, weaklyUsed } = await readGeneratedSite({ cmsCopiesNameTheirAsset: false });
    expect(Object.keys(used)).toEqual(["used"]);
    expect(weaklyUsed).toHaveProperty("noReferenceFound");
  });
});
