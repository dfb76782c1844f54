import { messageOf } from "../elements/failure-text.js";
import type { Host } from "../host/host.js";
import { RpcError } from "../host/rpc.js";
import type { Asset, AssetPage } from "./asset.js";
import { type AssetCalls, type AssetChanges, createAssetCalls } from "./asset-calls.js";
import { type Filters, matches } from "./filters.js";

export interface AssetStoreState {
  readonly filters: Filters;
  readonly assets: readonly Asset[];
  /** How many the site has under these filters. */
  readonly total: number;
  readonly hasMore: boolean;
  readonly loading: "no" | "other" | "more";
  /** Why the last load failed. */
  readonly error?: string | undefined;
  /** The client passes no calls on: what is shown is all there is. */
  readonly isClosed: boolean;
}

/** The assets on show, and the calls that bring others. Tells its listener after every change. */
export interface AssetStore extends Pick<AssetCalls, "details" | "uses" | "update" | "remove"> {
  readonly state: AssetStoreState;
  readonly siteId: string | undefined;
  /** Takes over a page that the client sent by itself. */
  open(page: AssetPage, filters: Filters): void;
  /** Replaces the assets by those that pass; the latest call wins. */
  filter(filters: Filters): Promise<void>;
  more(): Promise<void>;
  /** Loads page after page until all are there, or until the filters change. */
  all(): Promise<void>;
}

const FIRST_PAGE = 50;
/** The most that the server gives at once. */
const NEXT_PAGE = 200;

const NOTHING_YET: AssetStoreState = {
  filters: {},
  assets: [],
  total: 0,
  hasMore: false,
  loading: "no",
  isClosed: false,
};

/** `askedSiteId`: the site to read until a page tells which one it came from. */
export function createAssetStore(
  host: Host,
  askedSiteId: string | undefined,
  onChange: (state: AssetStoreState) => void,
): AssetStore {
  let state = NOTHING_YET;
  let sent: readonly Asset[] = [];
  let siteId = askedSiteId;
  let cursor: string | undefined;
  let walk = 0;
  const calls = createAssetCalls(host, () => siteId);

  function set(changes: Partial<AssetStoreState>): void {
    state = { ...state, ...changes };
    onChange(state);
  }

  function show(page: AssetPage, before: readonly Asset[]): void {
    const known = new Set(before.map(({ id }) => id));
    const assets = [...before, ...page.assets.filter(({ id }) => !known.has(id))];
    cursor = page.nextCursor;
    set({ assets, total: page.total, hasMore: cursor !== undefined, loading: "no", error: undefined });
  }

  /** Without the server, the assets that the client sent are the store. */
  function showLocally(filters: Filters): void {
    const assets = sent.filter((asset) => matches(asset, filters));
    set({ assets, total: assets.length, hasMore: false, loading: "no", error: undefined, isClosed: true });
  }

  /** `kept`: the assets that still belong to what was asked for. */
  function fail(error: unknown, kept: readonly Asset[]): void {
    if (error instanceof RpcError && error.isUnsupported) {
      return showLocally(state.filters);
    }
    const total = kept.length === 0 ? 0 : state.total;
    set({ assets: kept, total, loading: "no", error: messageOf(error) });
  }

  async function more(): Promise<void> {
    if (state.loading !== "no" || !state.hasMore) return;
    const mine = walk;
    const wanted = state.assets.length + NEXT_PAGE;
    try {
      // The server gives fewer at once than it is asked for when they would be too long for a model.
      while (mine === walk && state.hasMore && state.assets.length < wanted) {
        set({ loading: "more", error: undefined });
        const page = await calls.page(state.filters, wanted - state.assets.length, cursor);
        if (mine === walk) show(page, state.assets);
      }
    } catch (error) {
      if (mine === walk) fail(error, state.assets);
    }
  }

  return {
    get state() {
      return state;
    },
    get siteId() {
      return siteId;
    },
    open(page, filters) {
      walk += 1;
      sent = page.assets;
      siteId = page.siteId ?? askedSiteId;
      state = { ...state, filters };
      show(page, []);
    },
    async filter(filters) {
      walk += 1;
      const mine = walk;
      cursor = undefined;
      state = { ...state, filters };
      if (state.isClosed) return showLocally(filters);
      set({ loading: "other", error: undefined });
      try {
        const page = await calls.page(filters, FIRST_PAGE, cursor);
        if (mine === walk) show(page, []);
      } catch (error) {
        if (mine === walk) fail(error, []);
      }
    },
    more,
    async all() {
      const mine = walk;
      while (mine === walk && state.hasMore && state.error === undefined) await more();
    },
    details: calls.details,
    uses: calls.uses,
    async update(id, changes) {
      await calls.update(id, changes);
      set({ assets: state.assets.map((asset) => (asset.id === id ? changed(asset, changes) : asset)) });
    },
    async remove(id, evenIfUsed) {
      await calls.remove(id, evenIfUsed);
      sent = sent.filter((asset) => asset.id !== id);
      const assets = state.assets.filter((asset) => asset.id !== id);
      set({ assets, total: state.total - (state.assets.length - assets.length) });
    },
  };
}

function changed(asset: Asset, { displayName: name, altText }: AssetChanges): Asset {
  return { ...asset, ...(name !== undefined && { name }), ...(altText !== undefined && { altText }) };
}
