const SIGNATURE = Buffer.from("d0cf11e0a1b11ae1", "hex");
const DIRECTORY_ENTRY_BYTES = 128;
const HEADER_FAT_ENTRIES = 109;
const MAX_REGULAR_SECTOR = 0xfffffffa;
const NO_ENTRY = 0xffffffff;

/**
 * The names of the streams and storages right below the root of a compound file, which is what legacy Office files
 * are; undefined when `bytes` are none, or damaged. What lies deeper (embedded documents) is left out.
 * Source: [MS-CFB] Compound File Binary File Format, sections 2.2 to 2.6.
 */
export function compoundFileEntries(bytes: Buffer): string[] | undefined {
  if (bytes.length < 512 || !bytes.subarray(0, 8).equals(SIGNATURE)) return undefined;
  try {
    const sectorBytes = 1 << bytes.readUInt16LE(30);
    const fat = readFat(bytes, sectorBytes);
    const sectors = followChain(bytes.readUInt32LE(48), fat);
    return namesBelowRoot(Buffer.concat(sectors.map((sector) => sectorAt(bytes, sector, sectorBytes))));
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

/** The table that names, for each sector, the next one of its chain. */
function readFat(bytes: Buffer, sectorBytes: number): number[] {
  const header = numbersOf(bytes.subarray(76, 76 + HEADER_FAT_ENTRIES * 4));
  const fatSectors = [...header, ...furtherFatSectors(bytes, sectorBytes)].filter(isRegularSector);
  return fatSectors.flatMap((sector) => numbersOf(sectorAt(bytes, sector, sectorBytes)));
}

/** The FAT's own sectors beyond the 109 that the header has room for; the last number of each sector links on. */
function furtherFatSectors(bytes: Buffer, sectorBytes: number): number[] {
  const found: number[] = [];
  const visited = new Set<number>();
  let sector = bytes.readUInt32LE(68);
  while (isRegularSector(sector) && !visited.has(sector)) {
    visited.add(sector);
    const numbers = numbersOf(sectorAt(bytes, sector, sectorBytes));
    sector = numbers.pop() ?? NO_ENTRY;
    found.push(...numbers);
  }
  return found;
}

function followChain(first: number, fat: readonly number[]): number[] {
  const chain = new Set<number>();
  for (let sector = first; isRegularSector(sector) && !chain.has(sector); sector = fat[sector] ?? NO_ENTRY) {
    chain.add(sector);
  }
  return [...chain];
}

/** Entry 0 is the root; its children form a binary tree by their left and right siblings. */
function namesBelowRoot(directory: Buffer): string[] {
  const names: string[] = [];
  const visited = new Set<number>();
  const waiting = [directory.readUInt32LE(76)];
  for (let id = waiting.pop(); id !== undefined; id = waiting.pop()) {
    if (id === NO_ENTRY || visited.has(id)) continue;
    visited.add(id);
    const start = id * DIRECTORY_ENTRY_BYTES;
    const nameBytes = Math.max(0, directory.readUInt16LE(start + 64) - 2);
    names.push(directory.toString("utf16le", start, start + Math.min(nameBytes, 62)));
    waiting.push(directory.readUInt32LE(start + 68), directory.readUInt32LE(start + 72));
  }
  return names;
}

function sectorAt(bytes: Buffer, sector: number, sectorBytes: number): Buffer {
  return bytes.subarray((sector + 1) * sectorBytes, (sector + 2) * sectorBytes);
}

function numbersOf(bytes: Buffer): number[] {
  return Array.from({ length: Math.floor(bytes.length / 4) }, (_, index) => bytes.readUInt32LE(index * 4));
}

function isRegularSector(sector: number): boolean {
  return sector <= MAX_REGULAR_SECTOR;
}
