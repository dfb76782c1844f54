import { access, constants } from "node:fs/promises";
import type { CallContext } from "../core/call-context.js";
import { AssetError, internalError, isAssetError } from "../core/errors.js";
import { homeDirectory } from "../core/home-directory.js";
import { createLogger } from "../core/logger.js";
import type { Proxies } from "../core/proxies.js";
import { VERSION } from "../core/version.js";
import { resolveAllowedDirectory } from "../sources/local/allowed-directories.js";
import { isFarTooLarge } from "../sources/local/directories-in-use.js";
import { createWebflowClient, type WebflowClient } from "../webflow/data-api/client.js";
import type { Site } from "../webflow/data-api/responses.js";
import { createPacer } from "../webflow/rate-limit/pacing.js";
import { createTransport } from "../webflow/wire/transport.js";
import type { Machine } from "./clients/clients.js";
import { type ServerStart, typed } from "./clients/server-start.js";
import type { Config } from "./config.js";
import { type ClientSettings, findClientSettings } from "./doctor-clients.js";
import { type Check, printReport } from "./doctor-report.js";
import { isSupportedNode } from "./start/node-version.js";

const HOW_TO_GET_A_TOKEN =
  "In Webflow: Site settings > Apps & integrations > API access > Generate API token, with Assets: read and write, and " +
  "Sites: read (scopes assets:read, assets:write, sites:read); set it as WEBFLOW_TOKEN. To try the server without one: --demo";

const CHECK_MS = 20_000;
const MAX_CLOCK_SKEW_MS = 5 * 60_000;
/** No asset has this id, so that changing it shows what the token may do and changes nothing. */
const ID_OF_NO_ASSET = "0".repeat(24);

/**
 * Checks the settings against the real service and prints what was found and what to fix (as JSON with `config.json`).
 * Without a token in the environment, it checks the entries that clients have on this machine. Changes nothing and
 * never prints a token. Resolves to the exit code: 0 when the server would work, else 1.
 */
export async function runDoctor(
  config: Config,
  start: ServerStart,
  machine: Machine,
  print: (text: string) => void,
): Promise<0 | 1> {
  const clients = config.token === undefined ? await findClientSettings(machine) : [];
  const checks = [
    good("Version", VERSION),
    checkNode(),
    ...checkProxies(config.proxies),
    ...(clients.length > 0
      ? await checkClients(clients, config.proxies, start)
      : await checkSettings(config)),
  ];
  printReport(checks, config, start, print);
  return checks.some(({ state }) => state === "wrong") ? 1 : 0;
}

async function checkSettings(config: Config): Promise<Check[]> {
  return [
    ...config.notes.map((note) => doubtful("Setting", note, "Correct or remove it")),
    ...(await checkDirectories(config)),
    await checkClock(config),
    ...(await checkWebflow(config)),
  ];
}

/** What a client does not pass on to its servers, such as a proxy, is taken from this process's environment. */
async function checkClients(
  clients: readonly ClientSettings[],
  proxies: Proxies,
  start: ServerStart,
): Promise<Check[]> {
  const checks: Check[] = [];
  for (const { found, config, problem, hasHiddenToken } of clients) {
    const where = `${found.client.title}, ${found.file}`;
    if (!config) {
      checks.push(
        wrong(
          "Client",
          `${where}: ${problem}`,
          `Correct the entry; this prints one that works: ${typed(start, "config", "CLIENT")}`,
        ),
      );
    } else if (hasHiddenToken) {
      const step = `Check the rest here, and the token with: WEBFLOW_TOKEN=... ${typed(start, "doctor")}`;
      checks.push(doubtful("Client", `${where}: the client fills in the token`, step));
      checks.push(...(await checkDirectories(config)));
    } else {
      checks.push(good("Client", where), ...(config.demo ? [] : await checkSettings({ ...config, proxies })));
    }
  }
  return checks;
}

function checkNode(): Check {
  if (isSupportedNode(process.version)) return good("Node", process.version);
  return wrong("Node", process.version, "Install Node 20.19 or later");
}

function checkProxies({ forHttps, forHttp, namedExceptions, ignoredVariable }: Proxies): Check[] {
  if (ignoredVariable !== undefined) {
    return [doubtful("Proxy", `${ignoredVariable} is not supported`, "Name an HTTP proxy as HTTPS_PROXY")];
  }
  const named = [forHttps, forHttp].filter((proxy) => proxy !== undefined);
  const unusable = named.filter(({ problem }) => problem !== undefined);
  if (unusable.length > 0) {
    const step = "Name an HTTP proxy, such as http://proxy.example.com:8080";
    return unusable.map(({ variable, problem }) => wrong("Proxy", `${variable} ${problem}`, step));
  }
  if (named.length === 0) return [good("Proxy", "none")];
  const names = named.map(({ variable }) => variable).join(", ");
  return [good("Proxy", `by ${names}${namedExceptions ? `, not for ${namedExceptions}` : ""}`)];
}

async function checkDirectories({ allowedDirectories, unfilledDirectories }: Config): Promise<Check[]> {
  const unfilled = unfilledDirectories.map((path) =>
    doubtful("Directory", `${path} was not filled in by the client`, "Name a directory, or remove it"),
  );
  if (allowedDirectories.length === 0) {
    const step = "To upload local files, name their directory as an argument or in WEBFLOW_ASSET_DIRS";
    const none = doubtful("Directories", "none is allowed: only URLs and data URIs can be uploaded", step);
    return [none, ...unfilled];
  }
  return [...(await Promise.all(allowedDirectories.map(checkDirectory))), ...unfilled];
}

async function checkDirectory(path: string): Promise<Check> {
  const directory = await resolveAllowedDirectory(path, homeDirectory());
  if (!directory) {
    const step = "Make it, connect its drive (no restart is needed), or correct its path";
    return wrong("Directory", `${path} does not exist`, step);
  }
  const { given, real } = directory;
  const isReadable = await access(real, constants.R_OK | constants.X_OK).then(
    () => true,
    () => false,
  );
  if (!isReadable) {
    const step = "Change its permissions, or the user that runs this";
    return wrong("Directory", `${given} cannot be read`, step);
  }
  if (await isFarTooLarge(directory)) {
    const step = "Allow only the directory of the files: what the assistant uploads is public";
    return doubtful("Directory", `${given} holds far more than files for the site`, step);
  }
  return good("Directory", given);
}

/** Compares the clock with the `Date` header of any answer. */
async function checkClock({ apiBaseUrl, proxies }: Config): Promise<Check> {
  const transport = createTransport({ proxies });
  try {
    const request = { url: apiBaseUrl, method: "HEAD", headers: {} };
    const { headers } = await transport.send(request, AbortSignal.timeout(CHECK_MS));
    const skew = Date.now() - Date.parse(headers.get("date") ?? "");
    if (Number.isNaN(skew)) return good("Clock", "unknown, Webflow's answer had no date");
    if (Math.abs(skew) <= MAX_CLOCK_SKEW_MS) return good("Clock", "agrees with Webflow's");
    const minutes = Math.round(Math.abs(skew) / 60_000);
    return doubtful(
      "Clock",
      `${minutes} minutes ${skew > 0 ? "ahead" : "behind"}`,
      "Set this computer's clock",
    );
  } catch {
    return doubtful("Clock", "unknown, no answer", `Check that ${apiBaseUrl} can be reached from here`);
  } finally {
    await transport.close();
  }
}

async function checkWebflow(config: Config): Promise<Check[]> {
  if (config.tokenProblem !== undefined) {
    return [wrong("Token", config.tokenProblem.replace(/^\w+ is (?=still )/, ""), HOW_TO_GET_A_TOKEN)];
  }
  if (config.token === undefined) return [wrong("Token", "none is set", HOW_TO_GET_A_TOKEN)];
  const webflow = createWebflowClient({
    token: config.token,
    apiBaseUrl: config.apiBaseUrl,
    proxies: config.proxies,
    pacer: createPacer(),
    retryPolicy: { attempts: 2, baseMs: 500, capMs: 1_000 },
  });
  const sites = await attempt(() => webflow.listSites(callContext()));
  if (sites instanceof AssetError) return await checkWithoutSites(webflow, sites, config.siteId);
  const { check, siteId } = chooseSite(sites, config.siteId);
  const token = good(
    "Token",
    `accepted, has access to ${sites.length === 1 ? "one site" : `${sites.length} sites`}`,
  );
  const reading = siteId === undefined ? [] : [await checkReading(webflow, siteId)];
  return [token, check, ...reading, await checkWriting(webflow)];
}

/** A token without `sites:read` is enough where the site is named: reading its folders shows whether it is accepted. */
async function checkWithoutSites(webflow: WebflowClient, refusal: AssetError, siteId: string | undefined) {
  if (siteId === undefined || !isAssetError(refusal, "MISSING_SCOPE", "UNAUTHORIZED")) {
    return [failed("Token", refusal)];
  }
  const reading = await checkReading(webflow, siteId);
  if (reading.state === "wrong") return [failed("Token", refusal), reading];
  const found = "accepted, but without sites:read: it cannot list its sites";
  const step = "Nothing to do for this one site; add sites:read to the token if you use several";
  return [
    doubtful("Token", found, step),
    good("Site", `${siteId}, from WEBFLOW_SITE_ID`),
    reading,
    await checkWriting(webflow),
  ];
}

function chooseSite(sites: readonly Site[], configured: string | undefined) {
  const list = sites.map(describeSite).join(", ");
  const [first, ...others] = sites;
  if (!first) return { check: wrong("Site", "the token has access to none", HOW_TO_GET_A_TOKEN) };
  const site = configured === undefined ? first : sites.find(({ id }) => id === configured);
  if (!site)
    return { check: wrong("Site", `the token has no access to ${configured}`, `Choose one of ${list}`) };
  if (configured === undefined && others.length > 0) {
    const step = `Choose one of ${list} as WEBFLOW_SITE_ID, or let every call name its site`;
    return {
      check: doubtful("Site", `the token has access to ${sites.length}, none is chosen`, step),
      siteId: site.id,
    };
  }
  return { check: good("Site", describeSite(site)), siteId: site.id };
}

function describeSite({ id, displayName, shortName }: Site): string {
  return `${displayName ?? shortName ?? "(no name)"} (${id})`;
}

async function checkReading(webflow: WebflowClient, siteId: string): Promise<Check> {
  const folders = await attempt(() => webflow.listFolders(siteId, { offset: 0, limit: 1 }, callContext()));
  return folders instanceof AssetError ? failed("Reading", folders) : good("Reading", "assets:read");
}

/** Introspection shows the scopes of OAuth tokens only; for others, the refusal of a change shows what is missing. */
async function checkWriting(webflow: WebflowClient): Promise<Check> {
  const scopes = await attempt(() => webflow.listScopes(callContext()));
  if (!(scopes instanceof AssetError) && scopes.includes("assets:write"))
    return good("Writing", "assets:write");
  const change = await attempt(() =>
    webflow.updateAsset(ID_OF_NO_ASSET, { displayName: "doctor" }, callContext()),
  );
  if (isAssetError(change, "ASSET_NOT_FOUND")) return good("Writing", "assets:write");
  if (isAssetError(change, "MISSING_SCOPE", "UNAUTHORIZED")) return failed("Writing", change);
  return doubtful("Writing", "not known", "Upload a file to find out; it takes the scope assets:write");
}

async function attempt<Value>(step: () => Promise<Value>): Promise<Value | AssetError> {
  try {
    return await step();
  } catch (error) {
    return isAssetError(error) ? error : internalError(error);
  }
}

function callContext(): CallContext {
  return {
    id: "doctor",
    signal: AbortSignal.timeout(CHECK_MS),
    deadline: Date.now() + CHECK_MS,
    log: createLogger("silent"),
    progress: () => {},
  };
}

function good(name: string, found: string): Check {
  return { name, state: "good", found };
}

function doubtful(name: string, found: string, fix: string): Check {
  return { name, state: "doubtful", found, fix };
}

function wrong(name: string, found: string, fix: string): Check {
  return { name, state: "wrong", found, fix };
}

function failed(name: string, { message, next }: AssetError): Check {
  return wrong(name, message, `${next.charAt(0).toUpperCase()}${next.slice(1)}`);
}
