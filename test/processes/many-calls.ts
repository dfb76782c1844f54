import pLimit from "p-limit";
import { parseAllowedHosts } from "../../src/core/allowed-hosts.js";
import { createAssetService } from "../../src/service/create-asset-service.js";
import { numberedPng } from "../builders/bytes.js";
import { callContext } from "../builders/call.js";

/**
 * 2,000 mixed calls on the emulator of argv, 32 at a time. Prints the heap after forced garbage collection after the
 * first 200 and after all (bytes), the number of failures, and what still keeps the process busy after closing.
 */
const [apiBaseUrl = "", token = "", uploadHost = "", siteId = ""] = process.argv.slice(2);
const service = createAssetService({
  apiBaseUrl,
  token,
  siteId,
  allowedDirectories: [],
  uploadHosts: parseAllowedHosts(uploadHost),
  urlHosts: [],
});
const limit = pLimit(32);
let failures = 0;

function heapBytes(): number {
  globalThis.gc?.();
  return process.memoryUsage().heapUsed;
}

async function oneCall(number: number): Promise<void> {
  const folder = `Folder ${number % 7}/Below ${number % 3} of ${number % 7}`;
  const source = `data:image/png;base64,${numberedPng(number % 500).toString("base64")}`;
  const work = [
    () => service.listFolders({ limit: 50 }, callContext()),
    () => service.ensureFolder({ path: folder }, callContext()),
    () => service.uploadAsset({ source, fileName: `${number % 500}.png`, folder }, callContext()),
    () => service.uploadAsset({ source, dryRun: true }, callContext()),
  ][number % 4];
  await work?.().catch(() => {
    failures += 1;
  });
}

async function calls(from: number, to: number): Promise<void> {
  await Promise.all(Array.from({ length: to - from }, (_, index) => limit(() => oneCall(from + index))));
}

await calls(0, 200);
const heapAfter200 = heapBytes();
await calls(200, 2_000);
const heapAfterAll = heapBytes();
await service.close();
await new Promise((resolve) => setImmediate(resolve));
const stillOpen = process.getActiveResourcesInfo().filter((name) => /TCP|Timeout/.test(name));
console.log(JSON.stringify({ failures, heapAfter200, heapAfterAll, stillOpen }));
process.exit(0);
