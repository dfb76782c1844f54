import { type AllowedHost, isHostAllowed } from "../../core/allowed-hosts.js";
import { decodeName, percentDecode } from "../../core/encodings.js";
import { AssetError } from "../../core/errors.js";
import { addressLiteral, isLocalOnlyName, isPublicAddress } from "./public-address.js";

const MAX_SHOWN_CHARACTERS = 200;

/** Parses an absolute URL as browsers do. Throws INVALID_INPUT. */
export function parseUrl(text: string): URL {
  if (URL.canParse(text)) return new URL(text);
  throw new AssetError(
    "INVALID_INPUT",
    "The URL cannot be read",
    "give a complete URL, for example https://example.com/photo.jpg",
  );
}

/** The URL as messages may show it: without credentials, query and fragment, which can hold secrets. */
export function describeUrl(url: URL): string {
  const text = `${url.protocol}//${url.host}${url.pathname}`;
  return text.length > MAX_SHOWN_CHARACTERS ? `${text.slice(0, MAX_SHOWN_CHARACTERS)}…` : text;
}

/** Which URLs are sources: `any` public one and those of allowed hosts, only those, or none. */
export type UrlSources = "any" | "listed" | "off";

/**
 * Ports of other protocols, whose servers could mistake a request for something else: browsers block them. WHATWG:
 * Fetch, "Port blocking", https://fetch.spec.whatwg.org/#port-blocking
 */
const BLOCKED_PORTS = new Set(
  (
    "1 7 9 11 13 15 17 19 20 21 22 23 25 37 42 43 53 69 77 79 87 95 101 102 103 104 109 110 111 113 115 117 119 123 " +
    "135 137 139 143 161 179 389 427 465 512 513 514 515 526 530 531 532 540 548 554 556 563 587 601 636 989 990 993 " +
    "995 1719 1720 1723 2049 3659 4045 4190 5060 5061 6000 6566 6665 6666 6667 6668 6669 6679 6697 10080"
  ).split(" "),
);

/**
 * Throws URL_BLOCKED unless `url` is http or https, carries no credentials, and names a host that `openedHosts`
 * allows or, if `sources` allows any, that could be public. The address of a name is judged when it is connected to.
 */
export function checkUrl(url: URL, openedHosts: readonly AllowedHost[], sources: UrlSources = "any"): void {
  if (sources === "off") throw urlsAreOff();
  if (url.protocol !== "https:" && url.protocol !== "http:") throw unsupportedScheme(url.protocol);
  if (url.username !== "" || url.password !== "") {
    throw new AssetError(
      "URL_BLOCKED",
      `The URL for ${url.host} contains a user name or a password`,
      "give a URL without credentials, or download the file and give its local path",
    );
  }
  if (isHostAllowed(url, openedHosts)) return;
  if (sources === "listed") throw notListed(url.host);
  if (BLOCKED_PORTS.has(url.port)) throw blockedPort(url);
  const address = addressLiteral(url.hostname);
  if (address === undefined ? isLocalOnlyName(url.hostname) : !isPublicAddress(address)) {
    throw privateHost(url.hostname);
  }
}

function urlsAreOff(): AssetError {
  return new AssetError(
    "URL_BLOCKED",
    "The user has turned URL sources off (WEBFLOW_URL_SOURCES=off)",
    "ask the user for the file in an allowed directory, and give its local path",
  );
}

function notListed(host: string): AssetError {
  return new AssetError(
    "URL_BLOCKED",
    `${host} is not among the hosts that the user allows (WEBFLOW_URL_SOURCES=listed)`,
    "give a local path, or ask the user to add this host to WEBFLOW_URL_HOSTS",
  );
}

function blockedPort({ hostname, port }: URL): AssetError {
  return new AssetError(
    "URL_BLOCKED",
    `Port ${port} of ${hostname} belongs to a protocol other than http`,
    "give a URL with a web port, or ask the user to open this one with WEBFLOW_URL_HOSTS",
  );
}

export function unsupportedScheme(protocol: string): AssetError {
  return new AssetError(
    "URL_BLOCKED",
    `Sources with the scheme ${protocol} are not supported`,
    "give a local path, an http(s) URL, or a data: URI",
  );
}

/** One message for every private host, whether it exists or not. */
export function privateHost(hostname: string): AssetError {
  return new AssetError(
    "URL_BLOCKED",
    `${hostname} is not a host on the public internet`,
    "give a public URL or a local path, or ask the user to open this host with WEBFLOW_URL_HOSTS",
  );
}

/**
 * What the path of a URL calls the file: its last segment, decoded (`%2F` separates too), without parameters
 * (`;jsessionid=...`). If the path contains a URL, that one's file. Empty without a path.
 */
export function fileNameInPath(url: URL): string {
  const path = decodePath(url.pathname.replace(TRAILING_SLASHES, "").replace(PATH_PARAMETERS, ""));
  const inner = /https?:\/\/.*$/is.exec(path)?.[0] ?? "";
  const name = URL.canParse(inner) ? decodePath(new URL(inner).pathname) : path;
  return name.replace(TRAILING_SLASHES, "").split("/").pop() ?? "";
}

const TRAILING_SLASHES = /(?<!\/)\/+$/;
/** At the end of the last segment; RFC 3986, section 3.3. */
const PATH_PARAMETERS = /;(?:jsessionid\b|[\w.-]+=)[^/]*$/i;

function decodePath(path: string): string {
  return decodeName(percentDecode(path));
}
