import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import sharp from "sharp";
import {
  compoundFileOfOneSmallSector,
  FILES_OF_EMPTY_PARTS,
  jpegOfCircularExif,
  jsonNestedDeeply,
  jsonOfObjects,
  pngOfNestedNamespaces,
  pngOfPackedTexts,
  svgNestedDeeply,
  svgOfElements,
  svgOfOneAttribute,
  svgOfOneLongDeclaration,
  svgOfOpenEntities,
  svgOfWrongEndTags,
  zipOfOneNameOften,
  zipWithClaimedEntries,
} from "../../test/builders/hostile-files.js";
import { newDirectory, type OurServer, startOurServer } from "../our-server.js";
import { type Answer, megabytes } from "../table.js";
import { SMALL_FILES, startWorld } from "../world.js";

const PAUSE_MS = 10;
/** So many pings at least, however soon the file is judged. */
const LEAST_PINGS = 50;
const GOAL_MS = 100;

/** How long others wait for an answer while a hostile file is judged. */
export async function measurePing(): Promise<Answer> {
  const directory = newDirectory();
  const world = await startWorld({ latencyMs: 0, originLatencyMs: 0, sizes: SMALL_FILES });
  const server = await startOurServer(world, { directories: [directory] });
  const rows: (string | number)[][] = [];
  for (const [name, bytes] of await attacks()) {
    const source = join(directory, name);
    writeFileSync(source, bytes);
    const cpuBefore = server.cpuMs() ?? 0;
    const { outcome, waits } = await pingDuring(server, source);
    const cpuMs = (server.cpuMs() ?? 0) - cpuBefore;
    const sorted = waits.sort((a, b) => a - b);
    const p99 = sorted[Math.ceil(sorted.length * 0.99) - 1] ?? Number.NaN;
    const longest = sorted.at(-1) ?? Number.NaN;
    rows.push([
      name,
      outcome,
      `${cpuMs} ms`,
      waits.length,
      `${p99.toFixed(1)} ms`,
      `${longest.toFixed(1)} ms`,
    ]);
  }
  const peak = megabytes(server.peakBytes());
  await server.close();
  world.close();
  rmSync(directory, { recursive: true });
  return {
    title: "Waiting while hostile files are judged",
    setting: `A ping every ${PAUSE_MS} ms while \`uploadAsset\` judges each file (with \`optimize\` and \`dryRun\`), one file after the other.`,
    columns: ["file", "answer", "processor time", "pings", "99 of 100 within", "longest wait"],
    rows,
    notes: [`Goal: each ping is answered within ${GOAL_MS} ms. The server's peak over all of them: ${peak}.`],
  };
}

async function pingDuring(server: OurServer, source: string): Promise<{ outcome: string; waits: number[] }> {
  let outcome: string | undefined;
  const judged = server.call("uploadAsset", { source, optimize: true, dryRun: true }).then(
    () => {
      outcome = "accepted";
    },
    (error: unknown) => {
      outcome = /\[([A-Z_\d]+)\]/.exec(String(error))?.[1] ?? "failed";
    },
  );
  const waits: number[] = [];
  while (outcome === undefined || waits.length < LEAST_PINGS) {
    const sentAt = performance.now();
    await server.client.ping();
    waits.push(performance.now() - sentAt);
    await sleep(PAUSE_MS);
  }
  await judged;
  return { outcome, waits };
}

async function attacks(): Promise<[name: string, bytes: Buffer][]> {
  const jpeg = await sharp({ create: { width: 8, height: 8, channels: 3, background: "teal" } })
    .jpeg()
    .toBuffer();
  return [
    ["claimed-entries.docx", zipWithClaimedEntries()],
    ["one-name-often.docx", zipOfOneNameOften()],
    ["one-sector.doc", compoundFileOfOneSmallSector()],
    ["wrong-end-tags.svg", svgOfWrongEndTags()],
    ["nested.svg", svgNestedDeeply()],
    ["open-entities.svg", svgOfOpenEntities()],
    ["one-attribute.svg", svgOfOneAttribute()],
    ["elements.svg", svgOfElements()],
    ["one-declaration.svg", svgOfOneLongDeclaration()],
    ["nested.json", jsonNestedDeeply()],
    ["objects.json", jsonOfObjects()],
    ["packed-texts.png", pngOfPackedTexts()],
    ["namespaces.png", pngOfNestedNamespaces()],
    ["circular-exif.jpg", jpegOfCircularExif(jpeg)],
    ...Object.entries(FILES_OF_EMPTY_PARTS).map(([name, build]): [string, Buffer] => [name, build()]),
  ];
}
