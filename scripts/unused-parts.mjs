import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

/** Imports of dependencies that this server never uses as they are, and what takes their place in the bundle. */
const REPLACEMENTS = [
  {
    // undici asserts what servers send, too. To word the failure, Node parses the whole file that it stands in: seconds for a bundle.
    path: /^node:assert$/,
    importer: /[\\/]undici[\\/]/,
    contents: `
      const assert = (value, message = "assertion failed") => {
        if (!value) throw Object.assign(new Error(message), { code: "ERR_ASSERTION" });
      };
      module.exports = Object.assign(assert, { ok: assert, strictEqual: (a, b, message) => assert(a === b, message) });`,
  },
  {
    // The SDK's default validator of elicitation forms; the server passes its own, and Ajv takes 20 ms to load.
    path: /validation\/ajv-provider\.js$/,
    importer: /[\\/]sdk[\\/]dist[\\/]esm[\\/]server[\\/]index\.js$/,
    contents: "export class AjvJsonSchemaValidator {}",
  },
  {
    // What webflow-api can do with shops, forms and the like, a quarter of its code.
    path: /^\.\/api\/resources\/(?:ecommerce|forms|inventory|orders|products|webhooks|workspaces)\//,
    importer: /[\\/]webflow-api[\\/]Client\.js$/,
    contents: "",
  },
  {
    // What it can do with the forms, comments, redirects and the like of a site, and with the fields of a collection.
    path: /^\.\.\/resources\/(?:activityLogs|comments|fields|forms|plans|redirects|robotsTxt|wellKnown)\/client\/Client$/,
    importer: /[\\/]webflow-api[\\/]api[\\/]resources[\\/](?:collections|sites)[\\/]client[\\/]Client\.js$/,
    contents: "",
  },
  {
    // webflow-api's fetch for Node before 18.
    path: /^node-fetch$/,
    importer: /[\\/]webflow-api[\\/]/,
    contents: "",
  },
  {
    // Headers of failures that webflow-api words itself. Taking the global class, it makes Node load its own undici: 25 ms.
    path: /^\.\/Headers$/,
    importer: /[\\/]webflow-api[\\/]core[\\/]fetcher[\\/]/,
    contents: "exports.Headers = class {};",
  },
  {
    // Node's own HTTP, 4 ms to load: undici asks it for the largest header, which only matters where the user sets one, and
    // knows its answers by their class, which the server never sends on.
    path: /^node:http$/,
    importer: /[\\/]undici[\\/]lib[\\/](?:dispatcher[\\/]client|core[\\/]util)\.js$/,
    contents: `
      const options = [process.env.NODE_OPTIONS, ...process.execArgv];
      const isSet = options.some((option) => /max[-_]http[-_]header[-_]size/.test(option));
      exports.maxHeaderSize = isSet ? require("node:http").maxHeaderSize : 16 * 1024;
      exports.IncomingMessage = class {};`,
  },
  {
    // HTTP/2, which undici speaks when it is told to; Node's module for it takes 7 ms to load.
    path: /^\.\/client-h2\.js$/,
    importer: /[\\/]undici[\\/]lib[\\/]dispatcher[\\/]/,
    contents: "",
  },
  {
    // undici's fetch, web sockets, caches, interceptors and mocks, most of its code; the server sends plain requests.
    path: /^\.\/lib\/(?:(?:web|cache|interceptor|mock|handler)\/|dispatcher\/(?:balanced-pool|h2c-client|retry-agent|round-robin-pool)$)/,
    importer: /[\\/]undici[\\/]index\.js$/,
    contents: "module.exports = { CacheStorage: class {} };",
  },
  {
    // form-data's table of media types, an old copy; the server names the type of what it sends.
    path: /^mime-types$/,
    importer: /[\\/]form-data[\\/]/,
    contents: "module.exports = { lookup: () => false };",
  },
];

const FILE_OF_SDK = /[\\/]webflow-api[\\/].+\.js$/;
/** TypeScript's helpers, which each file of webflow-api brings along: half of its text. */
const HELPER = /^var (__\w+) = \(this && this\.\1\) \|\| [\s\S]*?^\}.*;$/gm;

/** The index files of webflow-api, which load some thousand modules, of which a request needs ten. */
const INDEX_OF_SDK = /[\\/]webflow-api[\\/](?:api|serialization)[\\/](?:.+[\\/])?index\.js$/;
const EXPORT_ALL = /^__exportStar\(require\("(.+?)"\), exports\);$/gm;
const EXPORT_AS = /^exports\.(\w+) = __importStar\(require\("(.+?)"\)\);$/gm;
const EXPORT_LATER = `
function exportLater(name, load) {
  const { get, value } = Object.getOwnPropertyDescriptor(exports, name) ?? {};
  if (get ?? value) return;
  Object.defineProperty(exports, name, { enumerable: true, configurable: true, get: load });
}
`;

/** The same exports, each of which loads its module when it is first read. */
function exportingLater(file, text) {
  const later = text
    .replace(EXPORT_ALL, (_, path) =>
      exportedNames(resolveIn(file, path))
        .map((name) => `exportLater("${name}", () => require("${path}").${name});`)
        .join("\n"),
    )
    .replace(EXPORT_AS, (_, name, path) => `exportLater("${name}", () => require("${path}"));`);
  return later + EXPORT_LATER;
}

/** The same module with its helpers from tslib, as TypeScript's `importHelpers` would have it. */
function sharingHelpers(text) {
  const names = [...text.matchAll(HELPER)].map(([, name]) => name);
  const rest = text.replace(HELPER, "");
  const used = names.filter((name) => rest.includes(`${name}(`));
  return used.length === 0 ? rest : `const { ${used.join(", ")} } = require("tslib/tslib.js");${rest}`;
}

function exportedNames(file) {
  const text = readFileSync(file, "utf8");
  const own = [...text.matchAll(/\bexports\.(\w+) =/g)].map(([, name]) => name);
  const others = [...text.matchAll(EXPORT_ALL)].flatMap(([, path]) => exportedNames(resolveIn(file, path)));
  return [...new Set([...own, ...others])];
}

function resolveIn(file, path) {
  return createRequire(file).resolve(path);
}

/** esbuild plugin that leaves them out of the bundle: what is not there needs no time to load. */
export const withoutUnusedParts = {
  name: "without-unused-parts",
  setup(build) {
    for (const { path, importer, contents } of REPLACEMENTS) {
      build.onResolve({ filter: path }, (args) =>
        importer.test(args.importer) ? { path: args.path, namespace: "unused-part" } : undefined,
      );
      build.onLoad({ filter: path, namespace: "unused-part" }, () => ({ contents, loader: "js" }));
    }
    build.onLoad({ filter: FILE_OF_SDK }, ({ path }) => {
      const text = readFileSync(path, "utf8");
      const contents = INDEX_OF_SDK.test(path) ? exportingLater(path, text) : text;
      return { contents: sharingHelpers(contents), loader: "js" };
    });
  },
};
