import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { otherServers, type Start } from "../other-servers.js";
import { spawnServer } from "../spoken-server.js";
import { type Answer, median, megabytes, times } from "../table.js";
import { SMALL_FILES, script, startWorld } from "../world.js";
import { FOLDERS } from "./upload.js";

const ROUNDS = 15;
const NPX_ROUNDS = 5;

interface StartFigures {
  /** Milliseconds from the spawn to the answer of `initialize`. */
  readonly initializeMs: number;
  /** Milliseconds from the spawn to the answer of `tools/list`, asked right after. */
  readonly toolsMs: number;
  /** After `tools/list`. */
  readonly residentBytes: number | undefined;
  /** Milliseconds from the spawn to the answer of a first `listFolders`, asked after that; undefined if it is not asked. */
  readonly foldersMs: number | undefined;
}

/** A server with folders to list, if it can. */
interface Startable extends Start {
  readonly listsFolders?: boolean;
}

/** Question 6: from the spawn to the first answers, and what is installed for it. */
export async function measureStart(): Promise<Answer> {
  const world = await startWorld({ latencyMs: 0, originLatencyMs: 0, sizes: SMALL_FILES, folders: FOLDERS });
  const env = {
    WEBFLOW_TOKEN: world.token,
    WEBFLOW_SITE_ID: world.siteId,
    WEBFLOW_API_BASE_URL: world.apiBaseUrl,
  };
  const starts: Record<string, Startable> = {
    "one-tool server (the floor)": { args: [script("one-tool-server.mjs")] },
    "one-tool server with webflow-api": { args: [script("listing-server.mjs")], env, listsFolders: true },
    "webflow-assets-mcp": { args: [resolve("dist/main.js")], env, listsFolders: true },
    ...Object.fromEntries(otherServers().map(({ name, start }) => [name, start])),
  };
  const rounds = new Map<string, StartFigures[]>(Object.keys(starts).map((name) => [name, []]));
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const [name, start] of Object.entries(starts)) {
      rounds.get(name)?.push(await startOnce([process.execPath, ...start.args], start));
    }
  }
  world.close();
  const npx = await measureNpx();
  const medians = new Map([...rounds].map(([name, figures]) => [name, medianOf(figures)]));
  const floor = medians.get("one-tool server (the floor)")?.initializeMs ?? Number.NaN;
  const rows = [...medians].map(([name, { initializeMs, toolsMs, foldersMs, residentBytes }]) => [
    name,
    `${initializeMs.toFixed(0)} ms`,
    times(initializeMs / floor),
    `${toolsMs.toFixed(0)} ms`,
    foldersMs === undefined ? "-" : `${foldersMs.toFixed(0)} ms`,
    megabytes(residentBytes),
    npx.get(name) ? `${((npx.get(name) ?? 0) / 1000).toFixed(1)} s` : "-",
  ]);
  return {
    figure: {
      title: "From the start to the first answer",
      unit: "ms",
      bars: [...medians]
        .filter(([name]) => !name.startsWith("one-tool server"))
        .map(([name, { initializeMs }]) => [name, initializeMs] as const),
    },
    title: "Start",
    setting:
      `Spawn to the answers of \`initialize\` and \`tools/list\`, the memory after both, and the answer of a first call right after, ` +
      `with Webflow on loopback: medians of ${ROUNDS} interleaved rounds. ` +
      `The last column is \`npx\` from an empty npm cache to \`initialize\`, the median of ${NPX_ROUNDS} rounds.`,
    columns: [
      "server",
      "initialize",
      "to the floor",
      "tools/list",
      "first listFolders",
      "RSS",
      "npx, nothing cached",
    ],
    rows,
    notes: [
      "The floor is a server with a single tool on the same SDK, bundled in the same way; with webflow-api, its tool hands over the list of folders.",
      `The package: ${describePackage()}.`,
      "Goals: at most 1.10x the floor, the first `listFolders` within 250 ms, at most 70 MB, `npx` in at most a quarter of the time of `webflow-mcp-server`, the packed package under 3 MB.",
    ],
  };
}

/** `npx` from an empty cache, in milliseconds a package. */
async function measureNpx(): Promise<Map<string, number>> {
  const directory = mkdtempSync(join(tmpdir(), "bench-npx-"));
  execFileSync("npm", ["pack", "--silent", "--ignore-scripts", "--pack-destination", directory]);
  const [tarball = ""] = readdirSync(directory);
  const commands: Record<string, [string[], Record<string, string>]> = {
    "webflow-assets-mcp": [["npx", "-y", `file:${join(directory, tarball)}`, "--demo"], {}],
    "webflow-mcp-server": [["npx", "-y", "webflow-mcp-server@1.0.0"], { WEBFLOW_TOKEN: "bench" }],
  };
  const found = new Map<string, number[]>();
  for (let round = 0; round < NPX_ROUNDS; round += 1) {
    for (const [name, [command, env]] of Object.entries(commands)) {
      const cache = mkdtempSync(join(tmpdir(), "bench-npm-cache-"));
      const { initializeMs } = await startOnce(command, { env: { ...env, npm_config_cache: cache } });
      found.set(name, [...(found.get(name) ?? []), initializeMs]);
      rmSync(cache, { recursive: true, force: true });
    }
  }
  rmSync(directory, { recursive: true });
  return new Map([...found].map(([name, figures]) => [name, median(figures)]));
}

/** Starts a server, asks it two or three questions, and ends it. */
async function startOnce(
  command: readonly string[],
  { env = {}, listsFolders = false }: Pick<Startable, "env" | "listsFolders">,
): Promise<StartFigures> {
  const server = spawnServer(command, env);
  const initializeMs = await server.initialize();
  const toolsMs = await server.ask("tools/list", {});
  const residentBytes = residentBytesOf(server.pid);
  const foldersMs = listsFolders
    ? await server.ask("tools/call", { name: "listFolders", arguments: {} })
    : undefined;
  await server.end();
  return { initializeMs, toolsMs, foldersMs, residentBytes };
}

function residentBytesOf(pid: number | undefined): number | undefined {
  try {
    const kilobytes = /VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1];
    return kilobytes === undefined ? undefined : Number(kilobytes) * 1024;
  } catch {
    return undefined;
  }
}

function medianOf(figures: readonly StartFigures[]): StartFigures {
  const resident = figures.flatMap(({ residentBytes }) => residentBytes ?? []);
  const folders = figures.flatMap(({ foldersMs }) => foldersMs ?? []);
  return {
    initializeMs: median(figures.map(({ initializeMs }) => initializeMs)),
    toolsMs: median(figures.map(({ toolsMs }) => toolsMs)),
    foldersMs: folders.length > 0 ? median(folders) : undefined,
    residentBytes: resident.length > 0 ? median(resident) : undefined,
  };
}

function describePackage(): string {
  const [{ size, unpackedSize, entryCount }] = JSON.parse(
    execFileSync("npm", ["pack", "--dry-run", "--json", "--silent", "--ignore-scripts"], {
      encoding: "utf8",
    }),
  );
  return `${megabytes(size)} packed, ${megabytes(unpackedSize)} unpacked, ${entryCount} files`;
}
