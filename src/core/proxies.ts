import { AssetError } from "./errors.js";
import { parseUrl } from "./parse-url.js";

/** A proxy, and the environment variable that names it. */
export interface NamedProxy {
  readonly variable: string;
  /** With user name and password if it has them; undefined if the proxy cannot be used. */
  readonly url?: string;
  /** Why it cannot be used. */
  readonly problem?: string;
}

/** How the environment wants other hosts to be reached. */
export interface Proxies {
  readonly forHttps?: NamedProxy | undefined;
  readonly forHttp?: NamedProxy | undefined;
  /** Hosts that are reached directly, in the form of `NO_PROXY`. */
  readonly exceptions: string;
  /** `NO_PROXY` as the user wrote it. */
  readonly namedExceptions?: string | undefined;
  /** A variable that is set but has no effect here. */
  readonly ignoredVariable?: string | undefined;
}

export const NO_PROXIES: Proxies = { exceptions: "*" };

const DEFAULT_PORTS: Readonly<Record<string, string>> = { "http:": "80", "https:": "443" };

/** The proxy for a request; undefined for none. */
export function proxyFor(url: URL, { forHttps, forHttp, exceptions }: Proxies): NamedProxy | undefined {
  if (isException(url, exceptions)) return undefined;
  return url.protocol === "https:" ? (forHttps ?? forHttp) : forHttp;
}

/** Options for undici's `EnvHttpProxyAgent`, which reads the environment itself when one is left out. */
export function proxyAgentOptions({ forHttps, forHttp, exceptions }: Proxies) {
  return { httpsProxy: forHttps?.url ?? "", httpProxy: forHttp?.url ?? "", noProxy: exceptions };
}

/** Throws WEBFLOW_UNAVAILABLE for a URL whose proxy cannot be used: bypassing it might not be what the user wants. */
export function assertProxyUsable(url: URL, proxies: Proxies): void {
  const proxy = proxyFor(url, proxies);
  if (proxy?.problem === undefined) return;
  throw new AssetError(
    "WEBFLOW_UNAVAILABLE",
    `${proxy.variable} ${proxy.problem}, so there is no connection to ${url.host}`,
    `name an HTTP proxy there, such as http://proxy.example.com:8080, or exempt ${url.hostname} with NO_PROXY`,
  );
}

/** Host and port of a proxy, without user name and password. */
export function proxyHost({ url = "" }: NamedProxy): string {
  return parseUrl(url)?.host ?? "";
}

/** The rules of undici's `EnvHttpProxyAgent`: a name covers itself and everything below it. */
function isException(url: URL, exceptions: string): boolean {
  if (exceptions.trim() === "*") return true;
  const host = url.hostname.toLowerCase();
  const port = url.port === "" ? DEFAULT_PORTS[url.protocol] : url.port;
  return exceptions
    .split(/[,\s]+/)
    .filter((entry) => entry !== "")
    .some((entry) => {
      const [, name = "", onPort] = /^(.+?)(?::(\d+))?$/.exec(entry) ?? [];
      const excepted = name.replace(/^\*?\./, "").toLowerCase();
      const isNamed = host === excepted || host.endsWith(`.${excepted}`);
      return isNamed && (onPort === undefined || onPort === port);
    });
}
