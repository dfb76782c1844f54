import { type CallContext, interruptionError } from "../core/call-context.js";
import { AssetError, isAssetError } from "../core/errors.js";
import type { Downloader } from "../sources/web/download.js";
import type { Asset } from "../webflow/data-api/responses.js";

/** The largest file that is fetched for scaling down, in bytes. */
const MAX_SOURCE_BYTES = 10 * 1024 * 1024;
/** In pixels: wide enough to describe what a picture shows, on a tile or alone. */
const ENOUGH_WIDTH = 480;

/** What `read` makes of the first version of the asset that is served and that it can read. */
export async function fromFirstVersion<Result>(
  asset: Asset,
  downloader: Downloader,
  call: CallContext,
  read: (bytes: Buffer) => Result | Promise<Result>,
): Promise<Result> {
  let failure: unknown;
  for (const url of urlsToTry(asset)) {
    try {
      const { bytes } = await downloader.download(url, call, { maxBytes: MAX_SOURCE_BYTES });
      return await read(bytes);
    } catch (error) {
      if (call.signal.aborted) throw interruptionError(call);
      failure ??= error;
    }
  }
  throw failure;
}

/** The smallest variant that is wide enough, then the file itself. */
export function urlsToTry(asset: Asset): string[] {
  const [variant] = variantsOf(asset, ENOUGH_WIDTH);
  return [variant?.url, asset.hostedUrl].filter((url) => url !== undefined);
}

/**
 * The error for an asset whose hosted file could not be downloaded, with what can be done about it; any other error as
 * it is. A size of 0 alone proves nothing: an upload may be under way, or Webflow behind.
 */
export function notServed(asset: Asset, failure: unknown): unknown {
  // A picture that cannot be decoded is INVALID_INPUT as well.
  if (isAssetError(failure, "INVALID_INPUT")) return hasReadableUrls(asset) ? failure : unreadableUrl(asset);
  if (isAssetError(failure, "URL_BLOCKED")) return blockedUrl(asset, failure);
  if (!isAssetError(failure, "DOWNLOAD_FAILED")) return failure;
  if (asset.size === 0) return withoutFile(asset, failure.message);
  return new AssetError(
    "DOWNLOAD_FAILED",
    failure.message,
    `try again in a minute; getAsset ${asset.id} has the URL, to see in a browser whether the file is there`,
    { cause: failure },
  );
}

export function withoutFile({ id }: Asset, why: string): AssetError {
  return new AssetError(
    "DOWNLOAD_FAILED",
    `The record ${id} shows no file yet (${why})`,
    "look again in a few minutes, because somebody may be uploading it; uploading the same file again completes it",
  );
}

/** The smaller versions of an image that are at least `leastWidth` pixels wide, the smallest first. */
export function variantsOf({ variants }: Asset, leastWidth: number): { url: string; width: number }[] {
  return variants
    .flatMap(({ width, hostedUrl: url }) => (width != null && width >= leastWidth ? [{ url, width }] : []))
    .sort((a, b) => a.width - b.width);
}

function hasReadableUrls({ hostedUrl, variants }: Asset): boolean {
  return [hostedUrl, ...variants.map((variant) => variant.hostedUrl)].every(
    (url) => url === undefined || URL.canParse(url),
  );
}

function unreadableUrl({ id }: Asset): AssetError {
  return new AssetError(
    "DOWNLOAD_FAILED",
    `Webflow's record ${id} has a URL that cannot be read`,
    "look at the asset in Webflow's Assets panel",
  );
}

function blockedUrl({ id }: Asset, { message }: AssetError): AssetError {
  return new AssetError(
    "URL_BLOCKED",
    `${message} (Webflow's record ${id} says that the file lies there)`,
    "look at the asset in Webflow's Assets panel; if the site's files do lie there, ask the user to open the host with WEBFLOW_URL_HOSTS",
  );
}
