import { createSourceReader } from "../../src/assets/sources/source-reader.js";
import { aCall } from "../builders/call.js";

/**
 * Reads the documents at the URLs of argv, all at a time, a few times over, and prints the MD5 of each and the most
 * memory that the process ever took (resident, in KiB, as the system counts it).
 */
const urls = process.argv.slice(2);
const reader = createSourceReader({
  allowedDirectories: [],
  urlHosts: urls.map((url) => ({ hostname: "127.0.0.1", port: Number(new URL(url).port) })),
});
const hashes: string[] = [];
for (let round = 0; round < 3; round += 1) {
  const files = await Promise.all(urls.map((url) => reader.read(url, aCall())));
  hashes.push(...files.map((file) => file.md5));
}
await reader.close();
console.log(JSON.stringify({ hashes, maxResidentKiB: process.resourceUsage().maxRSS }));
