import { listField, textField } from "../elements/read-fields.js";
import type { Host } from "../host/host.js";
import { type AssetUses, readAssetUses } from "../uses/asset-uses.js";
import { type AssetDetails, type AssetPage, readAssetDetails, readAssetPage } from "./asset.js";
import { type Filters, filterArguments } from "./filters.js";

export interface AssetChanges {
  readonly displayName?: string;
  readonly altText?: string;
}

/** The server's tools, as far as they are about assets. All throw with the reason when something was not done. */
export interface AssetCalls {
  page(filters: Filters, limit: number, cursor: string | undefined): Promise<AssetPage>;
  details(id: string): Promise<AssetDetails>;
  update(id: string, changes: AssetChanges): Promise<void>;
  uses(id: string): Promise<AssetUses>;
  /** Deletes it from the site for good, which the user has agreed to. */
  remove(id: string, evenIfUsed: boolean): Promise<void>;
}

/** How long a client may leave a question of the server's to its user. */
const QUESTION_MS = 600_000;

/** `siteId` tells the site that is meant, where one is known. */
export function createAssetCalls(host: Host, siteId: () => string | undefined): AssetCalls {
  async function call(name: string, args: object, waitMs?: number): Promise<Record<string, unknown>> {
    const site = siteId();
    return (await host.callTool(name, { ...args, ...(site && { siteId: site }) }, waitMs)).data;
  }

  return {
    async page(filters, limit, cursor) {
      const site = siteId();
      const place = { ...(site && { siteId: site }), ...(cursor && { cursor }) };
      return readAssetPage(
        await host.callTool("showGallery", { ...filterArguments(filters), limit, ...place }),
      );
    },
    details: async (id) => readAssetDetails(await call("getAsset", { assetId: id })),
    async update(id, changes) {
      const data = await call("updateAssets", { updates: [{ assetId: id, ...changes }] });
      assertDone(data, "The asset was not changed.");
    },
    uses: async (id) => readAssetUses(await call("findUses", { assetIds: [id] })),
    async remove(id, evenIfUsed) {
      const args = { assetIds: [id], confirm: true, ...(evenIfUsed && { evenIfUsed }) };
      assertDone(await call("deleteAssets", args, QUESTION_MS), "The asset was not deleted.");
    },
  };
}

function assertDone(data: Record<string, unknown>, otherwise: string): void {
  const [failure] = listField(data, "failed");
  if (failure) throw new Error(textField(failure, "error") ?? otherwise);
}
