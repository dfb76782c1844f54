import pLimit from "p-limit";
import { createSourceReader } from "../../src/assets/sources/source-reader.js";
import { aCall } from "../builders/call.js";

/**
 * Reads the document at the URL of argv 40 times, 8 at a time, with room for 32 MiB of admitted bytes. Prints the MD5 of
 * each and the most memory that the process ever took (resident, in KiB, as the system counts it).
 */
const ROOM_BYTES = 32 * 1024 * 1024;
const [url = ""] = process.argv.slice(2);
const limit = pLimit(8);
const reader = createSourceReader({
  allowedDirectories: [],
  urlHosts: [{ hostname: "127.0.0.1", port: Number(new URL(url).port) }],
});

let admittedBytes = 0;
const waiting: (() => void)[] = [];

async function admit(bytes: number): Promise<void> {
  while (admittedBytes + bytes > ROOM_BYTES) await new Promise<void>((resolve) => waiting.push(resolve));
  admittedBytes += bytes;
}

function release(bytes: number): void {
  admittedBytes -= bytes;
  for (const resume of waiting.splice(0)) resume();
}

const hashes = await limit.map(Array(40).fill(url), async () => {
  const file = await reader.read(url, aCall(), { admit });
  release(file.bytes.length);
  return file.md5;
});
await reader.close();
console.log(JSON.stringify({ hashes, maxResidentKiB: process.resourceUsage().maxRSS }));
