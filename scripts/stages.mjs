import { readFileSync } from "node:fs";
import { resolve } from "node:path";

/** What the program loads later, and what has been loaded by then. */
const LOADED_BEFORE = {
  "src/tools/catalog.ts": "src/program.ts",
  "src/service/create-asset-service.ts": "src/tools/catalog.ts",
  "src/service/on-demand-methods.ts": "src/service/create-asset-service.ts",
  "src/inspection/thread/isolated-inspector.ts": "src/service/create-asset-service.ts",
  "src/pictures/process/isolated-optimizer.ts": "src/service/create-asset-service.ts",
  "src/cli/clients/config-command.ts": "src/program.ts",
  "src/cli/doctor.ts": "src/service/create-asset-service.ts",
  "src/cli/sync-command.ts": "src/program.ts",
  "src/demo/demo.ts": "src/program.ts",
};

/**
 * esbuild plugin that lets each import what is loaded before it. For every combination of entries that need a module, esbuild
 * writes a file of its own; where whoever needs the later needs the earlier, too, `initialize` waits for four instead of sixteen.
 */
export const inStages = {
  name: "in-stages",
  setup(build) {
    const before = new Map(
      Object.entries(LOADED_BEFORE).map(([later, earlier]) => [resolve(later), resolve(earlier)]),
    );
    build.onLoad({ filter: /[\\/]src[\\/].+\.ts$/ }, ({ path }) => {
      const earlier = before.get(path);
      if (earlier === undefined) return undefined;
      const contents = `import ${JSON.stringify(earlier)};\n${readFileSync(path, "utf8")}`;
      return { contents, loader: "ts" };
    });
  },
};
