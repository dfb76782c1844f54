import { createHash } from "node:crypto";
import { createIdIndex, findIds } from "../../src/references/find-ids.js";
import { readPage } from "../../src/references/page.js";
import { readStyleSheet } from "../../src/references/style-sheet.js";
import { type Answer, median } from "../table.js";

const SITE = "65f0aa000000000000000001";
const ASSETS = 20_000;
const BYTES = 100_000;
const ROUNDS = 7;
const ROUND_MS = 300;
const GOAL = 200;

/** How fast texts are searched for the ids of a large library. */
export async function measureScan(): Promise<Answer> {
  const ids = Array.from({ length: ASSETS }, (_, index) => hexOf(index));
  const search = { index: createIdIndex(ids), siteId: SITE };
  const page = repeated((number) => section(number, ids));
  const sheet = repeated((number) => `.c-${number}{color:#aabbcc;background:url('${urlOf(number, ids)}')}\n`);
  const prose = repeated(
    (number) => `<p>Decade ${number}: faced, added, deed. ${"Words and words. ".repeat(12)}</p>`,
  );
  const scan = (text: Buffer) => () => findIds(text, search.index);
  const scanned = speedOf(page, scan(page));
  return {
    title: "Search for ids",
    setting: `Texts of ${BYTES / 1000} kB, searched for the ids of ${ASSETS} assets in this process; the median of ${ROUNDS} rounds.`,
    columns: ["what", "MB/s"],
    rows: [
      ["a page full of pictures: the ids", scanned],
      ["a page of prose: the ids", speedOf(prose, scan(prose))],
      ["a style sheet full of pictures: the ids", speedOf(sheet, scan(sheet))],
      ["a page full of pictures: ids, places and links", speedOf(page, () => readPage(page, search))],
      ["a style sheet full of pictures: ids and places", speedOf(sheet, () => readStyleSheet(sheet, search))],
    ],
    notes: [`Goal: the search alone at least ${GOAL} MB/s. ${scanned >= GOAL ? "Met." : "Missed."}`],
  };
}

function section(number: number, ids: readonly string[]): string {
  const url = urlOf(number, ids);
  return `<div class="section c-${number}"><p>Lorem ipsum dolor sit amet. ${"Words and words. ".repeat(12)}</p><a href="/page-${number}">More</a><img src="${url}" srcset="${url} 500w" alt=""></div>\n`;
}

function urlOf(number: number, ids: readonly string[]): string {
  return `https://cdn.prod.website-files.com/${SITE}/${ids[number % ids.length]}_name.jpg`;
}

function hexOf(index: number): string {
  return createHash("sha256").update(`asset ${index}`).digest("hex").slice(0, 24);
}

function repeated(part: (number: number) => string): Buffer {
  let text = "";
  for (let number = 0; text.length < BYTES; number += 1) text += part(number);
  return Buffer.from(text);
}

/** Megabytes a second. */
function speedOf(text: Buffer, work: () => unknown): number {
  return Math.round(median(Array.from({ length: ROUNDS }, () => oneRound(text, work))));
}

function oneRound(text: Buffer, work: () => unknown): number {
  const startedAt = performance.now();
  let bytes = 0;
  while (performance.now() - startedAt < ROUND_MS) {
    work();
    bytes += text.length;
  }
  return bytes / 1000 / (performance.now() - startedAt);
}
