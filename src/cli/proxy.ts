import type { NamedProxy, Proxies } from "../core/proxies.js";

/** No proxy leads back to this machine. */
const LOOPBACK = "localhost,127.0.0.1,[::1]";

/** The proxies that the environment names, as curl takes them; SOCKS proxies are not supported. */
export function readProxies(environment: NodeJS.ProcessEnv): Proxies {
  const allProxy = firstSet(environment, ["all_proxy", "ALL_PROXY"]);
  const noProxy = firstSet(environment, ["no_proxy", "NO_PROXY"])?.value;
  const forHttps = readProxy(firstSet(environment, ["https_proxy", "HTTPS_PROXY"]));
  const forHttp = readProxy(firstSet(environment, ["http_proxy", "HTTP_PROXY"]));
  return {
    forHttps,
    forHttp,
    exceptions: noProxy?.trim() === "*" ? "*" : [LOOPBACK, noProxy].filter(Boolean).join(","),
    namedExceptions: noProxy,
    ignoredVariable: forHttps || forHttp ? undefined : allProxy?.variable,
  };
}

interface SetVariable {
  readonly variable: string;
  readonly value: string;
}

function firstSet(environment: NodeJS.ProcessEnv, names: readonly string[]): SetVariable | undefined {
  for (const variable of names) {
    const value = environment[variable]?.trim();
    if (value) return { variable, value };
  }
  return undefined;
}

function readProxy(set: SetVariable | undefined): NamedProxy | undefined {
  if (!set) return undefined;
  const { variable, value } = set;
  const url = /^[a-z][a-z0-9+.-]*:\/\//i.test(value) ? value : `http://${value}`;
  if (/^socks/i.test(url)) return { variable, problem: "names a SOCKS proxy, which is not supported" };
  const isUsable =
    URL.canParse(url) && /^https?:$/.test(new URL(url).protocol) && new URL(url).hostname !== "";
  return isUsable ? { variable, url } : { variable, problem: "does not name a proxy that can be read" };
}
