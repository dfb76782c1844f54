import type { AllowedHost } from "../core/allowed-hosts.js";
import type { Logger } from "../core/logger.js";
import type { Proxies } from "../core/proxies.js";
import type { Inspector } from "../inspection/inspector.js";
import type { PictureOptimizer } from "../pictures/optimizer.js";
import type { PictureViewer } from "../pictures/viewing/picture-viewer.js";
import type { UrlSources } from "../sources/web/url.js";
import type { RetryPolicy } from "../webflow/retry.js";

/** How long the steps on the network may take, in milliseconds; each has a sensible default. */
interface Timeouts {
  /** One request to the Data API in all. */
  readonly requestMs?: number;
  /** Silence of the storage, of a source, or of a hosted file. */
  readonly idleMs?: number;
  /** Until Webflow, the storage and the CDN show what one of them has just taken. */
  readonly lagMs?: number;
}

export interface AssetServiceOptions {
  readonly token: string | undefined;
  /** Why what is set as the token cannot be used. */
  readonly tokenProblem?: string | undefined;
  readonly proxies?: Proxies | undefined;
  readonly apiBaseUrl: string;
  /** The site of calls that name none. */
  readonly siteId?: string | undefined;
  readonly allowedDirectories: readonly string[];
  /** Directories that the client was meant to fill in and did not. */
  readonly unfilledDirectories?: readonly string[];
  /** What the user should hear of the settings with the first answer. */
  readonly notes?: readonly string[];
  /** Hosts beside Amazon's that files may be sent to and looked at. */
  readonly uploadHosts: readonly AllowedHost[];
  /** Hosts that URL sources may come from although they are private. */
  readonly urlHosts: readonly AllowedHost[];
  /** Which URLs are sources; `any` when left out. */
  readonly urlSources?: UrlSources | undefined;
  /** For unattended runs: `confirm: true` is enough, and nobody is asked. */
  readonly trustConfirm?: boolean;
  readonly retryPolicy?: RetryPolicy;
  readonly timeouts?: Timeouts;
  /** Where to remember what was uploaded; without it nothing is remembered from one run to the next. */
  readonly cacheDirectory?: string | undefined;
  /** What works on pictures; without it, this process does. */
  readonly optimizer?: PictureOptimizer;
  /** What makes pictures fit for models; without it, this process does. */
  readonly viewer?: PictureViewer;
  /** What looks into the bytes of files; without it, this thread does. */
  readonly inspector?: Inspector;
  /** Called with the number of bytes of files that are no longer needed. */
  readonly onBytesReleased?: (bytes: number) => void;
  readonly log?: Logger;
}
