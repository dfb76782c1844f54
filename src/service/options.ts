import type { AllowedHost } from "../core/allowed-hosts.js";
import type { Logger } from "../core/logger.js";
import type { Proxies } from "../core/proxies.js";
import type { Inspector } from "../inspection/inspector.js";
import type { PictureOptimizer } from "../pictures/optimizer.js";
import type { PictureViewer } from "../pictures/viewing/picture-viewer.js";
import type { UrlSources } from "../sources/web/url.js";
import type { RetryPolicy } from "../webflow/wire/retry.js";

/** Time limits for steps on the network, in milliseconds; each has a sensible default. */
interface Timeouts {
  /** For a whole request to the Data API. */
  readonly requestMs?: number;
  /** For silence from the storage, a source, or a hosted file. */
  readonly idleMs?: number;
  /** For Webflow, the storage and the CDN to show what one of them has just accepted. */
  readonly lagMs?: number;
}

/** What works on the bytes of files outside this thread; where one is left out, this thread does its work. */
export interface FileWorkers {
  readonly inspector?: Inspector;
  readonly optimizer?: PictureOptimizer;
  /** Scales pictures for models to see; without it, they are shown as they are. */
  readonly viewer?: PictureViewer | undefined;
}

export interface AssetServiceOptions {
  readonly token: string | undefined;
  /** Why the configured token cannot be used. */
  readonly tokenProblem?: string | undefined;
  readonly proxies?: Proxies | undefined;
  readonly apiBaseUrl: string;
  /** The site of calls that name none. */
  readonly siteId?: string | undefined;
  readonly allowedDirectories: readonly string[];
  /** Directories that the client should have filled in but did not. */
  readonly unfilledDirectories?: readonly string[];
  /** What the user should know about the settings, reported with the first answer. */
  readonly notes?: readonly string[];
  /** Hosts besides Amazon's that files may be sent to and compared at. */
  readonly uploadHosts: readonly AllowedHost[];
  /** Private hosts that URL sources may nevertheless come from. */
  readonly urlHosts: readonly AllowedHost[];
  /** Which URLs may be sources; `any` if left out. */
  readonly urlSources?: UrlSources | undefined;
  /** For unattended runs: `confirm: true` is enough, and nobody is asked. */
  readonly trustConfirm?: boolean;
  readonly retryPolicy?: RetryPolicy;
  readonly timeouts?: Timeouts;
  /** Where to remember what was uploaded; without it, nothing is remembered from one run to the next. */
  readonly cacheDirectory?: string | undefined;
  /** Loads what works on the bytes of files. */
  readonly loadWorkers?: () => Promise<FileWorkers>;
  /** Called with the number of bytes of files that are no longer needed. */
  readonly onBytesReleased?: (bytes: number) => void;
  /** The same of pictures that are optimized one after the other. */
  readonly onPictureReleased?: (bytes: number) => void;
  /** The same of the texts of pages and style sheets. */
  readonly onTextReleased?: (bytes: number) => void;
  readonly log?: Logger;
}
