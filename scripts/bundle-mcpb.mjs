import { execFileSync } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { packExtension } from "@anthropic-ai/mcpb";
import sharp from "sharp";
import { loadTypeScript } from "./load-typescript.mjs";
import { mcpbManifest } from "./mcpb-manifest.mjs";

/*
 * `npm run bundle:mcpb`: makes webflow-assets-mcp.mcpb, which Claude Desktop installs, out of dist/ and sharp's
 * WebAssembly build, which runs on every platform.
 */

const OUTPUT = "webflow-assets-mcp.mcpb";
const MAX_BYTES = 15_000_000;

const packageJson = JSON.parse(readFileSync("package.json", "utf8"));
const { TOOLS: tools } = await loadTypeScript("src/tools/catalog.ts");
const { ICON_SVG } = await loadTypeScript("src/server/icon.ts");

const withSharp = (await pack({ withSharp: true })) <= MAX_BYTES;
if (!withSharp) await pack({ withSharp: false });
console.log(
  `${OUTPUT}: ${(statSync(OUTPUT).size / 1e6).toFixed(1)} MB, ${withSharp ? "with" : "without"} sharp`,
);

/** Packs the bundle; resolves to its size in bytes. */
async function pack({ withSharp }) {
  const directory = mkdtempSync(join(tmpdir(), "mcpb-"));
  try {
    const { name, version, type, license } = packageJson;
    cpSync("dist", join(directory, "dist"), { recursive: true });
    for (const file of ["LICENSE", "THIRD-PARTY-NOTICES", "sbom.cdx.json"])
      cpSync(file, join(directory, file));
    cpSync("docs/gallery.png", join(directory, "gallery.png"));
    writeJson(join(directory, "package.json"), { name, version, type, license });
    if (withSharp) installSharp(directory);
    writeJson(join(directory, "manifest.json"), mcpbManifest({ packageJson, tools, withSharp }));
    await sharp(Buffer.from(ICON_SVG)).resize(512, 512).png().toFile(join(directory, "icon.png"));
    if (!(await packExtension({ extensionPath: directory, outputPath: OUTPUT, silent: true }))) {
      throw new Error("the bundle could not be packed: see what mcpb says above");
    }
    return statSync(OUTPUT).size;
  } finally {
    rmSync(directory, { recursive: true });
  }
}

/** Its WebAssembly build, whatever this machine is. */
function installSharp(directory) {
  const wanted = `sharp@${sharp.versions.sharp}`;
  execFileSync("npm", ["install", "--silent", "--no-audit", "--cpu=wasm32", "--ignore-scripts", wanted], {
    cwd: directory,
    stdio: "inherit",
  });
  rmSync(join(directory, "package-lock.json"));
}

function writeJson(file, value) {
  writeFileSync(file, `${JSON.stringify(value, null, 2)}\n`);
}
