import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { installBeside } from "../install-beside.js";
import { newDirectory } from "../our-server.js";
import type { World } from "../world.js";

/** The newest that runs on Node 20; later ones need 22.13. */
const VERSION = "1.23.0";
const NAME = "@webflow/webflow-cli";

/** Uploads files with `webflow assets upload`, which takes one file a process, and gives how many failed. */
export async function uploadWithOfficialCli(world: World, files: readonly string[]): Promise<number> {
  const directory = installBeside("webflow-assets-bench-cli", { [NAME]: VERSION });
  const command = join(directory, "node_modules", NAME, "dist", "index.js");
  const home = newDirectory();
  let failed = 0;
  for (const file of files) {
    const args = ["assets", "upload", file, "--site", world.siteId, "--json", "--no-input"];
    const child = spawn(
      process.execPath,
      [
        "--require",
        join(process.cwd(), "bench/rivals/storage-redirect.cjs"),
        command,
        ...args,
        "--skip-update-check",
      ],
      {
        env: {
          PATH: process.env["PATH"] ?? "",
          HOME: home,
          DO_NOT_TRACK: "1",
          WEBFLOW_API_HOST: new URL(world.apiBaseUrl).origin,
          WEBFLOW_API_TOKEN: world.token,
          BENCH_STORAGE_URL: `http://${world.uploadHost}/`,
        },
        stdio: "ignore",
      },
    );
    const [code] = await once(child, "exit");
    if (code !== 0) failed += 1;
  }
  return failed;
}
