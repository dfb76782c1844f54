import type { AllowedDirectories } from "../sources/local/directories-in-use.js";
import { createSourceReader, type SourceReader } from "../sources/source-reader.js";
import { createDownloader, type Downloader } from "../sources/web/download.js";
import { createTextFetcher, type TextFetcher } from "../sources/web/fetch-text.js";
import { createFormPoster, type FormPoster } from "../webflow/storage/post-form.js";
import { DEFAULT_RETRY_POLICY } from "../webflow/wire/retry.js";
import type { AssetServiceOptions } from "./options.js";

/** Everything that files come from and go to. Nothing connects before it is used. */
export interface FileConnections {
  readonly storage: FormPoster;
  readonly reader: SourceReader;
  /** Reads the files that Webflow hosts, and the pages of its published sites. */
  readonly hostedDownloader: Downloader;
  readonly textFetcher: TextFetcher;
  close(): Promise<void>;
}

export function createFileConnections(
  options: AssetServiceOptions,
  allowedDirectories: AllowedDirectories,
): FileConnections {
  const { uploadHosts, urlHosts, urlSources, proxies } = options;
  const { retryPolicy = DEFAULT_RETRY_POLICY, timeouts = {}, onTextReleased } = options;
  const { idleMs } = timeouts;
  const limits = idleMs === undefined ? {} : { idleMs };
  const hostedHosts = [...urlHosts, ...uploadHosts];
  const storage = createFormPoster({
    retryPolicy,
    proxies,
    ...(idleMs !== undefined && { idleTimeoutMs: idleMs }),
  });
  const reader = createSourceReader({ allowedDirectories, urlHosts, urlSources, limits, proxies });
  const hostedDownloader = createDownloader({ urlHosts: hostedHosts, limits, proxies });
  const textFetcher = createTextFetcher({
    urlHosts: hostedHosts,
    ...limits,
    proxies,
    onBytesReleased: onTextReleased,
  });

  return {
    storage,
    reader,
    hostedDownloader,
    textFetcher,
    async close() {
      const closable = [reader, hostedDownloader, textFetcher, storage];
      await Promise.allSettled(closable.map((one) => one.close()));
    },
  };
}
