import { spawn } from "node:child_process";
import { availableParallelism } from "node:os";
import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StdioClientTransport } from "@modelcontextprotocol/sdk/client/stdio.js";

const CALLS = 1_000;
const AT_ONCE = 25;
/** Of a request to the emulator: an upload then takes about as long as it takes until progress is told. */
const LATENCY_MS = 150;

/**
 * 1,000 calls of the official client, quick and slow ones mixed and with progress asked for, while every core is busy. The client takes a
 * progress notification that comes with or after its answer for an error. Resolves to what was counted.
 */
export async function callOften(directory) {
  const { startEmulator } = await import("../dist/emulator.js");
  const emulator = await startEmulator({
    switches: {
      latencyMs: { api: LATENCY_MS, s3: LATENCY_MS, cdn: 0 },
      rateLimit: { limit: 1_000_000, windowMs: 60_000, sliding: false },
    },
  });
  const transport = new StdioClientTransport({
    command: process.execPath,
    args: ["dist/main.js"],
    env: {
      PATH: process.env.PATH,
      WEBFLOW_TOKEN: emulator.token,
      WEBFLOW_API_BASE_URL: emulator.apiBaseUrl,
      WEBFLOW_UPLOAD_HOSTS: emulator.uploadHost,
      WEBFLOW_LOG_LEVEL: "error",
      XDG_CACHE_HOME: directory,
    },
  });
  const client = new Client({ name: "many-calls", version: "1" });
  const errors = [];
  client.onerror = (error) => errors.push(error.message);
  const busy = Array.from({ length: availableParallelism() }, () =>
    spawn(process.execPath, ["-e", "for (;;);"]),
  );
  const counted = { calls: 0, failed: 0, progress: 0, errors, seconds: 0 };
  const startedAt = Date.now();
  try {
    await client.connect(transport);
    let next = 0;
    const work = async () => {
      while (next < CALLS) {
        next += 1;
        const options = { onprogress: () => (counted.progress += 1) };
        const { isError } = await client.callTool(callOf(next), undefined, options);
        counted.calls += 1;
        if (isError) counted.failed += 1;
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, work));
  } finally {
    for (const child of busy) child.kill();
    await client.close();
    await emulator.close();
  }
  return { ...counted, seconds: Math.round((Date.now() - startedAt) / 1_000) };
}

/** Every third call uploads a file of its own, which takes several requests. */
function callOf(number) {
  if (number % 3 === 0) {
    const source = `data:text/plain;base64,${Buffer.from(`file ${number}`).toString("base64")}`;
    const texts = { fileName: `${number}.txt`, displayName: `File ${number}` };
    return { name: "uploadAsset", arguments: { source, ...texts, folder: "Many" } };
  }
  return number % 3 === 1 ? { name: "listFolders", arguments: {} } : { name: "listSites", arguments: {} };
}
