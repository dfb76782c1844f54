import { loadTypeScript } from "./load-typescript.mjs";

/** esbuild plugin that puts the tools' definitions into the bundle as the JSON that `tools/list` answers with. */
export const finishedDefinitions = {
  name: "finished-definitions",
  setup(build) {
    build.onLoad({ filter: /[\\/]src[\\/]server[\\/]tool-definitions\.ts$/ }, async ({ path }) => {
      const { TOOL_DEFINITIONS } = await loadTypeScript(path);
      const json = JSON.stringify(JSON.stringify(TOOL_DEFINITIONS));
      return { contents: `export const TOOL_DEFINITIONS = JSON.parse(${json});`, loader: "js" };
    });
  },
};
