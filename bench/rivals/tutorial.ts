import { createHash } from "node:crypto";
import type { Job } from "./rival-process.js";

/**
 * The way of Webflow's tutorial "Working with assets", written anew from its description: one file after the other;
 * the folders listed for each, the file downloaded to hash it, the metadata posted, the file downloaded again and
 * posted to S3; nothing is repeated. It hashes with MD5 here, as the API asks for.
 */
export async function uploadLikeTutorial({ world, files }: Job): Promise<number> {
  const headers = { authorization: `Bearer ${world.token}`, "content-type": "application/json" };
  const site = `${world.apiBaseUrl}/sites/${world.siteId}`;

  async function json(url: string, body?: unknown): Promise<Record<string, unknown>> {
    const response = await fetch(url, {
      headers,
      ...(body !== undefined && { method: "POST", body: JSON.stringify(body) }),
    });
    if (!response.ok) throw new Error(`Webflow answered ${response.status}`);
    return (await response.json()) as Record<string, unknown>;
  }

  async function folderId(displayName: string): Promise<string> {
    const { assetFolders } = await json(`${site}/asset_folders`);
    const found = (assetFolders as { id: string; displayName: string }[]).find(
      (folder) => folder.displayName === displayName,
    );
    return found?.id ?? String((await json(`${site}/asset_folders`, { displayName }))["id"]);
  }

  async function download(url: string): Promise<Buffer> {
    return Buffer.from(await (await fetch(url)).arrayBuffer());
  }

  let failures = 0;
  for (const { url, fileName, folder } of files) {
    try {
      const parentFolder = await folderId(folder);
      const fileHash = createHash("md5")
        .update(await download(url))
        .digest("hex");
      const { uploadUrl, uploadDetails } = await json(`${site}/assets`, { fileName, fileHash, parentFolder });
      const form = new FormData();
      for (const [name, value] of Object.entries(uploadDetails ?? {})) form.append(name, String(value));
      form.append("file", new Blob([Uint8Array.from(await download(url))]), fileName);
      const { status } = await fetch(String(uploadUrl), { method: "POST", body: form });
      if (status !== 201) throw new Error(`S3 answered ${status}`);
    } catch {
      failures += 1;
    }
  }
  return failures;
}
