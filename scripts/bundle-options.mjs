import { withoutUnusedParts } from "./unused-parts.mjs";

/** How everything that runs in Node is bundled for users. */
export const BUNDLE_OPTIONS = {
  bundle: true,
  format: "esm",
  platform: "node",
  target: "node20.19",
  minifySyntax: true,
  minifyWhitespace: true,
  legalComments: "none",
  plugins: [withoutUnusedParts],
  // Its CommonJS form finds its own files at run time, where no bundler sees them.
  alias: { "jsonc-parser": "jsonc-parser/lib/esm/main.js" },
  banner: {
    js: "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);",
  },
  logLevel: "warning",
};

/** How what runs first is bundled: old Nodes, too, can read it, as a script or as a module. */
export const LAUNCHER_OPTIONS = {
  bundle: true,
  format: "esm",
  platform: "node",
  target: "node10",
  supported: { "dynamic-import": true },
  legalComments: "none",
  logLevel: "warning",
};
