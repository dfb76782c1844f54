import { existsSync } from "node:fs";
import { join } from "node:path";

/** Node's own `node:module`, as far as it is used here. From Node 22.1 on, it can keep compiled code. */
export interface NodeModule {
  readonly enableCompileCache?: (directory: string) => unknown;
}

/**
 * Lets Node keep the code that it compiles for the next start, which then takes two thirds of the time: below `cache`, the
 * user's own directory for this program. Node would take the directory for temporary files of everybody, where whoever
 * comes first decides what is run. `cache` has to exist, because some Nodes try for ever to make one that cannot be made.
 */
export function keepCompiledCode({ enableCompileCache }: NodeModule, cache: string | undefined): void {
  if (cache !== undefined && existsSync(cache)) enableCompileCache?.(join(cache, "compiled"));
}
