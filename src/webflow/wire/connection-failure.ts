import { type NamedProxy, type Proxies, proxyFor, proxyHost } from "../../core/proxies.js";

/** Why a request got no answer, and what the user can do about it. */
export interface ConnectionFailure {
  readonly what: string;
  readonly next: string;
  /** Whether it may pass by itself. */
  readonly isTransient: boolean;
  /** Whether the request may have arrived. */
  readonly mayHaveArrived: boolean;
}

/** Which end could not be connected to. */
interface Ends {
  /** Whom the request was for, as messages name it. */
  readonly whom: string;
  readonly url: URL;
  readonly proxy: NamedProxy | undefined;
}

type Explain = (code: string, ends: Ends) => Omit<ConnectionFailure, "mayHaveArrived">;

const CHECK_BASE_URL = "check the network connection, and WEBFLOW_API_BASE_URL where it is set";
const NAME_PROXY = "behind a company's proxy, name it as HTTPS_PROXY in the environment of this server";

/** The first one that knows the code explains it; the codes are those of Node, OpenSSL and undici. */
const BEFORE_ANYTHING_IS_SENT: readonly (readonly [codes: RegExp, Explain])[] = [
  [/^CERT_(?:HAS_EXPIRED|NOT_YET_VALID)$/, clock],
  [/CERT|SELF_SIGNED|UNABLE_TO_|ERR_TLS/, certificate],
  [/EPROTO|ERR_SSL_|WRONG_VERSION/, notTls],
  [/^(?:ENOTFOUND|EAI_AGAIN|EAI_FAIL|EAI_NODATA)$/, unknownName],
  [
    /^(?:ECONNREFUSED|UND_ERR_CONNECT_TIMEOUT|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|EADDRNOTAVAIL|ENETDOWN)$/,
    unreachable,
  ],
  [/^HPE_/, notHttp],
];

/**
 * Explains what the HTTP client threw. `whom` is whom the request was for, as messages name it: Webflow, the storage.
 * Errors of a proxy in between are attributed to the proxy.
 */
export function explainConnectionFailure(
  error: unknown,
  whom: string,
  url: URL,
  proxies: Proxies,
): ConnectionFailure {
  const ends: Ends = { whom, url, proxy: proxyFor(url, proxies) };
  const refusal = proxyRefusal(error, ends);
  if (refusal) return { ...refusal, mayHaveArrived: false };
  const code = codeOf(error);
  for (const [codes, explain] of BEFORE_ANYTHING_IS_SENT) {
    if (!codes.test(code)) continue;
    const { what, next, isTransient } = explain(code, ends);
    const more =
      proxies.ignoredVariable === undefined
        ? ""
        : ` (${proxies.ignoredVariable} is not supported here; HTTPS_PROXY is)`;
    return { what, next: next + more, isTransient, mayHaveArrived: code.startsWith("HPE_") };
  }
  return {
    what: `The connection to ${whom} (${url.host}) broke before the answer had arrived${code === "" ? "" : ` (${code})`}`,
    next: "try again in a minute; if it persists, a proxy or firewall in between may be cutting connections",
    isTransient: true,
    mayHaveArrived: true,
  };
}

/** What undici throws if a proxy does not open a tunnel. */
function proxyRefusal(error: unknown, { proxy, whom, url }: Ends): ReturnType<Explain> | undefined {
  const status = /Proxy response \((\d+)\)|Proxy Authentication Required \((407)\)/.exec(messageOf(error));
  if (!proxy || !status) return undefined;
  const answered = status[1] ?? status[2] ?? "";
  const where = `The proxy of ${proxy.variable} (${proxyHost(proxy)})`;
  if (answered === "407") {
    return {
      what: `${where} asks for a user and password (407)`,
      next: `put them in ${proxy.variable}, as http://user:password@${proxyHost(proxy)}`,
      isTransient: false,
    };
  }
  return {
    what: `${where} did not connect to ${whom} (${url.host}): it answered ${answered}`,
    next: `ask whoever runs the proxy to allow ${url.host}, or exempt it with NO_PROXY`,
    isTransient: Number(answered) >= 500,
  };
}

function certificate(code: string, { whom, url }: Ends) {
  return {
    what: `The TLS certificate of ${whom} (${url.host}) is not trusted (${code})`,
    next:
      "where a company's proxy or an antivirus program reads TLS, save its root certificate as a PEM file, name that file " +
      "as NODE_EXTRA_CA_CERTS in the environment of this server and restart it",
    isTransient: false,
  };
}

function clock(code: string, { whom, url }: Ends) {
  return {
    what: `The TLS certificate of ${whom} (${url.host}) is out of date (${code})`,
    next: "set this computer's clock; if it is right, something between this computer and Webflow has an expired certificate",
    isTransient: false,
  };
}

function notTls(code: string, { whom, url }: Ends) {
  return {
    what: `${capitalized(whom)} (${url.host}) does not speak TLS (${code})`,
    next: "if WEBFLOW_API_BASE_URL is set, check whether it should begin with http://; else check proxies and firewalls",
    isTransient: false,
  };
}

function notHttp(code: string, { whom, url }: Ends) {
  return {
    what: `${capitalized(whom)} (${url.host}) answered with something that is not HTTP (${code})`,
    next: "if WEBFLOW_API_BASE_URL is set, check whether it should begin with https://; else check proxies and firewalls",
    isTransient: true,
  };
}

function unknownName(code: string, { whom, url, proxy }: Ends) {
  const host = proxy ? proxyHost(proxy) : url.hostname;
  return {
    what: `The name ${host}${proxy ? ` of ${proxy.variable}` : ` (${whom})`} could not be resolved (${code})`,
    next: proxy ? `correct ${proxy.variable}, or remove it where no proxy is needed` : CHECK_BASE_URL,
    isTransient: true,
  };
}

function unreachable(code: string, { whom, url, proxy }: Ends) {
  const how = code === "ECONNREFUSED" ? "refused the connection" : "could not be connected to";
  if (proxy) {
    return {
      what: `The proxy of ${proxy.variable} (${proxyHost(proxy)}) ${how} (${code})`,
      next: `start that proxy, correct ${proxy.variable}, or remove it where no proxy is needed`,
      isTransient: true,
    };
  }
  return {
    what: `${capitalized(whom)} (${url.host}) ${how} (${code})`,
    next: `${CHECK_BASE_URL}; ${NAME_PROXY}`,
    isTransient: true,
  };
}

/** The code of an error or of its causes; if every address of a name was tried, that of the first. */
function codeOf(error: unknown): string {
  if (!(error instanceof Error)) return "";
  if ("code" in error && typeof error.code === "string") return error.code;
  if (error.name === "HTTPParserError") return "HPE_INVALID";
  if (error instanceof AggregateError && error.errors.length > 0) return codeOf(error.errors[0]);
  return codeOf(error.cause);
}

function messageOf(error: unknown): string {
  if (!(error instanceof Error)) return "";
  return `${error.message} ${messageOf(error.cause)}`;
}

function capitalized(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
