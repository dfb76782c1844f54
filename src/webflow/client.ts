import { WebflowClient as Sdk } from "webflow-api";
import * as z from "zod";
import { type CallContext, cancelledError, hasDeadlinePassed, isCancelled } from "../core/call-context.js";
import {
  isNotFound,
  mayHaveTakenEffect,
  missingToken,
  noAnswer,
  redirectedElsewhere,
  refusedByWebflow,
  type Subject,
  unreadableAnswer,
  WebflowFailure,
  withoutSecrets,
} from "./error-mapping.js";
import type { PacedAnswer, Pacer } from "./pacing.js";
import {
  type Asset,
  type AssetPage,
  assetPageSchema,
  assetSchema,
  type CreatedAsset,
  createdAssetSchema,
  createdFolderSchema,
  type Folder,
  type FolderPage,
  folderPageSchema,
  introspectionSchema,
  type Site,
  siteListSchema,
} from "./responses.js";
import { DEFAULT_RETRY_POLICY, type RetryPolicy, withRetries } from "./retry.js";

/**
 * The part of the Data API that deals with assets. Every method throws an `AssetError`, a `WebflowFailure` where
 * Webflow itself failed or refused. Requests are paced together; those that may be repeated without harm are.
 */
export interface WebflowClient {
  listSites(call: CallContext): Promise<Site[]>;
  /** The scopes of the token, where Webflow tells them (it documents that it does not for site tokens). */
  listScopes(call: CallContext): Promise<string[]>;
  /** One page of folders. Webflow answers with `offset` and `limit` although it does not document them here. */
  listFolders(siteId: string, page: Page, call: CallContext): Promise<FolderPage>;
  /** Not repeated after a failure: whether the folder was made all the same has to be looked up first. */
  createFolder(siteId: string, folder: NewFolder, call: CallContext): Promise<Folder>;
  /** One page of assets; with `folderId` those in that folder and in all folders below it. */
  listAssets(
    siteId: string,
    page: Page & { folderId?: string | undefined },
    call: CallContext,
  ): Promise<AssetPage>;
  getAsset(assetId: string, call: CallContext): Promise<Asset>;
  /**
   * Makes the record of an asset. A failure that may have taken effect is repeated, because equal hashes give the
   * same record; `onUncertain` hears of each. A request on its way is not cut off by a cancelled call but has
   * `CREATE_GRACE_MS` to tell which record it made.
   */
  createAsset(
    siteId: string,
    asset: NewAsset,
    call: CallContext,
    onUncertain: () => void,
  ): Promise<CreatedAsset>;
  updateAsset(assetId: string, changes: AssetChanges, call: CallContext): Promise<Asset>;
  /** Deletes the asset; one that is gone already counts as deleted when this call may have deleted it. */
  deleteAsset(assetId: string, call: CallContext): Promise<void>;
}

export interface Page {
  readonly offset: number;
  readonly limit: number;
}

export interface NewFolder {
  readonly displayName: string;
  readonly parentFolder?: string | undefined;
}

export interface NewAsset {
  readonly fileName: string;
  /** MD5 of the bytes, 32 lower-case hex digits. */
  readonly fileHash: string;
  readonly parentFolder?: string | undefined;
}

export interface AssetChanges {
  readonly displayName?: string | undefined;
  readonly altText?: string | undefined;
}

export interface WebflowClientOptions {
  readonly token: string | undefined;
  readonly apiBaseUrl: string;
  readonly pacer: Pacer;
  readonly retryPolicy?: RetryPolicy;
  /** How long one request may take in all, in milliseconds. */
  readonly requestTimeoutMs?: number;
}

/** How long a request to make an asset may go on after its call was cancelled, in milliseconds. */
export const CREATE_GRACE_MS = 2_500;

interface Request<Schema extends z.ZodType> {
  readonly name: string;
  readonly subject: Subject;
  readonly schema: Schema;
  readonly send: (sdk: Sdk, options: SdkRequestOptions) => SdkPromise;
  /** Milliseconds that a request on its way goes on after its call was aborted. */
  readonly graceMs?: number;
}

interface SdkRequestOptions {
  abortSignal: AbortSignal;
  timeoutInSeconds: number;
  maxRetries: 0;
  queryParams?: Record<string, unknown>;
}

interface SdkPromise {
  withRawResponse(): Promise<{ data: unknown; rawResponse: PacedAnswer & { readonly redirected: boolean } }>;
}

interface Answer extends PacedAnswer {
  readonly body: unknown;
  /** Whether it came from elsewhere: the SDK follows redirects (without the token, when they leave the host). */
  readonly redirected: boolean;
}

/** The webflow-api SDK behind the project's own interface; this is the only file that knows it. */
export function createWebflowClient({
  token,
  apiBaseUrl,
  pacer,
  retryPolicy = DEFAULT_RETRY_POLICY,
  requestTimeoutMs = 15_000,
}: WebflowClientOptions): WebflowClient {
  const sdk = new Sdk({ accessToken: token ?? "", baseUrl: apiBaseUrl });

  async function once<Schema extends z.ZodType>(
    call: CallContext,
    request: Request<Schema>,
  ): Promise<z.infer<Schema>> {
    if (token === undefined) throw missingToken();
    const answer = await pacer.run(call, () => exchange(sdk, call, request, requestTimeoutMs));
    call.log.debug(`${request.name}: ${answer.status}`);
    if (answer.redirected) throw redirectedElsewhere();
    if (answer.status >= 300)
      throw refusedByWebflow(answer.status, withoutSecrets(answer.body, token), request.subject);
    const parsed = request.schema.safeParse(answer.body);
    if (!parsed.success) throw unreadableAnswer(answer.status, withoutSecrets(answer.body, token));
    return parsed.data;
  }

  function repeated<Schema extends z.ZodType>(
    call: CallContext,
    request: Request<Schema>,
    onUncertain: () => void = () => {},
  ): Promise<z.infer<Schema>> {
    const attempt = async () => {
      try {
        return await once(call, request);
      } catch (error) {
        if (mayHaveTakenEffect(error)) onUncertain();
        throw error;
      }
    };
    return withRetries(call, retryPolicy, attempt, mayHaveTakenEffect);
  }

  return {
    async listSites(call) {
      const { sites } = await repeated(call, {
        name: "list sites",
        subject: "token",
        schema: siteListSchema,
        send: (sdk, options) => sdk.sites.list(options),
      });
      return sites;
    },

    async listScopes(call) {
      const { authorization } = await once(call, {
        name: "introspect token",
        subject: "token",
        schema: introspectionSchema,
        send: (sdk, options) => sdk.token.introspect(options),
      });
      return (authorization.scope ?? "").split(/[\s,]+/).filter((scope) => scope !== "");
    },

    listFolders: (siteId, { offset, limit }, call) =>
      repeated(call, {
        name: "list folders",
        subject: "site",
        schema: folderPageSchema,
        send: (sdk, options) =>
          sdk.assets.listFolders(siteId, { ...options, queryParams: { offset, limit } }),
      }),

    async createFolder(siteId, folder, call) {
      const created = await once(call, {
        name: "create folder",
        subject: "site",
        schema: createdFolderSchema,
        send: (sdk, options) => sdk.assets.createFolder(siteId, withoutUndefined(folder), options),
      });
      const { id, displayName = folder.displayName, parentFolder = folder.parentFolder } = created;
      return { id, displayName, parentFolder, assets: [] };
    },

    listAssets: (siteId, { offset, limit, folderId }, call) =>
      repeated(call, {
        name: "list assets",
        subject: "site",
        schema: assetPageSchema,
        // The SDK ignores a folderId among the arguments that it knows.
        send: (sdk, options) =>
          sdk.assets.list(
            siteId,
            { offset, limit },
            { ...options, queryParams: withoutUndefined({ folderId }) },
          ),
      }),

    getAsset: (assetId, call) =>
      repeated(call, {
        name: "get asset",
        subject: "asset",
        schema: assetSchema,
        send: (sdk, options) => sdk.assets.get(assetId, options),
      }),

    createAsset: (siteId, asset, call, onUncertain) =>
      repeated(
        call,
        {
          name: "create asset",
          subject: "site",
          schema: createdAssetSchema,
          graceMs: CREATE_GRACE_MS,
          send: (sdk, options) => sdk.assets.create(siteId, withoutUndefined(asset), options),
        },
        onUncertain,
      ),

    updateAsset: (assetId, changes, call) =>
      repeated(call, {
        name: "update asset",
        subject: "asset",
        schema: assetSchema,
        send: (sdk, options) => sdk.assets.update(assetId, withoutUndefined(changes), options),
      }),

    async deleteAsset(assetId, call) {
      let mayBeDeleted = false;
      const request: Request<z.ZodType> = {
        name: "delete asset",
        subject: "asset",
        schema: anyBody,
        send: (sdk, options) => sdk.assets.delete(assetId, options),
      };
      try {
        await repeated(call, request, () => {
          mayBeDeleted = true;
        });
      } catch (error) {
        if (!(mayBeDeleted && isNotFound(error))) throw error;
      }
    },
  };
}

const anyBody = z.unknown();

/** Sends one request and reads its answer, of whatever status. Throws where no whole answer came. */
async function exchange(
  sdk: Sdk,
  call: CallContext,
  request: Request<z.ZodType>,
  timeoutMs: number,
): Promise<Answer> {
  const attempt = new AbortController();
  const interrupt = (): void => {
    setTimeout(() => attempt.abort(), request.graceMs ?? 0).unref();
  };
  const timer = setTimeout(() => attempt.abort(), timeoutMs);
  call.signal.addEventListener("abort", interrupt, { once: true });
  try {
    const sent = request.send(sdk, {
      abortSignal: attempt.signal,
      timeoutInSeconds: timeoutMs / 1000,
      maxRetries: 0,
    });
    const { data, rawResponse } = await sent.withRawResponse();
    const { status, headers, redirected } = rawResponse;
    return { status, headers, redirected, body: withoutSdkWrapping(data) };
  } catch (error) {
    const answer = answerInError(error);
    if (answer) return answer;
    throw failureWithoutAnswer(call, error, attempt.signal.aborted);
  } finally {
    clearTimeout(timer);
    call.signal.removeEventListener("abort", interrupt);
  }
}

/** The SDK reports a body of success that is not JSON as a success of its own making. */
function withoutSdkWrapping(data: unknown): unknown {
  const wrapped = nonJsonBody.safeParse(data);
  return wrapped.success ? wrapped.data.error.rawBody : data;
}

const nonJsonBody = z.object({
  ok: z.literal(false),
  error: z.object({ reason: z.literal("non-json"), rawBody: z.string() }),
});

/** The SDK throws every answer with an error status; one without a status is no answer. */
function answerInError(error: unknown): Answer | undefined {
  const thrown = errorWithAnswer.safeParse(error);
  if (!thrown.success) return undefined;
  const { statusCode, body, rawResponse } = thrown.data;
  const { headers, redirected } = rawResponse;
  return { status: statusCode, headers, redirected, body };
}

const errorWithAnswer = z.object({
  statusCode: z.number(),
  body: z.unknown(),
  rawResponse: z.object({
    redirected: z.boolean(),
    headers: z.custom<PacedAnswer["headers"]>(
      (headers) => typeof headers === "object" && headers !== null && "get" in headers,
    ),
  }),
});

function failureWithoutAnswer(call: CallContext, error: unknown, timedOut: boolean): WebflowFailure {
  if (isCancelled(call)) {
    const { code, message, next } = cancelledError();
    return new WebflowFailure(code, message, next, { isTransient: true });
  }
  if (hasDeadlinePassed(call)) return noAnswer("Webflow did not answer before this call had to be answered");
  if (timedOut) return noAnswer("Webflow did not answer in time");
  // The SDK reads an answer of success without a body as `undefined`, and then trips over it.
  if (isParseError(error)) return noAnswer("Webflow answered with an empty body");
  return noAnswer(
    `Webflow could not be reached: ${error instanceof Error ? error.message : "unknown cause"}`,
  );
}

function isParseError(error: unknown): boolean {
  return error instanceof Error && /^response: Expected /.test(error.message);
}

function withoutUndefined<T extends object>(value: T): { [Key in keyof T]: Exclude<T[Key], undefined> } {
  return Object.fromEntries(Object.entries(value).filter(([, entry]) => entry !== undefined)) as {
    [Key in keyof T]: Exclude<T[Key], undefined>;
  };
}
