import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";

interface Component {
  readonly name: string;
  readonly version: string;
  readonly scope: string;
  readonly purl: string;
  readonly hashes: readonly { readonly alg: string; readonly content: string }[];
}

const { components } = JSON.parse(readFileSync("sbom.cdx.json", "utf8")) as { components: Component[] };
const lock = JSON.parse(readFileSync("package-lock.json", "utf8"));

/** A version may lie in another package's own directory. */
function lockedDigest(name: string, version: string): string {
  const [, entry] =
    Object.entries<{ version: string; integrity: string }>(lock.packages).find(
      ([path, locked]) => path.endsWith(`node_modules/${name}`) && locked.version === version,
    ) ?? [];
  return Buffer.from((entry?.integrity ?? "").replace("sha512-", ""), "base64").toString("hex");
}

describe("the bill of materials", () => {
  it("lists the packages whose licences the package carries, and sharp as optional", () => {
    const notices = readFileSync("THIRD-PARTY-NOTICES", "utf8");
    const bundled = [...notices.matchAll(/^-{80}\n\n(\S+) (\S+) \(/gm)].map(
      ([, name, version]) => `${name}@${version}`,
    );
    const listed = (scope: string) =>
      components.filter((part) => part.scope === scope).map(({ name, version }) => `${name}@${version}`);
    expect(bundled.length).toBeGreaterThan(10);
    expect(listed("required")).toEqual(bundled);
    expect(listed("optional")).toEqual([`sharp@${lock.packages["node_modules/sharp"].version}`]);
  });

  it("gives each with the checksum that npm verifies for that version", () => {
    for (const { name, version, hashes } of components) {
      expect({ name, hashes }).toEqual({
        name,
        hashes: [{ alg: "SHA-512", content: lockedDigest(name, version) }],
      });
    }
  });

  it("writes a scope into a package URL as the specification has it", () => {
    expect(components.map(({ purl }) => purl)).toContain(
      `pkg:npm/%40modelcontextprotocol/sdk@${lock.packages["node_modules/@modelcontextprotocol/sdk"].version}`,
    );
  });
});
