import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { DeleteAssetsRequest } from "../../src/contract/delete-assets.js";
import { pngBytes } from "../builders/bytes.js";
import { answeringCall, callContext } from "../builders/call.js";
import { startSite, type TestSite } from "../builders/site.js";

let site: TestSite;

beforeEach(async () => {
  site = await startSite();
});
afterEach(() => site.close());

function addImage(displayName: string): string {
  const { database, siteId } = site.emulator;
  const image = { fileName: displayName, contentType: "image/png", bytes: pngBytes() };
  return database.addAsset({ siteId, displayName, ...image }).id;
}

function publish(path: string, ...assetIds: string[]): void {
  const html = (urls: { asset(id: string): string }) =>
    `<h1>Page</h1>${assetIds.map((id) => `<img src="${urls.asset(id)}">`).join("")}`;
  site.emulator.publish({ path, html });
}

/** Deletes with a user who agrees to everything; what the user was asked, too. */
async function remove(request: DeleteAssetsRequest, service = site.service) {
  const { call, questions } = answeringCall("accepted");
  return { ...(await service.deleteAssets(request, call)), question: questions[0]?.message };
}

function isThere(assetId: string): boolean {
  return site.emulator.database.assetRecords.has(assetId);
}

describe("deleteAssets keeps what is in use", () => {
  it("deleteAssets keeps what is in use with IN_USE, naming three of its places and what to do, and deletes the others", async () => {
    const [hero, spare] = [addImage("hero.png"), addImage("spare.png")];
    for (const path of ["/", "/a", "/b", "/c", "/d"]) publish(path, hero);
    const { deleted, failed, question } = await remove({ assetIds: [hero, spare] });
    expect(deleted).toEqual([spare]);
    expect(failed).toEqual([
      {
        assetId: hero,
        error: expect.stringMatching(
          /^\[IN_USE\] It is used: (?:\/\w? \(image\), ){2}\/\w? \(image\) and 2 more\. Next: .*findUses.*evenIfUsed: true\.$/,
        ),
      },
    ]);
    expect(question).not.toContain("hero.png");
    expect(question).toContain("\nOf those asked for, 1 stays: 1 in use");
    expect(isThere(hero)).toBe(true);
  });

  it("and says how many stay to whoever has to confirm the rest", async () => {
    const [hero, spare] = [addImage("hero.png"), addImage("spare.png")];
    publish("/", hero);
    const request = { assetIds: [hero, spare, "0123456789abcdef01234567", "nonsense"] };
    const unasked = site.service.deleteAssets(request, answeringCall("unavailable").call);
    await expect(unasked).rejects.toMatchObject({
      code: "CONFIRMATION_REQUIRED",
      message: expect.stringContaining("Of those asked for, 3 stay: 1 in use, 2 for another reason"),
    });
  });

  it("that came into use after the site was read last", async () => {
    const hero = addImage("hero.png");
    publish("/");
    const found = await site.service.findUses({ limit: 50 }, callContext());
    expect(found.assets).toMatchObject([{ id: hero, verdict: "noReferenceFound" }]);
    publish("/", hero);
    const { failed } = await remove({ assetIds: [hero] });
    expect(failed).toEqual([{ assetId: hero, error: expect.stringMatching(/^\[IN_USE\]/) }]);
  });

  it("whatever confirm says, and asks nothing when nothing else is left", async () => {
    const hero = addImage("hero.png");
    publish("/", hero);
    const { deleted, failed, question } = await remove({ assetIds: [hero], confirm: true });
    expect([deleted, failed[0]?.error?.slice(0, 8), question]).toEqual([[], "[IN_USE]", undefined]);
    expect(isThere(hero)).toBe(true);
  });

  it("deleteAssets keeps what is in use also when only the CMS, a draft or a component refers to it", async () => {
    const { content, siteId } = site.emulator;
    const [inDraft, inFooter, inItem] = [addImage("draft.png"), addImage("footer.png"), addImage("item.png")];
    publish("/");
    content.addPage({
      siteId,
      path: "/spring",
      isDraft: true,
      elements: [{ kind: "image", assetId: inDraft }],
    });
    content.addComponent({ siteId, name: "Footer", elements: [{ kind: "image", assetId: inFooter }] });
    const { id: collectionId } = content.addCollection({
      siteId,
      displayName: "Posts",
      fields: [{ slug: "file", type: "Link" }],
    });
    const file = (urls: { asset(id: string): string }): string => urls.asset(inItem);
    content.addItem({ collectionId, fieldData: { name: "Vase", slug: "vase", file } });
    const { deleted, failed } = await remove({ assetIds: [inDraft, inFooter, inItem], confirm: true });
    expect(deleted).toEqual([]);
    expect(failed.map(({ error }) => error?.slice(0, 8))).toEqual(["[IN_USE]", "[IN_USE]", "[IN_USE]"]);
  });

  it("deleteAssets keeps what is in use when it was published after an earlier look found nothing", async () => {
    const [first, second] = [addImage("first.png"), addImage("second.png")];
    publish("/", first);
    expect((await remove({ assetIds: [second] })).deleted).toEqual([second]);
    const late = addImage("late.png");
    publish("/late", late);
    const { failed } = await remove({ assetIds: [late] }, site.anotherService());
    expect(failed[0]?.error).toMatch(/^\[IN_USE\]/);
  });
});

describe("deleteAssets with evenIfUsed", () => {
  it("asks with the places of each asset, and deletes what the user agrees to", async () => {
    const hero = addImage("hero.png");
    publish("/about", hero);
    const { deleted, question } = await remove({ assetIds: [hero], evenIfUsed: true });
    expect(question).toContain('- "hero.png" in the root: used on /about (image)');
    expect(deleted).toEqual([hero]);
    expect(isThere(hero)).toBe(false);
  });

  it("asks with the places also when the assistant says that the user has agreed", async () => {
    const hero = addImage("hero.png");
    publish("/about", hero);
    const { question } = await remove({ assetIds: [hero], evenIfUsed: true, confirm: true });
    expect(question).toContain('- "hero.png" in the root: used on /about (image)');
  });

  it("looks at nothing when nobody can be asked any more", async () => {
    const hero = addImage("hero.png");
    publish("/about", hero);
    const request = { assetIds: [hero], evenIfUsed: true, confirm: true };
    const { deleted } = await site.service.deleteAssets(request, callContext());
    expect(deleted).toEqual([hero]);
    expect(site.emulator.requests.count({ service: "site" })).toBe(0);
  });

  it("deletes nothing when the user declines, who was told the places", async () => {
    const hero = addImage("hero.png");
    publish("/about", hero);
    const { call, questions } = answeringCall("declined");
    await expect(
      site.service.deleteAssets({ assetIds: [hero], evenIfUsed: true }, call),
    ).rejects.toMatchObject({ code: "CANCELLED" });
    expect(questions[0]?.message).toContain("/about (image)");
    expect(isThere(hero)).toBe(true);
  });
});

describe("deleteAssets names in its question", () => {
  it("what only a style sheet or a comment refers to, and refuses neither", async () => {
    const [background, noted] = [addImage("background.png"), addImage("noted.png")];
    site.emulator.publish({
      path: "/main.css",
      contentType: "text/css",
      body: (urls) => `.a{background-image:url(${urls.asset(background)})}`,
    });
    site.emulator.publish({
      path: "/",
      html: (urls) => `<link rel="stylesheet" href="/main.css"><!-- ${urls.asset(noted)} -->`,
    });
    const { deleted, question } = await remove({ assetIds: [background, noted] });
    expect(question).toContain(
      '"background.png" in the root: only weak references, stylesheet (background, main.css)',
    );
    expect(question).toContain('"noted.png" in the root: only weak references, / (other, in a comment)');
    expect(deleted).toEqual([background, noted]);
  });

  it("what could not be read, beside what was found", async () => {
    const { database, siteId } = site.emulator;
    const spare = addImage("spare.png");
    publish("/");
    const { value } = database.addToken({
      siteIds: [siteId],
      scopes: ["sites:read", "assets:read", "assets:write"],
    });
    const { deleted, question, notes } = await remove(
      { assetIds: [spare] },
      site.anotherService({ token: value }),
    );
    expect(question).toMatch(/no reference found in what was read\n.*CMS items: the token lacks cms:read/);
    expect(notes?.[0]).toContain("the token lacks cms:read");
    expect(deleted).toEqual([spare]);
  });

  it("deleteAssets names in its question that uses were not checked, where nothing can be read, and deletes as it was agreed", async () => {
    const { database, siteId } = site.emulator;
    const spare = addImage("spare.png");
    site.emulator.switches.siteProxy = "bot-wall";
    const { value } = database.addToken({
      siteIds: [siteId],
      scopes: ["sites:read", "assets:read", "assets:write"],
    });
    publish("/", spare);
    const { deleted, question, notes } = await remove(
      { assetIds: [spare] },
      site.anotherService({ token: value }),
    );
    expect(question).toMatch(/- "spare\.png" in the root\n.*not checked/);
    expect(notes?.[0]).toMatch(/not checked/);
    expect(deleted).toEqual([spare]);
  });
});

describe("what Webflow itself refuses to delete", () => {
  it.each([400, 409] as const)("is told as in use, and tried no second time, at %s", async (status) => {
    const hero = addImage("hero.png");
    site.emulator.switches.deletesUsedAssets = status;
    publish("/", hero);
    const request = { assetIds: [hero], evenIfUsed: true, confirm: true };
    const { failed } = await site.service.deleteAssets(request, callContext());
    expect(failed[0]?.error).toMatch(/Webflow refuses to delete assets that .*Next: .*findUses/);
    expect(site.emulator.requests.count({ operation: "deleteAsset" })).toBe(1);
    expect(isThere(hero)).toBe(true);
  });
});
