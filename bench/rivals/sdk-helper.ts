import { WebflowClient } from "webflow-api";
import type { Job, RivalFile } from "./rival-process.js";

/** The SDK's own helper, `assets.utilities.createAndUpload`, one file after the other, or all at once. */
export async function uploadWithSdk({ world, files }: Job, allAtOnce: boolean): Promise<number> {
  const sdk = new WebflowClient({ accessToken: world.token, baseUrl: world.apiBaseUrl });
  const folderIds = new Map<string, string>();
  const { assetFolders = [] } = await sdk.assets.listFolders(world.siteId);
  for (const { id = "", displayName = "" } of assetFolders) folderIds.set(displayName, id);

  async function upload({ url, fileName, folder }: RivalFile): Promise<number> {
    try {
      const parentFolder = folderIds.get(folder) ?? "";
      await sdk.assets.utilities.createAndUpload(world.siteId, { file: url, fileName, parentFolder });
      return 0;
    } catch {
      return 1;
    }
  }

  if (allAtOnce) return sum(await Promise.all(files.map(upload)));
  let failures = 0;
  for (const file of files) failures += await upload(file);
  return failures;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
