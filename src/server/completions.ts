import type { Server } from "@modelcontextprotocol/sdk/server/index.js";
import { CompleteRequestSchema, type CompleteResult } from "@modelcontextprotocol/sdk/types.js";
import { countFitting } from "../core/answer-size.js";
import type { CallContext } from "../core/call-context.js";
import type { AssetService } from "../service/asset-service.js";
import { listAllFolders } from "./all-folders.js";
import { PROMPT_ARGUMENT } from "./prompts.js";
import { describeForLog } from "./run-tool.js";
import type { Calls } from "./running-calls.js";

/** MCP, "Completion": at most this many values per answer. */
const MAX_VALUES = 100;
/** Completion asks with every letter typed; the folders are read from Webflow once in this many milliseconds. */
const MAX_AGE_MS = 30_000;
const HEX = /^[0-9a-f]*$/i;

export interface CompletionsOptions {
  readonly calls: Calls;
  readonly service: () => Promise<AssetService>;
}

/**
 * Answers `completion/complete` for the argument of prompts, whose last word may be a folder, and for `siteId` and
 * `assetId` in resource templates. What cannot be looked up has no completions.
 */
export function serveCompletions(server: Server, { calls, service }: CompletionsOptions): void {
  const folderPaths = rememberFolderPaths();

  server.setRequestHandler(CompleteRequestSchema, async ({ params }, { signal }) => {
    const { name, value } = params.argument;
    const siteId = params.context?.arguments?.["siteId"] || undefined;
    const values = await calls.run({ signal, progress: () => {} }, async (call) => {
      try {
        const loaded = await service();
        if (name === "folder") return matching(await folderPaths(loaded, siteId, call), value);
        if (name === PROMPT_ARGUMENT) return lastWord(await folderPaths(loaded, siteId, call), value);
        if (name === "siteId") return await siteIds(loaded, value, call);
        if (name === "assetId") return await assetIds(loaded, value, call);
      } catch (error) {
        call.log.debug(`no completions of ${name}: ${describeForLog(error)}`);
      }
      return [];
    });
    return completion(values);
  });
}

function completion(values: readonly string[]): CompleteResult {
  const shown = values.slice(0, Math.min(MAX_VALUES, countFitting(values)));
  return { completion: { values: shown, total: values.length, hasMore: values.length > shown.length } };
}

/** What begins with the typed text comes first, then what contains it. */
function matching(paths: readonly string[], typed: string): string[] {
  const wanted = typed.normalize("NFC").toLowerCase();
  const containing = paths.filter((path) => path.toLowerCase().includes(wanted));
  const beginning = containing.filter((path) => path.toLowerCase().startsWith(wanted));
  return [...new Set([...beginning, ...containing])];
}

/** Of a text in the user's own words, the word that is being typed may become a folder. */
function lastWord(paths: readonly string[], typed: string): string[] {
  const before = typed.slice(0, typed.search(/\S*$/));
  return matching(paths, typed.slice(before.length)).map((path) => before + path);
}

/** By id or by name. */
async function siteIds(service: AssetService, typed: string, call: CallContext): Promise<string[]> {
  const { sites } = await service.listSites(call);
  const wanted = typed.toLowerCase();
  return sites
    .filter(({ id, name }) => id.startsWith(wanted) || name.toLowerCase().includes(wanted))
    .map(({ id }) => id);
}

/** Ids of the first assets that begin with the typed text; text that no id has is looked for in the names. */
async function assetIds(service: AssetService, typed: string, call: CallContext): Promise<string[]> {
  const query = HEX.test(typed) ? undefined : typed;
  const { assets } = await service.listAssets({ limit: MAX_VALUES, query }, call);
  const ids = assets.map(({ id }) => id);
  return query === undefined ? ids.filter((id) => id.startsWith(typed.toLowerCase())) : ids;
}

function rememberFolderPaths() {
  const known = new Map<string | undefined, { paths: string[]; readAt: number }>();

  return async (service: AssetService, siteId: string | undefined, call: CallContext): Promise<string[]> => {
    const recent = known.get(siteId);
    if (recent && Date.now() - recent.readAt < MAX_AGE_MS) return recent.paths;
    const paths = (await listAllFolders(service, siteId, call)).map(({ path }) => path);
    known.set(siteId, { paths, readAt: Date.now() });
    return paths;
  };
}
