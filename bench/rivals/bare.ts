import { createHash } from "node:crypto";
import FormData from "form-data";
import { request } from "undici";
import type { Job, RivalFile } from "./rival-process.js";

/** The least that any client does, for all files at once: download, hash, register, send. Nothing is checked or repeated. */
export async function uploadBare({ world, files }: Job): Promise<number> {
  const headers = { authorization: `Bearer ${world.token}`, "content-type": "application/json" };

  async function upload({ url, fileName }: RivalFile): Promise<number> {
    const bytes = Buffer.from(await (await request(url)).body.arrayBuffer());
    const fileHash = createHash("md5").update(bytes).digest("hex");
    const created = await request(`${world.apiBaseUrl}/sites/${world.siteId}/assets`, {
      method: "POST",
      headers,
      body: JSON.stringify({ fileName, fileHash }),
    });
    const { uploadUrl, uploadDetails } = (await created.body.json()) as Record<string, object>;
    const form = new FormData();
    for (const [name, value] of Object.entries(uploadDetails ?? {})) form.append(name, String(value));
    form.append("file", bytes, fileName);
    const stored = await request(String(uploadUrl), {
      method: "POST",
      headers: form.getHeaders(),
      body: form.getBuffer(),
    });
    await stored.body.dump();
    return stored.statusCode === 201 ? 0 : 1;
  }

  const failures = await Promise.all(files.map(upload));
  return failures.reduce((total, failed) => total + failed, 0);
}
