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
    // webflow-api's fetch for Node 18, and of its helper that uploads without checks; 330 kB with its dependencies.
    path: /^node-fetch$/,
    importer: /[\\/]webflow-api[\\/]/,
    contents: "export default (...request) => fetch(...request);",
  },
];

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
  },
};
