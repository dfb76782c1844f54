import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";

/*
 * `npm run audit`: known weaknesses in what reaches users. Everything that runs is bundled, so `npm audit --omit=dev` sees nothing but
 * sharp: this takes npm's report on all packages, and keeps those in the bill of materials and what sharp brings along.
 * Ends with 1 when there is one, with 2 when npm could not say.
 */

if (!existsSync("sbom.cdx.json")) {
  console.error("There is no sbom.cdx.json yet: npm run build");
  process.exit(2);
}
const shipped = new Map(
  JSON.parse(readFileSync("sbom.cdx.json", "utf8")).components.map(({ name, version }) => [name, version]),
);
const optional = Object.keys(JSON.parse(readFileSync("package.json", "utf8")).optionalDependencies);

const { stdout } = spawnSync("npm", ["audit", "--json"], {
  encoding: "utf8",
  maxBuffer: 64e6,
  shell: process.platform === "win32",
});
const report = readReport(stdout);
if (report.vulnerabilities === undefined) {
  console.error(`npm could not audit: ${report.message ?? report.error?.summary ?? "no report"}`);
  process.exit(2);
}
const found = Object.values(report.vulnerabilities).filter(reachesUsers);
for (const { name, severity, range, via } of found) {
  const titles = via.map((cause) => cause.title ?? cause).join("; ");
  console.error(`${severity}: ${name} ${shipped.get(name) ?? range}: ${titles}`);
}
const total = Object.keys(report.vulnerabilities).length;
console.log(
  `${found.length} of ${shipped.size} shipped packages have known weaknesses (${total} of all, development included).`,
);
process.exitCode = found.length > 0 ? 1 : 0;

function reachesUsers({ name, nodes }) {
  return (
    shipped.has(name) || nodes.some((node) => optional.some((part) => node.includes(`node_modules/${part}/`)))
  );
}

function readReport(text) {
  try {
    return JSON.parse(text);
  } catch {
    return {};
  }
}
