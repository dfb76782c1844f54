import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { format } from "node:util";
import { cursorLink, SETTINGS, START, vsCodeLink } from "./clients.mjs";
import { clientSections } from "./install-page.mjs";
import { loadTypeScript } from "./load-typescript.mjs";
import { pluginManifests } from "./plugins.mjs";

/*
 * Writes what follows from the sources: the tool table and the install links in README.md, server.json, the icon, the
 * clients in docs/install.md, and the manifests of the plugins.
 * With --check it only compares, and fails when something has to be generated again.
 */

const { TOOLS } = await loadTypeScript("src/tools/catalog.ts");
const { ICON_SVG } = await loadTypeScript("src/server/icon.ts");
const packageJson = JSON.parse(readFileSync("package.json", "utf8"));

const REPOSITORY = packageJson.repository.url.replace(/^git\+|\.git$/g, "");
const ICON_URL = `${REPOSITORY.replace("github.com", "raw.githubusercontent.com")}/main/docs/icon.svg`;

const readme = readFileSync("README.md", "utf8");
const outputs = [
  {
    file: "README.md",
    text: withSection(withSection(readme, "tools", toolTable()), "install-links", installLinks()),
  },
  {
    file: "docs/install.md",
    text: withSection(readFileSync("docs/install.md", "utf8"), "clients", `\n${await clientSections()}\n`),
  },
  { file: "server.json", text: json(registryEntry()) },
  { file: "docs/icon.svg", text: `${ICON_SVG}\n` },
  ...Object.entries(pluginManifests(packageJson)).map(([file, content]) => ({ file, text: json(content) })),
];

for (const { file, text } of outputs) {
  if (!process.argv.includes("--check")) write(file, text);
  else if (readIfThere(file) !== text) {
    console.error(format("%s is not up to date: npm run generate", file));
    process.exitCode = 1;
  }
}

function write(file, text) {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
}

function json(value) {
  return `${JSON.stringify(value, null, 2)}\n`;
}

function readIfThere(file) {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return undefined;
  }
}

/** Replaces what stands between `<!-- name -->` and `<!-- /name -->`. */
function withSection(text, name, content) {
  const section = new RegExp(`(<!-- ${name} -->\n)[^]*?(<!-- /${name} -->)`);
  if (!section.test(text)) throw new Error(`There is no section ${name} to write into`);
  return text.replace(section, (_, start, end) => `${start}${content}\n${end}`);
}

function toolTable() {
  const rows = TOOLS.map(({ name, description, annotations: { readOnlyHint, destructiveHint } }) => {
    const effect = readOnlyHint ? "reads" : destructiveHint ? "changes or deletes" : "adds";
    return `| \`${name}\` | ${firstSentence(description)} | ${effect} |`;
  });
  return ["| tool | what it does | on the site it |", "|---|---|---|", ...rows].join("\n");
}

function firstSentence(description) {
  return (/^.*?[.;](?=\s|$)/s.exec(description)?.[0] ?? description)
    .replace(/[.;]$/, "")
    .replaceAll("|", "\\|");
}

function installLinks() {
  return `[Install in VS Code](${vsCodeLink()}) · [Install in Cursor](${cursorLink()})`;
}

/** The entry of the MCP Registry: https://github.com/modelcontextprotocol/registry, docs/reference/server-json. */
function registryEntry() {
  return {
    $schema: "https://static.modelcontextprotocol.io/schemas/2025-12-11/server.schema.json",
    name: packageJson.mcpName,
    title: "Webflow Assets",
    description: "Upload and organise the assets of a Webflow site: folders, files, alt texts.",
    version: packageJson.version,
    websiteUrl: packageJson.homepage,
    repository: { url: REPOSITORY, source: "github" },
    icons: [{ src: ICON_URL, mimeType: "image/svg+xml", sizes: ["any"] }],
    packages: [
      {
        registryType: "npm",
        identifier: packageJson.name,
        version: packageJson.version,
        runtimeHint: START.command,
        transport: { type: "stdio" },
        packageArguments: [
          {
            type: "positional",
            valueHint: "directory",
            description: "Directory that local files may come from",
            format: "filepath",
            isRequired: false,
            isRepeated: true,
          },
        ],
        environmentVariables: SETTINGS.map(({ name, description, isSecret = false }) => ({
          name,
          description,
          isRequired: false,
          isSecret,
          format: "string",
        })),
      },
    ],
  };
}
