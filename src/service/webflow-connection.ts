import { createHash } from "node:crypto";
import { join } from "node:path";
import { createWebflowClient, type WebflowClient } from "../webflow/data-api/client.js";
import { createPublicUrls, type PublicUrls } from "../webflow/public-urls.js";
import { createPacer } from "../webflow/rate-limit/pacing.js";
import { createParticipants, type Participants } from "../webflow/rate-limit/participants.js";
import { DEFAULT_RETRY_POLICY } from "../webflow/wire/retry.js";
import { createTransport } from "../webflow/wire/transport.js";
import type { AssetServiceOptions } from "./options.js";

/** What talks to Webflow's Data API. Nothing connects before it is used. */
export interface WebflowConnection {
  readonly webflow: WebflowClient;
  readonly publicUrls: PublicUrls;
  /** How many uploads are worth running at once. */
  readonly worksAtOnce: () => number;
  close(): Promise<void>;
}

export function createWebflowConnection(options: AssetServiceOptions): WebflowConnection {
  const { token, tokenProblem, apiBaseUrl, proxies, retryPolicy = DEFAULT_RETRY_POLICY } = options;
  const requestMs = options.timeouts?.requestMs;
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

  return {
    webflow,
    publicUrls,
    worksAtOnce: pacer.worksAtOnce,
    async close() {
      await participants?.leave();
      await transport.close();
    },
  };
}

/** Processes with the same token find each other by a digest of it, which does not reveal the token. */
function participantsOf({ token, cacheDirectory }: AssetServiceOptions): Participants | undefined {
  if (token === undefined || cacheDirectory === undefined) return undefined;
  const digest = createHash("sha256").update(token).digest("hex").slice(0, 16);
  return createParticipants(join(cacheDirectory, "callers", digest));
}
