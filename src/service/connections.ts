import { createHash } from "node:crypto";
import { join } from "node:path";
import type { AllowedDirectories } from "../sources/local/directories-in-use.js";
import { createSourceReader, type SourceReader } from "../sources/source-reader.js";
import { createDownloader, type Downloader } from "../sources/web/download.js";
import { createTextFetcher, type TextFetcher } from "../sources/web/fetch-text.js";
import { createWebflowClient, type WebflowClient } from "../webflow/data-api/client.js";
import { createPublicUrls, type PublicUrls } from "../webflow/public-urls.js";
import { createPacer } from "../webflow/rate-limit/pacing.js";
import { createParticipants, type Participants } from "../webflow/rate-limit/participants.js";
import { createFormPoster, type FormPoster } from "../webflow/storage/post-form.js";
import { DEFAULT_RETRY_POLICY } from "../webflow/wire/retry.js";
import { createTransport } from "../webflow/wire/transport.js";
import type { AssetServiceOptions } from "./options.js";

/** Everything that talks to other machines. Nothing connects before it is used. */
export interface Connections {
  readonly webflow: WebflowClient;
  readonly publicUrls: PublicUrls;
  readonly storage: FormPoster;
  readonly reader: SourceReader;
  /** Reads the files that Webflow hosts, and the pages of its published sites. */
  readonly hostedDownloader: Downloader;
  readonly textFetcher: TextFetcher;
  /** How many uploads are worth running at once. */
  readonly worksAtOnce: () => number;
  close(): Promise<void>;
}

export function createConnections(
  options: AssetServiceOptions,
  allowedDirectories: AllowedDirectories,
): Connections {
  const { token, tokenProblem, apiBaseUrl, uploadHosts, urlHosts, urlSources, proxies } = options;
  const { retryPolicy = DEFAULT_RETRY_POLICY, timeouts = {}, onTextReleased } = options;
  const { requestMs, idleMs } = timeouts;
  const limits = idleMs === undefined ? {} : { idleMs };
  const hostedHosts = [...urlHosts, ...uploadHosts];
  const participants = participantsOf(options);
  const pacer = createPacer(participants && { participants: participants.count });
  const transport = createTransport({ proxies });
  const publicUrls = createPublicUrls();
  const webflow = createWebflowClient({
    token,
    tokenProblem,
    apiBaseUrl,
    transport,
    proxies,
    pacer,
    retryPolicy,
    onCreated: publicUrls.learn,
    ...(requestMs !== undefined && { requestTimeoutMs: requestMs }),
  });
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
    webflow,
    publicUrls,
    storage,
    reader,
    hostedDownloader,
    textFetcher,
    worksAtOnce: pacer.worksAtOnce,
    async close() {
      await participants?.leave();
      const closable = [reader, hostedDownloader, textFetcher, storage, transport];
      await Promise.allSettled(closable.map((one) => one.close()));
    },
  };
}

/** Processes with the same token find each other by a digest of it, which does not reveal the token. */
function participantsOf({ token, cacheDirectory }: AssetServiceOptions): Participants | undefined {
  if (token === undefined || cacheDirectory === undefined) return undefined;
  const digest = createHash("sha256").update(token).digest("hex").slice(0, 16);
  return createParticipants(join(cacheDirectory, "callers", digest));
}
