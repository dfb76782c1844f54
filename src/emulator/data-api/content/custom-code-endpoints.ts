import type { EmulatedCodeBlock, EmulatedScript } from "../../database/content-records.js";
import type { Reply } from "../../http/exchange.js";
import { withUrls } from "../../urls/content-urls.js";
import type { ApiContext, ApiRequest, Endpoints } from "../protocol/endpoint.js";
import { isRefusal, pagination, readListPage } from "../protocol/paging.js";
import { forbidden, json, webflowError } from "../protocol/replies.js";

/** Scripts that apps registered and applied. Code that people write in the designer is not in the API. */
export function customCodeEndpoints({ database, switches, storedUrls }: ApiContext): Endpoints {
  const { content } = database;

  /** Documented for apps only. */
  function forApps(answer: (request: ApiRequest) => Reply): (request: ApiRequest) => Reply {
    return (request) => {
      if (request.token.kind === "oauth" || switches.siteTokenAtCustomCode === 200) return answer(request);
      return switches.siteTokenAtCustomCode === 404 ? noBlock() : forbidden();
    };
  }

  function describeScript(script: EmulatedScript) {
    const { id, version, displayName, hostedLocation, integrityHash, createdOn } = script;
    const location = withUrls(hostedLocation, storedUrls);
    return { id, version, displayName, hostedLocation: location, integrityHash, createdOn, canCopy: false };
  }

  function listScripts({ id }: ApiRequest): Reply {
    const registeredScripts = content.scripts.filter(({ siteId }) => siteId === id).map(describeScript);
    const page = { limit: 100, offset: 0 };
    return json(200, { registeredScripts, pagination: pagination(page, registeredScripts.length, switches) });
  }

  function listBlocks({ id, query }: ApiRequest): Reply {
    const page = readListPage(query, switches);
    if (isRefusal(page)) return page;
    const blocks = content.codeBlocks.filter(({ siteId }) => siteId === id).map(describeBlock);
    return json(200, {
      blocks: blocks.slice(page.offset, page.offset + page.limit),
      pagination: pagination(page, blocks.length, switches),
    });
  }

  function getApplied(isWanted: (block: EmulatedCodeBlock) => boolean): Reply {
    const block = content.codeBlocks.find(isWanted);
    if (!block) return noBlock();
    return json(200, { scripts: block.scripts, lastUpdated: block.createdOn, createdOn: block.createdOn });
  }

  return {
    listRegisteredScripts: forApps(listScripts),
    listCustomCodeBlocks: forApps(listBlocks),
    getSiteCustomCode: forApps(({ id }) =>
      getApplied(({ siteId, pageId }) => siteId === id && pageId === null),
    ),
    getPageCustomCode: forApps(({ id }) => getApplied(({ pageId }) => pageId === id)),
  };
}

function describeBlock({ siteId, pageId, scripts, createdOn }: EmulatedCodeBlock) {
  const type = pageId === null ? "site" : "page";
  return { siteId, pageId, type, scripts, createdOn, lastUpdated: createdOn };
}

/** Webflow's answer where no app has added a script. */
function noBlock(): Reply {
  return webflowError(404, "resource_not_found", "Requested resource not found: Custom code block not found");
}
