import { type CallContext, partOfCall } from "../core/call-context.js";
import type { Asset } from "../webflow/data-api/responses.js";
import type { Sites } from "../webflow/sites.js";
import { variantsOf } from "./hosted-versions.js";
import type { ListingCache } from "./listing/listing-cache.js";

/** Where the pictures of the sites are hosted, as far as listings have shown. */
export interface Thumbnails {
  note(asset: Asset): void;
  /** Origins such as `https://cdn.prod.website-files.com`, in the order in which they were seen. */
  origins(): string[];
  /** The smallest version of an image that fills a tile; undefined if there is none besides the image itself. */
  urlOf(assetId: string): string | undefined;
}

/** What the gallery needs to know about the pictures that it shows. */
export interface GalleryPictures {
  /** The origins of pictures; if none is known, the first assets are read, for at most 3 s. May be empty. */
  pictureOrigins(call: CallContext): Promise<string[]>;
  /** URLs of small versions, by the id of the asset; an asset without one is left out. */
  thumbnails(assetIds: readonly string[]): Record<string, string>;
}

/** A tile of 240 pixels on a screen with two device pixels per CSS pixel. */
const TILE_WIDTH = 480;
/** Thumbnails are kept for the assets seen most recently. */
const MAX_THUMBNAILS = 10_000;
const LOOK_MS = 3_000;

/** `publicUrl` returns the URL that answers show for a hosted one. */
export function createThumbnails(publicUrl: (url: string) => string = (url) => url): Thumbnails {
  const origins = new Set<string>();
  const urls = new Map<string, string>();

  return {
    note(asset) {
      const url = variantsOf(asset, TILE_WIDTH)[0]?.url;
      for (const hosted of [asset.hostedUrl, url]) {
        if (!hosted || !URL.canParse(hosted)) continue;
        origins.add(new URL(hosted).origin);
        origins.add(new URL(publicUrl(hosted)).origin);
      }
      urls.delete(asset.id);
      if (url !== undefined) urls.set(asset.id, url);
      const [oldest] = urls.keys();
      if (urls.size > MAX_THUMBNAILS && oldest !== undefined) urls.delete(oldest);
    },
    origins: () => [...origins],
    urlOf: (assetId) => urls.get(assetId),
  };
}

export function createGalleryPictures(
  thumbnails: Thumbnails,
  sites: Sites,
  listings: ListingCache,
): GalleryPictures {
  async function look(whole: CallContext): Promise<void> {
    const { call, stop } = partOfCall(whole, Date.now() + LOOK_MS);
    try {
      const siteId = await sites.resolve(undefined, call);
      await listings.open(siteId).readUpTo(1, call);
    } finally {
      stop();
    }
  }

  return {
    async pictureOrigins(call) {
      if (thumbnails.origins().length === 0) {
        await look(call).catch((error) => {
          call.log.info(`the hosts of the site's pictures are not known: ${error}`);
        });
      }
      return thumbnails.origins();
    },
    thumbnails(assetIds) {
      const found = assetIds.flatMap((id) => {
        const url = thumbnails.urlOf(id);
        return url === undefined ? [] : [[id, url] as const];
      });
      return Object.fromEntries(found);
    },
  };
}
