import { createHash } from "node:crypto";
import type { SourceFile } from "../../src/files/source-file.js";

/** A source that was read, with these bytes under this name. */
export function aSourceFile(name: string, bytes: Buffer, overrides: Partial<SourceFile> = {}): SourceFile {
  const md5 = createHash("md5").update(bytes).digest("hex");
  return {
    bytes,
    md5,
    name,
    origin: name === "" ? "data: URI" : `/pictures/${name}`,
    notes: [],
    ...overrides,
  };
}
