import type { WebflowClient } from "../webflow/client.js";
import type { Asset } from "../webflow/responses.js";

/** Where the pictures of the sites are hosted, as far as Webflow's answers have told so far. */
export interface HostedPictures {
  /** The client, whose answers are taken note of. */
  readonly webflow: WebflowClient;
  /** Origins such as `https://cdn.prod.website-files.com`, in the order in which they were seen. */
  origins(): string[];
  /** The smallest version of an image that fills a tile; undefined when there is none beside the image itself. */
  thumbnail(assetId: string): string | undefined;
}

/** A tile of 240 pixels on a screen that draws two for one. */
const TILE_WIDTH = 480;
/** Thumbnails are kept for the assets that were seen last. */
const MAX_THUMBNAILS = 10_000;

export function createHostedPictures(webflow: WebflowClient): HostedPictures {
  const origins = new Set<string>();
  const thumbnails = new Map<string, string>();

  function note<Noted extends Asset>(asset: Noted): Noted {
    const thumbnail = thumbnailOf(asset);
    for (const url of [asset.hostedUrl, thumbnail])
      if (url && URL.canParse(url)) origins.add(new URL(url).origin);
    thumbnails.delete(asset.id);
    if (thumbnail !== undefined) thumbnails.set(asset.id, thumbnail);
    if (thumbnails.size > MAX_THUMBNAILS) forgetOldest();
    return asset;
  }

  function forgetOldest(): void {
    for (const id of thumbnails.keys()) {
      thumbnails.delete(id);
      return;
    }
  }

  return {
    webflow: {
      ...webflow,
      async listAssets(siteId, page, call) {
        const answer = await webflow.listAssets(siteId, page, call);
        answer.assets.forEach(note);
        return answer;
      },
      getAsset: async (assetId, call) => note(await webflow.getAsset(assetId, call)),
    },
    origins: () => [...origins],
    thumbnail: (assetId) => thumbnails.get(assetId),
  };
}

function thumbnailOf({ variants }: Asset): string | undefined {
  let smallest: { width: number; hostedUrl: string } | undefined;
  for (const { width, hostedUrl } of variants) {
    if (typeof width !== "number" || width < TILE_WIDTH) continue;
    if (!smallest || width < smallest.width) smallest = { width, hostedUrl };
  }
  return smallest?.hostedUrl;
}
