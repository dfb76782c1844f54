import type { EmulatorSwitches } from "../../behaviour/switches.js";
import { domainsOf } from "../../database/domains.js";
import type { EmulatedDomain, EmulatedSite } from "../../database/records.js";
import type { ApiContext, ApiRequest, Endpoints } from "../protocol/endpoint.js";
import { json, notFound, webflowError } from "../protocol/replies.js";

/** `/sites`, `/sites/{id}` and below, except assets and content. */
export function siteEndpoints({ database, switches }: ApiContext): Endpoints {
  function listSites({ token }: ApiRequest) {
    const sites = [...database.sites.values()].filter(({ id }) => token.siteIds.includes(id));
    return json(200, { sites: sites.map((site) => describe(site, switches)) });
  }

  /** For Enterprise plans only. */
  const refuseOtherPlans = () =>
    webflowError(403, "not_enterprise_plan_site", "This feature is only available for Enterprise sites");

  return {
    listSites,
    getSite: ({ id }) => {
      const site = database.sites.get(id);
      return site ? json(200, describe(site, switches)) : notFound("site");
    },
    listCustomDomains: ({ id }) => {
      const site = database.sites.get(id);
      return site ? json(200, { customDomains: describeDomains(site, switches) }) : notFound("site");
    },
    getPlan: refuseOtherPlans,
    getRobotsTxt: refuseOtherPlans,
    listRedirects: refuseOtherPlans,
  };
}

function describe(site: EmulatedSite, switches: EmulatorSwitches) {
  const { id, displayName, shortName, createdOn, lastPublished } = site;
  return {
    id,
    workspaceId: id,
    displayName,
    shortName,
    previewUrl: `https://screenshots.example.com/sites/${id}.png`,
    timeZone: "Europe/Berlin",
    createdOn,
    lastUpdated: createdOn,
    lastPublished,
    parentFolderId: null,
    customDomains: describeDomains(site, switches),
    ...describeLocales(site, switches),
    dataCollectionEnabled: false,
    dataCollectionType: "disabled",
  };
}

function describeDomains(site: EmulatedSite, switches: EmulatorSwitches): EmulatedDomain[] {
  return domainsOf(site, switches).map(({ id, url, lastPublished }) => ({ id, url, lastPublished }));
}

function describeLocales({ locales }: EmulatedSite, { singleLocale }: EmulatorSwitches) {
  if (locales.secondary.length > 0 || singleLocale === "primary") return { locales };
  return singleLocale === "missing" ? {} : { locales: { primary: null, secondary: [] } };
}
