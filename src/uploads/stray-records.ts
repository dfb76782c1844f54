import { type CallContext, cleanUpCall } from "../core/call-context.js";
import { AssetError } from "../core/errors.js";
import type { WebflowClient } from "../webflow/client.js";
import { isNotFound } from "../webflow/error-mapping.js";
import { timeOfWebflowId } from "../webflow/ids.js";
import type { Asset } from "../webflow/responses.js";
import type { FileToUpload, UploadTarget } from "./file-to-upload.js";
import { reasonOf } from "./reason.js";

/** What is known of the attempts of stage 1 whose answers were lost. */
export interface LostAttempts {
  readonly target: UploadTarget;
  readonly file: FileToUpload;
  /** When the first attempt began, by Webflow's clock: milliseconds since the epoch. */
  readonly since: number;
  /** Records that are accounted for. */
  isKnown(id: string): boolean;
}

/** Records that may have been left by attempts of stage 1 whose answers were lost. */
export interface StrayRecords {
  /** Removes what the attempts of a record that was made in the end left; what cannot be removed now is owed. */
  removeOrOwe(lost: LostAttempts, call: CallContext): Promise<void>;
  /** Removes what is left of a stage 1 that failed with `cause`. Throws UPLOAD_INCOMPLETE when it cannot be done. */
  removeAfterFailure(lost: LostAttempts, cause: unknown, call: CallContext): Promise<void>;
  /** Looks once more for what is owed. Resolves to what the caller has to be told when it still cannot be removed. */
  settle(target: UploadTarget, file: FileToUpload, call: CallContext): Promise<string[]>;
}

/** Webflow stamps the id and the form of a new record in the same moment; more than this apart, it is an older one. */
export const SAME_MOMENT_MS = 1_000;
const PAGE_SIZE = 100;

export function createStrayRecords(webflow: WebflowClient): StrayRecords {
  /** By turn: strays that may be left. */
  const owed = new Map<string, (call: CallContext) => Promise<void>>();

  /** An attempt whose answer was lost may have made a record of its own: find it by name and time, and remove it. */
  async function removeAll(lost: LostAttempts, call: CallContext): Promise<void> {
    for await (const asset of allAssets(lost.target, call)) {
      const isStray =
        !lost.isKnown(asset.id) &&
        (asset.size ?? 0) === 0 &&
        asset.originalFileName === lost.file.fileName &&
        timeOfWebflowId(asset.id) >= lost.since - SAME_MOMENT_MS;
      if (isStray) await removeOne(asset.id, call);
    }
  }

  async function removeOne(id: string, call: CallContext): Promise<void> {
    await webflow.deleteAsset(id, call).catch((error: unknown) => {
      if (isNotFound(error)) return;
      throw new AssetError(
        "UPLOAD_INCOMPLETE",
        `${id} could not be removed`,
        `call deleteAssets with ${id}`,
        { cause: error },
      );
    });
  }

  async function* allAssets({ siteId, folder }: UploadTarget, call: CallContext): AsyncGenerator<Asset> {
    const found = new Map<string, Asset>();
    for (let offset = 0; ; ) {
      const page = await webflow.listAssets(siteId, { offset, limit: PAGE_SIZE, folderId: folder?.id }, call);
      for (const asset of page.assets) found.set(asset.id, asset);
      offset += page.assets.length;
      if (page.assets.length === 0 || offset >= page.pagination.total) break;
    }
    yield* found.values();
  }

  return {
    async removeOrOwe(lost, call) {
      const removal = (later: CallContext): Promise<void> => removeAll(lost, later);
      await removal(call).catch(() => owed.set(turnOf(lost.target, lost.file), removal));
    },

    async removeAfterFailure(lost, cause, call) {
      try {
        await removeAll(lost, cleanUpCall(call));
      } catch (error) {
        const incomplete = new AssetError(
          "UPLOAD_INCOMPLETE",
          `${reasonOf(cause)} Webflow may have made a record named "${lost.file.fileName}" that holds no file, ` +
            `and it could not be looked for (${reasonOf(error)})`,
          "call again with the same file, which completes such a record",
          { cause },
        );
        call.log.error(incomplete.message);
        throw incomplete;
      }
    },

    async settle(target, file, call) {
      const removal = owed.get(turnOf(target, file));
      owed.delete(turnOf(target, file));
      try {
        await removal?.(call);
        return [];
      } catch (error) {
        const left = `A second record named "${file.fileName}" that holds no file may be left on the site`;
        call.log.error(`${left}: ${reasonOf(error)}`);
        return [`${left} (${reasonOf(error)}); listAssets finds it with size 0, deleteAssets removes it.`];
      }
    },
  };
}

/** Equal names are made one at a time, so that a stray record cannot be mistaken for one that is being made. */
export function turnOf({ siteId }: UploadTarget, { fileName }: FileToUpload): string {
  return `${siteId}/${fileName}`;
}
