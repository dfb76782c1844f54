import { type AllowedHost, isHostAllowed } from "../../core/allowed-hosts.js";
import { AssetError } from "../../core/errors.js";
import { decodeName, percentDecode } from "../../core/percent-encoding.js";
import { addressLiteral, isLocalOnlyName, isPublicAddress } from "./public-address.js";

const MAX_SHOWN_CHARACTERS = 200;

/** Reads an absolute URL as browsers do. Throws INVALID_INPUT. */
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

/**
 * Throws URL_BLOCKED unless `url` is http or https, carries no credentials, and names a host that `openedHosts` opens
 * or that could be public. Which address a name has is judged when it is connected to.
 */
export function checkUrl(url: URL, openedHosts: readonly AllowedHost[]): void {
  if (url.protocol !== "https:" && url.protocol !== "http:") throw unsupportedScheme(url.protocol);
  if (url.username !== "" || url.password !== "") {
    throw new AssetError(
      "URL_BLOCKED",
      `The URL for ${url.host} carries a user name or a password`,
      "give a URL without credentials, or download the file and give its local path",
    );
  }
  if (isHostAllowed(url, openedHosts)) return;
  const address = addressLiteral(url.hostname);
  if (address === undefined ? isLocalOnlyName(url.hostname) : !isPublicAddress(address)) {
    throw privateHost(url.hostname);
  }
}

export function unsupportedScheme(protocol: string): AssetError {
  return new AssetError(
    "URL_BLOCKED",
    `Sources with the scheme ${protocol} are not read`,
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
 * What the path of a URL calls the file: what follows the last slash, also one that is percent-encoded, decoded, without
 * a slash at the end and parameters (`;jsessionid=...`). Of a URL in the path, its own file. Empty for no path.
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
