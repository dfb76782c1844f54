import { randomBytes } from "node:crypto";
import type { EmulatorSwitches } from "../behaviour/switches.js";
import { type AssetStore, createAssetStore } from "./asset-store.js";
import { type ContentStore, createContentStore } from "./content-store.js";
import { newObjectId } from "./object-id.js";
import type { EmulatedLocale, EmulatedSite, EmulatedToken, NewEmulatedLocale } from "./records.js";

/** Everything that the emulated Webflow and its bucket hold. */
export interface Database extends AssetStore {
  readonly sites: Map<string, EmulatedSite>;
  readonly tokens: Map<string, EmulatedToken>;
  /** Pages, components, CMS and published files. */
  readonly content: ContentStore;
  /** The emulator's clock, in milliseconds since the epoch. */
  now(): number;
  addSite(displayName: string): EmulatedSite;
  addToken(token?: Partial<EmulatedToken>): EmulatedToken;
  /** Adds a secondary locale, by default an enabled one. */
  addLocale(siteId: string, locale: NewEmulatedLocale): EmulatedLocale;
  /** Adds a host to publish to, such as `www.example.com`. */
  addDomain(siteId: string, url: string): void;
}

const ALL_SCOPES = [
  "assets:read",
  "assets:write",
  "sites:read",
  "authorized_user:read",
  "pages:read",
  "components:read",
  "cms:read",
  "custom_code:read",
  "ecommerce:read",
  "site_config:read",
];

/** A database without any site. */
export function createDatabase(switches: EmulatorSwitches): Database {
  const now = (): number => Date.now() + switches.clockOffsetMs;
  const sites = new Map<string, EmulatedSite>();
  const tokens = new Map<string, EmulatedToken>();
  const assets = createAssetStore(now);
  const content = createContentStore({ ...assets, switches, sites, now });

  return {
    ...assets,
    sites,
    tokens,
    content,
    now,

    addSite(displayName) {
      const site = newSite(displayName, now());
      sites.set(site.id, site);
      return site;
    },

    addToken(token = {}) {
      const added: EmulatedToken = {
        id: newObjectId(now()),
        value: `emulated-${randomBytes(24).toString("hex")}`,
        createdOn: new Date(now()).toISOString(),
        scopes: ALL_SCOPES,
        siteIds: [...sites.keys()],
        kind: "oauth",
        ...token,
      };
      tokens.set(added.value, added);
      return added;
    },

    addLocale(siteId, given) {
      const subdirectory = given.tag.toLowerCase().split("-")[0] ?? "";
      const locale = newLocale({ subdirectory, displayName: given.tag, ...given }, now());
      sites.get(siteId)?.locales.secondary.push(locale);
      return locale;
    },

    addDomain(siteId, url) {
      const site = sites.get(siteId);
      if (!site) return;
      const domain = { id: newObjectId(now()), url, lastPublished: site.lastPublished };
      site.customDomains = [...site.customDomains, domain];
    },
  };
}

/** The database's time as the API writes it: ISO 8601 with milliseconds, `Z`. */
export function timestamp(database: Pick<Database, "now">): string {
  return new Date(database.now()).toISOString();
}

function newSite(displayName: string, nowMs: number): EmulatedSite {
  return {
    id: newObjectId(nowMs),
    displayName,
    shortName: displayName.toLowerCase().replace(/[^a-z0-9]+/g, "-"),
    createdOn: new Date(nowMs).toISOString(),
    cmsBucketId: newObjectId(nowMs),
    locales: {
      primary: newLocale({ tag: "en", displayName: "English", subdirectory: "", redirect: true }, nowMs),
      secondary: [],
    },
    customDomains: [],
    lastPublished: null,
  };
}

function newLocale(
  given: NewEmulatedLocale & Pick<EmulatedLocale, "displayName" | "subdirectory">,
  nowMs: number,
): EmulatedLocale {
  return {
    id: newObjectId(nowMs),
    cmsLocaleId: newObjectId(nowMs),
    enabled: true,
    displayImageId: null,
    redirect: false,
    ...given,
  };
}
