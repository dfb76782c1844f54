import { AssetError } from "./errors.js";

/** A proxy, and the variable of the environment that names it. */
export interface NamedProxy {
  readonly variable: string;
  /** With its user and password, where it has them; absent when it cannot be used. */
  readonly url?: string;
  /** Why it cannot be used. */
  readonly problem?: string;
}

/** How the machine's environment wants other hosts to be reached. */
export interface Proxies {
  readonly forHttps?: NamedProxy | undefined;
  readonly forHttp?: NamedProxy | undefined;
  /** Hosts that are reached without one, in the form of `NO_PROXY`. */
  readonly exceptions: string;
  /** What the user wrote as `NO_PROXY`. */
  readonly namedExceptions?: string | undefined;
  /** A variable that is set and means nothing here. */
  readonly ignoredVariable?: string | undefined;
}

export const NO_PROXIES: Proxies = { exceptions: "*" };

const DEFAULT_PORTS: Readonly<Record<string, string>> = { "http:": "80", "https:": "443" };

/** The proxy that a request goes through; undefined for none. */
export function proxyFor(url: URL, { forHttps, forHttp, exceptions }: Proxies): NamedProxy | undefined {
  if (isException(url, exceptions)) return undefined;
  return url.protocol === "https:" ? (forHttps ?? forHttp) : forHttp;
}

/** The options of undici's `EnvHttpProxyAgent`, which reads the environment itself where one is left out. */
export function proxyAgentOptions({ forHttps, forHttp, exceptions }: Proxies) {
  return { httpsProxy: forHttps?.url ?? "", httpProxy: forHttp?.url ?? "", noProxy: exceptions };
}

/** Throws WEBFLOW_UNAVAILABLE for a URL whose proxy cannot be used: going past it might not be what the user wants. */
export function assertProxyUsable(url: URL, proxies: Proxies): void {
  const proxy = proxyFor(url, proxies);
  if (proxy?.problem === undefined) return;
  throw new AssetError(
    "WEBFLOW_UNAVAILABLE",
    `${proxy.variable} ${proxy.problem}, so there is no connection to ${url.host}`,
    `name an HTTP proxy there, such as http://proxy.example.com:8080, or exempt ${url.hostname} with NO_PROXY`,
  );
}

/** Host and port of a proxy, without its user and password. */
export function proxyHost({ url = "" }: NamedProxy): string {
  return URL.canParse(url) ? new URL(url).host : "";
}

/** The rules of undici's `EnvHttpProxyAgent`: a name stands for itself and all below it. */
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
