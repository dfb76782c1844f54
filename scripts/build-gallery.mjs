import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { build } from "esbuild";

const VIEW = "src/gallery/view";
/** Clients keep the view in memory with every conversation that shows it. Bytes, uncompressed. */
const MAX_BYTES = 61_440;

/** Bundles the view into one HTML file without any reference to another file. */
export async function buildGallery(outputFile) {
  const [script, styles] = await Promise.all([bundled(`${VIEW}/main.ts`), bundled(`${VIEW}/gallery.css`)]);
  const template = readFileSync(`${VIEW}/index.html`, "utf8").replace(/\n\s+/g, "\n");
  const html = template
    .replace("/* styles */", () => styles)
    .replace("/* script */", () => script.replaceAll("</script", "<\\/script"));
  const bytes = Buffer.byteLength(html);
  if (bytes > MAX_BYTES) throw new Error(`The gallery has ${bytes} bytes; at most ${MAX_BYTES} are allowed`);
  mkdirSync(dirname(outputFile), { recursive: true });
  writeFileSync(outputFile, html);
}

async function bundled(entryPoint) {
  const { outputFiles } = await build({
    entryPoints: [entryPoint],
    bundle: true,
    write: false,
    minify: true,
    format: "iife",
    target: ["chrome123", "firefox128", "safari17.5"],
    charset: "utf8",
    legalComments: "none",
    logLevel: "warning",
  });
  return outputFiles[0].text.trim();
}
