import { encode } from "gpt-tokenizer/encoding/o200k_base";
import { afterEach, describe, expect, it } from "vitest";
import type { AuditAssetsResult, Finding } from "../../src/contract/audit-assets.js";
import { numberedPng, pngBytes } from "../builders/bytes.js";
import { callContext } from "../builders/call.js";
import { dataUri, startSite, type TestSite } from "../builders/site.js";

let site: TestSite;

afterEach(() => site.close());

function add(fileName: string, bytes: Buffer, parentFolder: string | null = null): string {
  const { emulator } = site;
  const contentType = fileName.endsWith("pdf") ? "application/pdf" : "image/png";
  const asset = {
    siteId: emulator.siteId,
    displayName: fileName,
    fileName,
    contentType,
    bytes,
    parentFolder,
  };
  return emulator.database.addAsset(asset).id;
}

function audit(request: { folder?: string } = {}): Promise<AuditAssetsResult> {
  return site.service.auditAssets(request, callContext());
}

function findingOn(what: string, { findings }: AuditAssetsResult): Finding | undefined {
  return findings.find((finding) => finding.what.startsWith(what));
}

describe("auditAssets", () => {
  it("counts what was uploaded since the last audit", async () => {
    site = await startSite();
    add("first.png", pngBytes());
    await audit();
    await site.service.uploadAsset({ source: dataUri(numberedPng(1)), fileName: "later.png" }, callContext());
    expect(findingOn("assets", await audit())).toMatchObject({ count: 2 });
  });

  it("reports totals, heavy images, missing alt texts, names and duplicates, each with the call that lists it", async () => {
    site = await startSite();
    const heavy = add("harbour.png", Buffer.concat([pngBytes(), Buffer.alloc(600_000)]));
    const twins = ["IMG_0001.png", "sunrise.png"].map((name) =>
      add(name, Buffer.concat([pngBytes(), Buffer.alloc(50, 7)])),
    );
    // The same size, and other bytes.
    add("moonrise.png", Buffer.concat([pngBytes(), Buffer.alloc(50, 8)]));
    add("prices.pdf", Buffer.from("%PDF-1.7 x"));
    const result = await audit();
    expect(result.status).toBe("complete");
    expect(findingOn("assets", result)).toMatchObject({ count: 5 });
    expect(findingOn("of type image", result)).toMatchObject({
      count: 4,
      list: 'listAssets {"type":"image"}',
    });
    expect(findingOn("images of 500 kB", result)).toMatchObject({
      count: 1,
      examples: [`harbour.png (${heavy}), 600 kB`],
      list: 'listAssets {"type":"image","minSize":500000}',
    });
    expect(findingOn("images without alt text", result)).toMatchObject({ count: 4 });
    expect(findingOn("unclear names", result)).toMatchObject({ count: 1 });
    const duplicates = findingOn("groups of exact duplicates", result);
    expect(duplicates?.count).toBe(1);
    expect(twins.every((id) => duplicates?.examples?.[0]?.includes(id))).toBe(true);
    expect(findingOn("with no reference found", result)).toMatchObject({
      count: 5,
      list: 'findUses {"unreferenced":true}',
    });
  });

  it("looks at one folder and all below it", async () => {
    site = await startSite();
    const { emulator } = site;
    const press = emulator.database.addFolder({ siteId: emulator.siteId, displayName: "Press" });
    const kit = emulator.database.addFolder({
      siteId: emulator.siteId,
      displayName: "Kit",
      parentFolder: press.id,
    });
    add("inside.png", pngBytes(), kit.id);
    add("outside.png", pngBytes());
    const result = await audit({ folder: "Press" });
    expect(findingOn("assets", result)).toMatchObject({ count: 1, list: 'listAssets {"folder":"Press"}' });
  });

  it("counts pictures of the CMS that lack an alt text, by collection and field", async () => {
    site = await startSite();
    const { emulator } = site;
    const { content } = emulator;
    const collection = content.addCollection({
      siteId: emulator.siteId,
      displayName: "Posts",
      fields: [
        { slug: "main-image", type: "Image" },
        { slug: "body", type: "RichText" },
      ],
    });
    const picture = (alt: string | null) => {
      const { id } = content.addCmsFile({ siteId: emulator.siteId, fileName: "vase.png" });
      return (urls: { cmsFile(id: string): string }) => ({ fileId: id, url: urls.cmsFile(id), alt });
    };
    const rich =
      '<p><img src="https://x.example/a.png" alt="__wf_reserved_inherit"><img src="https://x.example/b.png" alt="A"></p>';
    for (const [slug, alt, body] of [
      ["a", null, rich],
      ["b", "", ""],
      ["c", "A vase", ""],
    ] as const) {
      const fieldData = { name: slug, slug, "main-image": picture(alt), body };
      content.addItem({ collectionId: collection.id, fieldData });
    }
    const found = findingOn("pictures in CMS fields", await audit());
    expect(found?.count).toBe(2);
    expect(found?.examples?.toSorted()).toEqual(["Posts / body: 1 of 2", "Posts / main-image: 1 of 3"]);
  });

  it("costs at most 1,500 tokens on a site of 5,000 assets", async () => {
    site = await startSite();
    site.emulator.seedSite({
      folders: 50,
      assets: 5_000,
      pages: 20,
      styleSheets: 2,
      items: 20,
      components: 5,
    });
    const result = await audit();
    expect(encode(JSON.stringify(result)).length).toBeLessThan(1_500);
  });
});
