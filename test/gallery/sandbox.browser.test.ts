import { expect, test } from "vitest";
import { listedAsset, listing } from "../builders/listing.js";
import { describeInChromium, type OpenGallery } from "./browser.js";
import type { GalleryHost, ToolAnswer } from "./host/gallery-host.js";

interface Call {
  readonly name: string;
  readonly args: Record<string, unknown>;
}

/** The gallery in a frame that may run scripts and nothing else, with three assets on show and the first one open. */
async function openAsset(
  openGallery: OpenGallery,
  answers: Record<string, object>,
): Promise<{ gallery: GalleryHost; calls: Call[] }> {
  const calls: Call[] = [];
  const callTool = (name: string, args: Record<string, unknown>): ToolAnswer => {
    calls.push({ name, args });
    return { structuredContent: answers[name] ?? {} };
  };
  const gallery = await openGallery({ callTool, sandbox: "allow-scripts" });
  await gallery.show(listing([0, 1, 2].map((index) => listedAsset(index, gallery.picturesUrl))));
  await gallery.view.locator(".tile-open").first().click();
  return { gallery, calls };
}

const ID = listedAsset(0, "").id;
const USED = {
  status: "complete",
  assets: [
    {
      id: ID,
      name: "hero-1.jpg",
      verdict: "used",
      uses: [
        { in: "/about", place: "image" },
        { in: "stylesheet", place: "background", detail: "main.css" },
      ],
      moreUses: 3,
    },
  ],
  notRead: [{ what: "CMS items", why: "the token lacks cms:read" }],
};

describeInChromium("the gallery in a frame that allows scripts alone", (openGallery) => {
  const updated = { updateAssets: { updated: [ID], failed: [] } };

  test("saves an alt text by a click, without a form that a sandbox could swallow", async () => {
    const { gallery, calls } = await openAsset(openGallery, updated);
    expect(await gallery.view.locator("form, [type=submit]").count()).toBe(0);
    await gallery.view.getByLabel("Alt text").fill("A harbour at dawn");
    await gallery.view.getByRole("button", { name: "Save" }).click();
    await gallery.view.getByText("Saved.").waitFor();
    expect(calls.filter(({ name }) => name === "updateAssets")).toMatchObject([
      { args: { updates: [{ assetId: ID, altText: "A harbour at dawn" }] } },
    ]);
  });

  test("saves by Enter on the button and in the name's field, where a text area makes a new line of it", async () => {
    const { gallery, calls } = await openAsset(openGallery, updated);
    const { keyboard } = gallery.page;
    await gallery.view.getByLabel("Alt text").fill("A harbour");
    await gallery.view.getByLabel("Alt text").press("Enter");
    await keyboard.type("at dawn");
    await gallery.view.getByRole("button", { name: "Save" }).press("Enter");
    await gallery.view.getByText("Saved.").waitFor();
    await gallery.view.getByLabel("Display name").fill("harbour.jpg");
    await gallery.view.getByLabel("Display name").press("Enter");
    await expect.poll(() => calls.filter(({ name }) => name === "updateAssets").length).toBe(2);
    expect(calls.flatMap(({ args }) => args["updates"] ?? [])).toEqual([
      { assetId: ID, altText: "A harbour\nat dawn" },
      { assetId: ID, displayName: "harbour.jpg" },
    ]);
  });

  test("shows where an asset is used on request, and what was not read", async () => {
    const { gallery, calls } = await openAsset(openGallery, { findUses: USED });
    await gallery.view.getByRole("button", { name: "Where is it used?" }).click();
    await gallery.view.getByText("Used in:").waitFor();
    const uses = gallery.view.getByRole("region", { name: "Uses" });
    expect(await uses.locator("ul").first().locator("li").allInnerTexts()).toEqual([
      "/about (image)",
      "stylesheet (background, main.css)",
      "and 3 more",
    ]);
    await uses.getByText("Not searched").click();
    await uses.getByText("CMS items: the token lacks cms:read").waitFor();
    expect(calls.filter(({ name }) => name === "findUses")).toMatchObject([{ args: { assetIds: [ID] } }]);
  });

  test("continues with a site that takes longer to read than one call", async () => {
    const answers: Record<string, object> = {
      findUses: { status: "reading", assets: [{ id: ID, verdict: "notChecked", uses: [] }], notRead: [] },
    };
    const { gallery } = await openAsset(openGallery, answers);
    await gallery.view.getByRole("button", { name: "Where is it used?" }).click();
    await gallery.view.getByText("Still searching").waitFor();
    answers["findUses"] = USED;
    await gallery.view.getByRole("button", { name: "Continue" }).click();
    await gallery.view.getByText("Used in:").waitFor();
  });

  test("asks with the uses before it deletes, and keeps the asset unless the user agrees", async () => {
    const deleted = { deleted: [ID], failed: [] };
    const { gallery, calls } = await openAsset(openGallery, { findUses: USED, deleteAssets: deleted });
    await gallery.view.getByRole("button", { name: "Delete…" }).click();
    await gallery.view.getByText("/about (image)").waitFor();
    await gallery.view.getByRole("button", { name: "Keep" }).press("Enter");
    expect(calls.map(({ name }) => name)).not.toContain("deleteAssets");

    await gallery.view.getByRole("button", { name: "Delete…" }).click();
    await gallery.view.getByText("Pages that use it will break.").waitFor();
    await gallery.view.getByRole("button", { name: "Delete permanently" }).click();
    await gallery.view.locator(".count", { hasText: "2 assets" }).waitFor();
    expect(calls.filter(({ name }) => name === "deleteAssets")).toMatchObject([
      { args: { assetIds: [ID], confirm: true, evenIfUsed: true } },
    ]);
  });

  test("says why an asset was not deleted, and does not force one that turned out to be in use", async () => {
    const nothing = { status: "complete", assets: [{ id: ID, verdict: "noReferenceFound", uses: [] }] };
    const error = "[IN_USE] It is used: /new (image). Next: replace it there first.";
    const { gallery, calls } = await openAsset(openGallery, {
      findUses: nothing,
      deleteAssets: { deleted: [], failed: [{ assetId: ID, error }] },
    });
    await gallery.view.getByRole("button", { name: "Delete…" }).click();
    await gallery.view.getByText("No uses found in what was searched.").waitFor();
    await gallery.view.getByRole("button", { name: "Delete permanently" }).click();
    await gallery.view.getByText("It is used: /new (image).").waitFor();
    expect(calls.find(({ name }) => name === "deleteAssets")?.args).not.toHaveProperty("evenIfUsed");
    expect(await gallery.view.locator(".tile").count()).toBe(3);
  });
});
