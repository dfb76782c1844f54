import type { CallContext } from "../core/call-context.js";
import { DeadlinePassed } from "../core/call-context.js";
import type { Sites } from "../webflow/sites.js";
import type { HostedPictures } from "./hosted-pictures.js";

/** What the gallery has to know of the pictures that it shows. */
export interface GalleryPictures {
  /**
   * The origins that pictures come from. When none was seen yet, the first assets of the site are read for it, for
   * at most 3 seconds; empty when that tells nothing.
   */
  pictureOrigins(call: CallContext): Promise<string[]>;
  /** URLs of small versions, by the id of the asset; an asset that has none is left out. */
  thumbnails(assetIds: readonly string[]): Record<string, string>;
}

const LOOK_MS = 3_000;
const PAGE = { offset: 0, limit: 100 };

export function createGalleryPictures(pictures: HostedPictures, sites: Sites): GalleryPictures {
  async function look(call: CallContext): Promise<void> {
    const siteId = await sites.resolve(undefined, call);
    await pictures.webflow.listAssets(siteId, PAGE, call);
  }

  return {
    async pictureOrigins(call) {
      if (pictures.origins().length === 0) {
        await within(LOOK_MS, call, look).catch((error) => {
          call.log.info(`the hosts of the site's pictures are not known: ${error}`);
        });
      }
      return pictures.origins();
    },
    thumbnails(assetIds) {
      const found = assetIds.flatMap((id) => {
        const url = pictures.thumbnail(id);
        return url === undefined ? [] : [[id, url] as const];
      });
      return Object.fromEntries(found);
    },
  };
}

/** `work` with a call that ends after `ms`. */
async function within<Result>(
  ms: number,
  call: CallContext,
  work: (call: CallContext) => Promise<Result>,
): Promise<Result> {
  const timeOut = new AbortController();
  const timer = setTimeout(() => timeOut.abort(new DeadlinePassed()), ms);
  const signal = AbortSignal.any([call.signal, timeOut.signal]);
  try {
    return await work({ ...call, signal, deadline: Math.min(call.deadline, Date.now() + ms) });
  } finally {
    clearTimeout(timer);
  }
}
