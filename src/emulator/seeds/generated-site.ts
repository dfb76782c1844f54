import { seededRandom } from "../behaviour/seeded-random.js";
import type { Database } from "../database/database.js";
import { type GeneratedContent, type GeneratedUses, generateContent } from "./generated-content.js";
import { GENERATED_TYPES } from "./generated-files.js";

export interface GeneratedSite extends GeneratedContent {
  readonly folders: number;
  readonly assets: number;
  /** How deep folders nest at the most. */
  readonly depth?: number;
  /** Share of the assets that have alt text, 0 to 1. */
  readonly altTextShare?: number;
}

const THEMES = [
  "Spring",
  "Summer",
  "Autumn",
  "Winter",
  "Launch",
  "Press",
  "Team",
  "Blog",
  "Product",
  "Archive",
] as const;
const KINDS = ["Photos", "Icons", "Banners", "Logos", "Drafts", "Social", "Web", "Print"] as const;
const SUBJECTS = [
  "harbour",
  "meadow",
  "office",
  "portrait",
  "café-terrasse",
  "skyline",
  "workshop",
  "detail",
] as const;
const HOUR_MS = 3_600_000;

/** Fills a site like years of use, an asset an hour up to now; bytes are made on demand, content if asked for. */
export function generateSite(
  database: Database,
  siteId: string,
  { folders, assets, depth = 4, altTextShare = 0.5, ...content }: GeneratedSite,
): GeneratedUses {
  const random = seededRandom(folders * 100_003 + assets);
  const firstMs = database.now() - (assets + 1) * HOUR_MS;
  const made: { id: string; level: number }[] = [];
  for (let index = 0; index < folders; index += 1) {
    const parents = made.filter(({ level }) => level < depth);
    const parent = random() < 0.8 ? pickAny(parents, random) : undefined;
    const displayName = `${pick(THEMES, random)} ${pick(KINDS, random)} ${index + 1}`;
    const folder = { siteId, displayName, parentFolder: parent?.id ?? null, createdAtMs: firstMs };
    made.push({ id: database.addFolder(folder).id, level: (parent?.level ?? 0) + 1 });
  }
  for (let index = 0; index < assets; index += 1) {
    const type = pick(GENERATED_TYPES, random);
    const subject = pick(SUBJECTS, random);
    const folder = random() < 0.95 ? pickAny(made, random) : undefined;
    database.addAsset({
      siteId,
      fileName: `${subject}-${String(index + 1).padStart(5, "0")}.${type.extension}`,
      contentType: type.contentType,
      parentFolder: folder?.id ?? null,
      altText: random() < altTextShare ? `A ${subject} in picture ${index + 1}` : null,
      bytes: () => type.makeFile(index),
      createdAtMs: firstMs + (index + 1) * HOUR_MS,
    });
  }
  return generateContent(database, siteId, content);
}

function pick<Item>(items: readonly [Item, ...Item[]], random: () => number): Item {
  return pickAny(items, random) ?? items[0];
}

/** Undefined when there is none. */
function pickAny<Item>(items: readonly Item[], random: () => number): Item | undefined {
  return items[Math.floor(random() * items.length)];
}
