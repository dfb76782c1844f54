import { readFileSync, writeFileSync } from "node:fs";

/**
 * Writes what is in the package, by CycloneDX 1.6 (https://cyclonedx.org/docs/1.6/json/): the packages that are bundled into dist/,
 * which no package manager of a user can see, with the checksums of the lock file, and the optional ones that npm installs beside it.
 */
export function writeBillOfMaterials(packages, outputFile) {
  const project = JSON.parse(readFileSync("package.json", "utf8"));
  const { packages: locked } = JSON.parse(readFileSync("package-lock.json", "utf8"));
  const optional = Object.keys(project.optionalDependencies).map((name) => ({
    directory: `node_modules/${name}`,
    packageJson: { name, ...locked[`node_modules/${name}`] },
  }));
  const components = [
    ...packages.map((entry) => component(entry, locked, "required")),
    ...optional.map((entry) => component(entry, locked, "optional")),
  ];
  const self = packageUrl(project.name, project.version);
  const bill = {
    $schema: "http://cyclonedx.org/schema/bom-1.6.schema.json",
    bomFormat: "CycloneDX",
    specVersion: "1.6",
    version: 1,
    metadata: {
      lifecycles: [{ phase: "build" }],
      component: {
        type: "application",
        "bom-ref": self,
        name: project.name,
        version: project.version,
        purl: self,
        licenses: licences(project.license),
      },
    },
    components,
    dependencies: [{ ref: self, dependsOn: components.map((part) => part["bom-ref"]) }],
  };
  writeFileSync(outputFile, `${JSON.stringify(bill, null, 2)}\n`);
}

function component({ directory, packageJson: { name, version, license } }, locked, scope) {
  const purl = packageUrl(name, version);
  return {
    type: "library",
    "bom-ref": purl,
    name,
    version,
    scope,
    purl,
    licenses: licences(license),
    hashes: hashes(locked[directory]?.integrity),
  };
}

/** https://github.com/package-url/purl-spec, type npm: the @ of a scope is percent-encoded. */
function packageUrl(name, version) {
  return `pkg:npm/${name.replace(/^@/, "%40")}@${version}`;
}

function licences(license) {
  return license === undefined ? [] : [{ expression: license }];
}

/** Of the archive that npm downloads: https://w3c.github.io/webappsec-subresource-integrity/ in the lock file, hexadecimal here. */
function hashes(integrity) {
  if (integrity === undefined) return [];
  const [algorithm, digest] = integrity.split("-");
  return [{ alg: algorithm.replace("sha", "SHA-"), content: Buffer.from(digest, "base64").toString("hex") }];
}
