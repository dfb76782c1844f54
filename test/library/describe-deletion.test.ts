import { describe, expect, it } from "vitest";
import type { AssetUses, UsesBeforeDeletion } from "../../src/library/asset-uses.js";
import { describeDeletion } from "../../src/library/describe-deletion.js";

function asset(name: string, folder: string | undefined = "") {
  const id = `A-${name}`;
  const listed = { id, displayName: name, originalFileName: name, contentType: "image/png", size: 1 };
  return { asset: { ...listed, hostedUrl: undefined, altText: undefined, folderId: undefined }, folder };
}

function assets(count: number, folder?: string) {
  return Array.from({ length: count }, (_, index) => asset(`${folder ?? ""}${index}`, folder));
}

function uses(byName: Readonly<Record<string, AssetUses>>, rest: Partial<UsesBeforeDeletion> = {}) {
  const byAsset = new Map(Object.entries(byName).map(([name, found]) => [`a-${name}`, found]));
  return { byAsset, wasRead: true, notRead: [], ...rest };
}

const shown: AssetUses = { isUsed: true, uses: ["/about (image)"], more: 0 };
const mentioned: AssetUses = { isUsed: false, uses: ["style.css"], more: 0 };

describe("the question before a deletion", () => {
  it("speaks of one asset as one, and of several by their number", () => {
    expect(describeDeletion(assets(1), undefined).count).toBe("this asset");
    expect(describeDeletion(assets(2), undefined).count).toBe("these 2 assets");
  });

  it("names those first that something refers to, and tells what", () => {
    const all = [asset("spare"), asset("hero"), asset("logo")];
    expect(describeDeletion(all, uses({ hero: shown, logo: mentioned })).lines).toEqual([
      '- "hero" in the root: used on /about (image)',
      '- "logo" in the root: only weak references, style.css',
      '- "spare" in the root: no reference found in what was read',
    ]);
  });

  it("claims nothing of uses where nothing was read, or nobody looked", () => {
    const unread = uses({}, { wasRead: false, notRead: ["the site: it is down"] });
    expect(describeDeletion([asset("hero")], unread).lines).toEqual([
      '- "hero" in the root',
      "Uses were not checked: the site: it is down.",
    ]);
    expect(describeDeletion([asset("hero")], undefined).lines).toEqual(['- "hero" in the root']);
  });

  it("says what was not read beside what was", () => {
    const { lines } = describeDeletion([asset("hero")], uses({}, { notRead: ["the CMS: no scope"] }));
    expect(lines.at(-1)).toBe("Uses were searched for, except in: the CMS: no scope.");
  });

  it("names nine, as a line that counts one more would be no shorter", () => {
    expect(describeDeletion(assets(9), undefined).lines).toHaveLength(9);
    expect(describeDeletion(assets(9), undefined).lines.at(-1)).toBe('- "8" in the root');
  });

  it("names eight of ten, and counts the others", () => {
    const { lines } = describeDeletion(assets(10), undefined);
    expect(lines).toHaveLength(9);
    expect(lines.at(-1)).toBe("- and 2 more: 2 in the root");
  });

  it("counts the others in the four largest folders, and those elsewhere together", () => {
    const all = [
      ...assets(8),
      ...assets(1, "One"),
      ...assets(5, "Five"),
      ...assets(3, "Three"),
      ...assets(2, "Two"),
      ...assets(4, "Four"),
      ...assets(1, "Other"),
    ];
    const unknown = { ...asset("unknown"), folder: undefined };
    expect(describeDeletion([...all, unknown], undefined).lines.at(-1)).toBe(
      '- and 17 more: 5 in "Five", 4 in "Four", 3 in "Three", 2 in "Two", 3 elsewhere',
    );
  });

  it("says nothing of folders that are not known", () => {
    const unknown = assets(10).map((one) => ({ ...one, folder: undefined }));
    const { lines } = describeDeletion(unknown, undefined);
    expect([lines[0], lines.at(-1)]).toEqual(['- "0"', "- and 2 more"]);
  });
});
