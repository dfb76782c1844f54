import { countTokens } from "gpt-tokenizer/encoding/o200k_base";
import { seededRandom } from "../../src/emulator/behaviour/seeded-random.js";
import { otherServers, startServer } from "../other-servers.js";
import { startOurServer } from "../our-server.js";
import type { Answer } from "../table.js";
import { NETWORK, SMALL_FILES, startWorld, type World } from "../world.js";
import { batchOf, FOLDERS } from "./upload.js";

/** In seconds since 1970. */
const [FIRST_ID_AT, LAST_ID_AT] = [Date.UTC(2018, 0) / 1000, Date.UTC(2026, 0) / 1000];
const CORE_TOOLS = ["listFolders", "ensureFolder", "uploadAsset"];

/** Question 5: what the assistant pays for definitions and answers, in o200k tokens. */
export async function measureTokens(): Promise<Answer> {
  const world = await startWorld({
    ...NETWORK,
    latencyMs: 0,
    sizes: SMALL_FILES,
    folders: FOLDERS,
    site: { assets: 500, folders: 20 },
  });
  const server = await startOurServer(world);
  const { tools } = await server.client.listTools();
  const core = tools.filter(({ name }) => CORE_TOOLS.includes(name));
  const page = await server.call("listAssets", { limit: 50 });
  const without = (...keys: string[]) => ({
    ...page,
    assets: (page["assets"] as object[]).map((asset) => ({
      ...asset,
      ...Object.fromEntries(keys.map((key) => [key, undefined])),
    })),
  });
  const bare = without("altText");
  const withoutLong = without("altText", "id", "url", "folder");
  const [file = { source: "", fileName: "", folder: "" }] = batchOf(world, 1);
  const upload = await server.call("uploadAsset", { ...file });
  const batch = await server.uploadAll(batchOf(world, 301).slice(1));
  const rawPage = await rawListing(world, 50);
  await server.close();
  world.close();

  const rows: (string | number)[][] = [
    ["`tools/list`, all of ours", tokens(tools), `${tools.length} tools`],
    ["`tools/list`, the core three", tokens(core), core.map(({ name }) => name).join(", ")],
    ...(await otherDefinitions()),
    ["a page of 50 assets from `listAssets`", tokens(page), each(page, 50)],
    ["the same without alt texts", tokens(bare), each(bare, 50)],
    ["ids, URLs and folder paths in that", tokens(bare) - tokens(withoutLong), "no tool can shorten them"],
    ["the same 50 from the Data API as it answers", tokens(rawPage), each(rawPage, 50)],
    ["an `uploadAsset` result", tokens(upload), ""],
    ["an `uploadAssets` result of 300 files", tokens(batch), each(batch, 300)],
  ];
  return {
    figure: {
      title: "Tool definitions that the assistant loads",
      unit: "tokens",
      bars: rows
        .filter(([what]) => String(what).startsWith("`tools/list`") && !String(what).includes("core"))
        .map(
          ([what, count]) =>
            [
              String(what)
                .replace(/^`tools\/list`,? ?(of )?/, "")
                .replace("all of ours", "webflow-assets-mcp")
                .replaceAll("`", ""),
              Number(count),
            ] as const,
        ),
    },
    title: "What it costs the assistant",
    setting:
      "o200k tokens of definitions (as `tools/list` sends them) and of results (their text, which is their JSON). Hosts of the emulator are counted at the length of Webflow's own, and its ids as if made over eight years.",
    columns: ["what", "tokens", ""],
    rows,
    notes: [
      "Goals: all definitions under 6,000, the core three under 1,400, an asset of a page at most 100 (alt text, whose length is the user's, not counted).",
      "Other servers offer other tools: their figure says what loading them costs, not what ours would cost there.",
    ],
  };
}

async function otherDefinitions(): Promise<(string | number)[][]> {
  const rows: (string | number)[][] = [];
  for (const { name, start } of otherServers()) {
    const { client, close } = await startServer(start);
    const { tools } = await client.listTools();
    await close();
    rows.push([`\`tools/list\` of \`${name}\``, tokens(tools), `${tools.length} tools`]);
  }
  return rows;
}

async function rawListing(world: World, limit: number): Promise<unknown> {
  const response = await fetch(`${world.apiBaseUrl}/sites/${world.siteId}/assets?limit=${limit}`, {
    headers: { authorization: `Bearer ${world.token}` },
  });
  return response.json();
}

/** Of its JSON, with hosts of the length of Webflow's own. */
function tokens(value: unknown): number {
  const text = JSON.stringify(value).replaceAll(/http:[^"]*?-assets/g, "https://cdn.prod.website-files.com");
  return countTokens(withOtherIds(text));
}

/**
 * Ids begin with the second they were made in, and what they cost depends on their digits. Those of the emulator are all of
 * this moment, so others take their places: the same ones each time.
 */
function withOtherIds(text: string): string {
  const random = seededRandom(1);
  const hex = (value: number, digits: number): string => Math.floor(value).toString(16).padStart(digits, "0");
  const others = new Map<string, string>();
  return text.replaceAll(/[0-9a-f]{24}/g, (id) => {
    const madeAt = FIRST_ID_AT + random() * (LAST_ID_AT - FIRST_ID_AT);
    const other = others.get(id) ?? hex(madeAt, 8) + hex(random() * 2 ** 32, 8) + hex(random() * 2 ** 32, 8);
    others.set(id, other);
    return other;
  });
}

function each(value: unknown, count: number): string {
  return `${(tokens(value) / count).toFixed(0)} each`;
}
