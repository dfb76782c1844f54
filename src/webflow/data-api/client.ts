import * as z from "zod";
import type { CallContext } from "../../core/call-context.js";
import { NO_PROXIES, type Proxies } from "../../core/proxies.js";
import { withVisibleTexts } from "../../core/text.js";
import type { Pacer } from "../rate-limit/pacing.js";
import { DEFAULT_RETRY_POLICY, type RetryPolicy } from "../wire/retry.js";
import { createTransport, type Transport } from "../wire/transport.js";
import { type ContentClient, createContentRequests } from "./content-client.js";
import { isNotFound, notDeletedYet, reportsFailure } from "./error-mapping.js";
import { type ListPage, listPageSchema } from "./lenient.js";
import { createRequestSender, type SendRequest } from "./request.js";
import {
  type Asset,
  assetSchema,
  type CreatedAsset,
  createdAssetSchema,
  createdFolderSchema,
  type Folder,
  folderSchema,
  introspectionSchema,
  type Site,
  siteListSchema,
  updatedAssetSchema,
} from "./responses.js";
import { createSdk, type SdkRequestOptions, withoutUndefined } from "./sdk.js";

/**
 * The part of the Data API that deals with assets. Every method throws an `AssetError`, a `WebflowFailure` if Webflow
 * itself failed or refused. All requests are paced together; those that are safe to repeat are retried.
 */
export interface WebflowClient extends ContentClient {
  listSites(call: CallContext): Promise<Site[]>;
  /** The scopes of the token, if Webflow reports them (it documents that it does not for site tokens). */
  listScopes(call: CallContext): Promise<string[]>;
  /** One page of folders. Webflow answers to `offset` and `limit` although it does not document them here. */
  listFolders(siteId: string, page: Page, call: CallContext): Promise<ListPage<Folder>>;
  /** Not retried after a failure: the caller has to look up first whether the folder was created after all. */
  createFolder(siteId: string, folder: NewFolder, call: CallContext): Promise<Folder>;
  /** One page of assets; with `folderId`, those in that folder and in all folders below it. */
  listAssets(
    siteId: string,
    page: Page & { folderId?: string | undefined; localeId?: string | undefined },
    call: CallContext,
  ): Promise<ListPage<Asset>>;
  /** In the primary locale unless the id of another one is given. */
  getAsset(assetId: string, call: CallContext, localeId?: string): Promise<Asset>;
  /**
   * Creates the record of an asset. A failure that may have taken effect is retried, because equal hashes give the
   * same record; `onUncertain` is called for each one. A request in flight is not cut off when its call is cancelled,
   * but has `CREATE_GRACE_MS` to report which record it created.
   */
  createAsset(
    siteId: string,
    asset: NewAsset,
    call: CallContext,
    onUncertain: (failure: unknown) => void,
  ): Promise<CreatedAsset>;
  /** In the primary locale unless the id of another one is given. `onUncertain` as for `deleteAsset`. */
  updateAsset(
    assetId: string,
    changes: AssetChanges,
    call: CallContext,
    localeId?: string,
    onUncertain?: () => void,
  ): Promise<Asset>;
  /**
   * Deletes the asset; one that is already gone counts as deleted if this call may have deleted it. `onUncertain` is
   * called for each attempt that may have taken effect although no answer confirmed it.
   */
  deleteAsset(assetId: string, call: CallContext, onUncertain?: () => void): Promise<void>;
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
  /** Why the configured token cannot be used. */
  readonly tokenProblem?: string | undefined;
  readonly apiBaseUrl: string;
  readonly pacer: Pacer;
  readonly retryPolicy?: RetryPolicy;
  readonly proxies?: Proxies | undefined;
  /** Sends the requests; created here if left out. */
  readonly transport?: Transport;
  /** How long one request may take overall, in milliseconds. */
  readonly requestTimeoutMs?: number;
  /** Called with every new record. */
  readonly onCreated?: (created: CreatedAsset) => void;
}

/** How long a request to create an asset may go on after its call was cancelled, in milliseconds. */
export const CREATE_GRACE_MS = 2_500;

/** The Data API behind the project's own interface. The SDK composes the requests; `createRequestSender` sends them. */
export function createWebflowClient({
  token,
  tokenProblem,
  apiBaseUrl,
  pacer,
  retryPolicy = DEFAULT_RETRY_POLICY,
  proxies = NO_PROXIES,
  transport = createTransport({ proxies }),
  requestTimeoutMs = 15_000,
  onCreated,
}: WebflowClientOptions): WebflowClient {
  const send = createRequestSender({
    sdk: createSdk(token, apiBaseUrl),
    token,
    tokenProblem,
    apiBaseUrl,
    pacer,
    retryPolicy,
    transport,
    proxies,
    timeoutMs: requestTimeoutMs,
  });
  return {
    callsLeft: () => pacer.callsLeft(),
    ...createSiteRequests(send),
    ...createFolderRequests(send),
    ...createAssetRequests(send, onCreated),
    ...createContentRequests(send),
  };
}

function createSiteRequests(send: SendRequest): Pick<WebflowClient, "listSites" | "listScopes"> {
  return {
    async listSites(call) {
      const { sites } = await send(call, {
        name: "list sites",
        subject: "token",
        schema: siteListSchema,
        send: (sdk, options) => sdk.sites.list(options),
      });
      return sites;
    },

    async listScopes(call) {
      const { authorization } = await send(call, {
        name: "introspect token",
        subject: "token",
        isSentOnce: true,
        schema: introspectionSchema,
        send: (sdk, options) => sdk.token.introspect(options),
      });
      return (authorization.scope ?? "").split(/[\s,]+/).filter((scope) => scope !== "");
    },
  };
}

function createFolderRequests(send: SendRequest): Pick<WebflowClient, "listFolders" | "createFolder"> {
  return {
    listFolders: (siteId, { offset, limit }, call) =>
      send(call, {
        name: "list folders",
        subject: "site",
        schema: listPageSchema("assetFolders", folderSchema),
        send: (sdk, options) =>
          sdk.assets.listFolders(siteId, { ...options, queryParams: { offset, limit } }),
      }),

    async createFolder(siteId, folder, call) {
      const created = await send(call, {
        name: "create folder",
        subject: "site",
        isSentOnce: true,
        schema: createdFolderSchema,
        send: (sdk, options) => sdk.assets.createFolder(siteId, withoutUndefined(folder), options),
      });
      const { id, displayName = folder.displayName, parentFolder = folder.parentFolder } = created;
      return { id, displayName, parentFolder, assets: [] };
    },
  };
}

type AssetRequests = Pick<
  WebflowClient,
  "listAssets" | "getAsset" | "createAsset" | "updateAsset" | "deleteAsset"
>;

function createAssetRequests(send: SendRequest, onCreated: WebflowClientOptions["onCreated"]): AssetRequests {
  function getAsset(assetId: string, call: CallContext, localeId?: string): Promise<Asset> {
    return send(call, {
      name: "get asset",
      subject: "asset",
      schema: assetSchema,
      send: (sdk, options) => sdk.assets.get(assetId, inLocale(options, localeId)),
    });
  }

  async function isGone(assetId: string, call: CallContext): Promise<boolean> {
    try {
      await getAsset(assetId, call);
      return false;
    } catch (error) {
      if (isNotFound(error)) return true;
      throw error;
    }
  }

  return {
    listAssets: (siteId, { offset, limit, folderId, localeId }, call) =>
      send(call, {
        name: "list assets",
        subject: "site",
        schema: listPageSchema("assets", assetSchema),
        // The SDK ignores folderId and locale among its documented arguments.
        send: (sdk, options) =>
          sdk.assets.list(
            siteId,
            { offset, limit },
            { ...options, queryParams: withoutUndefined({ folderId, localeId }) },
          ),
      }),

    getAsset,

    async createAsset(siteId, asset, call, onUncertain) {
      const created = await send(call, {
        name: "create asset",
        subject: "site",
        schema: createdAssetSchema,
        graceMs: CREATE_GRACE_MS,
        onUncertain,
        send: (sdk, options) => sdk.assets.create(siteId, withoutUndefined(asset), options),
      });
      onCreated?.(created);
      return created;
    },

    async updateAsset(assetId, changes, call, localeId, onUncertain) {
      const updated = await send(call, {
        name: "update asset",
        subject: "asset",
        schema: updatedAssetSchema,
        onUncertain: () => onUncertain?.(),
        send: (sdk, options) =>
          sdk.assets.update(
            assetId,
            withoutUndefined(withVisibleTexts(changes)),
            inLocale(options, localeId),
          ),
      });
      // 204 is a success as well.
      return updated ?? (await getAsset(assetId, call, localeId));
    },

    async deleteAsset(assetId, call, onUncertain) {
      let mayBeDeleted = false;
      try {
        const body = await send(call, {
          name: "delete asset",
          subject: "asset",
          // 204 without a body is documented; nothing is gone because a page of a network's says "200".
          schema: z.unknown().refine((body) => !reportsFailure(body)),
          onUncertain: () => {
            mayBeDeleted = true;
            onUncertain?.();
          },
          send: (sdk, options) => sdk.assets.delete(assetId, options),
        });
        // What an undocumented body means is not known: perhaps that the deletion was only accepted.
        if (body !== undefined && !(await isGone(assetId, call))) throw notDeletedYet(assetId);
      } catch (error) {
        if (!(mayBeDeleted && isNotFound(error))) throw error;
      }
    },
  };
}

function inLocale(options: SdkRequestOptions, localeId: string | undefined): SdkRequestOptions {
  return localeId === undefined ? options : { ...options, queryParams: { localeId } };
}
