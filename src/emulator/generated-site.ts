import { createHash } from "node:crypto";
import { crc32, deflateSync } from "node:zlib";
import { seededRandom } from "./faults.js";
import type { Library } from "./library.js";

export interface GeneratedSite {
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
];
const KINDS = ["Photos", "Icons", "Banners", "Logos", "Drafts", "Social", "Web", "Print"];
const SUBJECTS = [
  "harbour",
  "meadow",
  "office",
  "portrait",
  "café-terrasse",
  "skyline",
  "workshop",
  "detail",
];
const TYPES = [
  ["jpg", "image/jpeg"],
  ["png", "image/png"],
  ["webp", "image/webp"],
  ["svg", "image/svg+xml"],
  ["pdf", "application/pdf"],
] as const;

/** Fills a site with folders and assets as a site of some years has them; the bytes are made when they are asked for. */
export function generateSite(
  library: Library,
  siteId: string,
  { folders, assets, depth = 4, altTextShare = 0.5 }: GeneratedSite,
): void {
  const random = seededRandom(folders * 100_003 + assets);
  const pick = <Item>(items: readonly Item[]): Item => items[Math.floor(random() * items.length)] as Item;
  const made: { id: string; level: number }[] = [];
  for (let index = 0; index < folders; index += 1) {
    const parents = made.filter(({ level }) => level < depth);
    const parent = parents.length > 0 && random() < 0.8 ? pick(parents) : undefined;
    const displayName = `${pick(THEMES)} ${pick(KINDS)} ${index + 1}`;
    const { id } = library.addFolder({ siteId, displayName, parentFolder: parent?.id ?? null });
    made.push({ id, level: (parent?.level ?? 0) + 1 });
  }
  for (let index = 0; index < assets; index += 1) {
    const [extension, contentType] = pick(TYPES);
    const subject = pick(SUBJECTS);
    const folder = random() < 0.95 && made.length > 0 ? pick(made) : undefined;
    const bytes = (): Buffer => generatedBytes(extension, index);
    library.addAsset({
      siteId,
      fileName: `${subject}-${String(index + 1).padStart(5, "0")}.${extension}`,
      contentType,
      fileHash: createHash("md5").update(bytes()).digest("hex"),
      parentFolder: folder?.id ?? null,
      altText: random() < altTextShare ? `A ${subject} in picture ${index + 1}` : null,
      bytes,
      size: bytes().length,
    });
  }
}

function generatedBytes(extension: string, index: number): Buffer {
  if (extension === "pdf") return Buffer.from(`%PDF-1.4\n% document ${index}\n%%EOF\n`);
  if (extension === "svg") {
    return Buffer.from(
      `<svg xmlns="http://www.w3.org/2000/svg" width="8" height="8"><title>${index}</title></svg>`,
    );
  }
  return plainPng(index);
}

/** A PNG of one colour, 1 x 1, different for every number. Browsers go by the bytes, not by the name. */
function plainPng(index: number): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(1, 0);
  header.writeUInt32BE(1, 4);
  header.set([8, 2, 0, 0, 0], 8);
  const pixel = deflateSync(Buffer.from([0, (index * 37) % 256, (index * 91) % 256, (index * 13) % 256]));
  const comment = Buffer.from(`Comment\0${index}`);
  const signature = Buffer.from("89504e470d0a1a0a", "hex");
  return Buffer.concat([
    signature,
    chunk("IHDR", header),
    chunk("tEXt", comment),
    chunk("IDAT", pixel),
    chunk("IEND", Buffer.alloc(0)),
  ]);
}

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, "latin1"), data]);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(data.length);
  const checksum = Buffer.alloc(4);
  checksum.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, checksum]);
}
