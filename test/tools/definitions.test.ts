import { encode } from "gpt-tokenizer/encoding/o200k_base";
import { describe, expect, it } from "vitest";
import { describeTool } from "../../src/server/describe-tool.js";
import { TOOLS } from "../../src/tools/catalog.js";
import { uploadAssets } from "../../src/tools/upload-assets.js";

const CORE = ["listFolders", "ensureFolder", "uploadAsset"];
const READING = [
  "listSites",
  "listFolders",
  "listAssets",
  "getAsset",
  "viewAsset",
  "showGallery",
  "findUses",
  "auditAssets",
];

function tokensOf(names: readonly string[]): number {
  const listed = TOOLS.filter(({ name }) => names.includes(name)).map(describeTool);
  return encode(JSON.stringify(listed)).length;
}

describe("the tool definitions", () => {
  it("cost less than 6,000 tokens in all, the core three less than 1,400", () => {
    expect(tokensOf(TOOLS.map(({ name }) => name))).toBeLessThan(6_000);
    expect(tokensOf(CORE)).toBeLessThan(1_400);
  });

  it("describe every argument of an item, for clients that load the tools one by one", () => {
    const listed = JSON.stringify(TOOLS.map(describeTool));
    expect(listed).not.toMatch(/As for \w+/);
    const upload = describeTool(uploadAssets);
    const { items } =
      (upload.inputSchema.properties as Record<string, { items: { properties: object } }>)["items"] ?? {};
    for (const [name, property] of Object.entries(items?.properties ?? {})) {
      expect(property, name).toHaveProperty("description");
    }
  });

  it("spell out all four hints, and mark exactly the reading tools as reading", () => {
    for (const { annotations } of TOOLS) {
      expect(Object.keys(annotations).sort()).toEqual([
        "destructiveHint",
        "idempotentHint",
        "openWorldHint",
        "readOnlyHint",
      ]);
    }
    expect(
      TOOLS.filter(({ annotations }) => annotations.readOnlyHint)
        .map(({ name }) => name)
        .sort(),
    ).toEqual([...READING].sort());
  });

  it("have an output schema, all but viewAsset", () => {
    expect(TOOLS.filter(({ output }) => !output).map(({ name }) => name)).toEqual(["viewAsset"]);
  });
});
