const SIGNATURE = Buffer.from("d0cf11e0a1b11ae1", "hex");
const DIRECTORY_ENTRY_BYTES = 128;
const HEADER_FAT_ENTRIES = 109;
const MAX_REGULAR_SECTOR = 0xfffffffa;
const NO_ENTRY = 0xffffffff;
/** [MS-CFB] 2.2, "Sector Shift": 9 in version 3 and 12 in version 4, nothing else. */
const SECTOR_SHIFTS = [9, 12];
/** Legacy Office files have some dozens of entries below their root, embedded objects included. */
const MOST_ENTRIES = 4_096;

/** A compound file as sectors of one size, and the sectors that hold its FAT, in order. */
interface Sectors {
  readonly bytes: Buffer;
  readonly sectorBytes: number;
  readonly fatSectors: readonly number[];
}

/**
 * The names of the streams and storages directly below the root of a compound file, the container of legacy Office
 * files; undefined if `bytes` are not one, or damaged. Deeper levels (embedded documents) are left out, and so is
 * everything beyond the first 4,096 entries. Source: [MS-CFB] Compound File Binary File Format, sections 2.2 to 2.6.
 */
export function compoundFileEntries(bytes: Buffer): string[] | undefined {
  if (bytes.length < 512 || !bytes.subarray(0, 8).equals(SIGNATURE)) return undefined;
  const shift = bytes.readUInt16LE(30);
  if (!SECTOR_SHIFTS.includes(shift)) return undefined;
  try {
    const sectorBytes = 2 ** shift;
    const sectors = { bytes, sectorBytes, fatSectors: readFatSectors(bytes, sectorBytes) };
    const chain = followChain(sectors, bytes.readUInt32LE(48));
    return namesBelowRoot(Buffer.concat(chain.map((sector) => sectorAt(bytes, sector, sectorBytes))));
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

/** The sectors of the table that names, for each sector, the next one of its chain. Each is counted once. */
function readFatSectors(bytes: Buffer, sectorBytes: number): number[] {
  const header = numbersOf(bytes.subarray(76, 76 + HEADER_FAT_ENTRIES * 4));
  const found = new Set(header);
  const visited = new Set<number>();
  const lies = (sector: number): boolean => (sector + 1) * sectorBytes < bytes.length;
  let sector = bytes.readUInt32LE(68);
  // Beyond the 109 that the header has room for, the last number of each sector links on.
  while (lies(sector) && !visited.has(sector)) {
    visited.add(sector);
    const numbers = numbersOf(sectorAt(bytes, sector, sectorBytes));
    sector = numbers.pop() ?? NO_ENTRY;
    for (const number of numbers) found.add(number);
  }
  return [...found].filter(lies);
}

function followChain(sectors: Sectors, first: number): number[] {
  const most = (MOST_ENTRIES * DIRECTORY_ENTRY_BYTES) / sectors.sectorBytes;
  const chain = new Set<number>();
  let sector = first;
  while (sector <= MAX_REGULAR_SECTOR && !chain.has(sector) && chain.size < most) {
    chain.add(sector);
    sector = nextSector(sectors, sector);
  }
  return [...chain];
}

function nextSector({ bytes, sectorBytes, fatSectors }: Sectors, sector: number): number {
  const perFatSector = sectorBytes / 4;
  const fatSector = fatSectors[Math.floor(sector / perFatSector)];
  if (fatSector === undefined) return NO_ENTRY;
  const position = (fatSector + 1) * sectorBytes + (sector % perFatSector) * 4;
  return position + 4 > bytes.length ? NO_ENTRY : bytes.readUInt32LE(position);
}

/** Entry 0 is the root; its children form a binary tree by their left and right siblings. */
function namesBelowRoot(directory: Buffer): string[] {
  const names: string[] = [];
  const visited = new Set<number>();
  const waiting = [directory.readUInt32LE(76)];
  for (let id = waiting.pop(); id !== undefined; id = waiting.pop()) {
    const start = id * DIRECTORY_ENTRY_BYTES;
    if (visited.has(id) || start + DIRECTORY_ENTRY_BYTES > directory.length) continue;
    visited.add(id);
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
