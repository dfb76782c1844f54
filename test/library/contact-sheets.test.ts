import sharp from "sharp";
import { afterEach, expect, it } from "vitest";
import type { Emulator } from "../../src/emulator/emulator.js";
import { createPictureViewer, createViewingSteps } from "../../src/pictures/viewing/picture-viewer.js";
import { pdfBytes } from "../builders/bytes.js";
import { callContext } from "../builders/call.js";
import { startSite, type TestSite } from "../builders/site.js";

let site: TestSite;

afterEach(() => site.close());

async function aSite(): Promise<Emulator> {
  const viewer = createPictureViewer(createViewingSteps(), async () => true);
  site = await startSite({ service: { loadWorkers: async () => ({ viewer }) } });
  return site.emulator;
}

async function addPicture({ library, siteId }: Emulator, fileName: string, colour: string, side = 3_000) {
  const create = { width: side, height: side / 2, channels: 3 as const, background: colour };
  const bytes = await sharp({ create }).jpeg().toBuffer();
  return library.addAsset({ siteId, fileName, contentType: "image/jpeg", bytes }).id;
}

async function look(request: { assetId?: string; assetIds?: string[] }) {
  const { image, texts } = await site.service.viewAsset(request, callContext());
  const { width = 0, height = 0 } = image ? await sharp(image.bytes).metadata() : {};
  return { image, text: texts.join("\n"), width, height };
}

it("one picture is made fit for a model: at most 1,568 pixels a side and 200 kB", async () => {
  const id = await addPicture(await aSite(), "large.jpg", "red");
  const { image, text, width } = await look({ assetId: id });
  expect(width).toBe(1_568);
  expect(image?.bytes.length).toBeLessThanOrEqual(200_000);
  expect(text).toMatch(/"name":"large.jpg".*shown in this result/);
});

it("several are one numbered sheet with a line each, which says why one is missing", async () => {
  const emulator = await aSite();
  const red = await addPicture(emulator, "red.jpg", "red");
  const { id: paper } = emulator.library.addAsset({
    siteId: emulator.siteId,
    fileName: "paper.pdf",
    contentType: "application/pdf",
    bytes: pdfBytes(),
  });
  const { id: broken } = emulator.library.addAsset({
    siteId: emulator.siteId,
    fileName: "broken.png",
    contentType: "image/png",
    bytes: Buffer.from("no picture"),
  });
  const gone = "65f0aa0000000000000000ff";
  const { image, text, width } = await look({ assetIds: [red, paper, broken, gone] });
  expect(width).toBe(1_500);
  expect(image?.bytes.length).toBeLessThanOrEqual(200_000);
  expect(text.split("\n").slice(1)).toEqual([
    `1. {"id":"${red}","name":"red.jpg"}`,
    expect.stringMatching(/^2\. .*"paper.pdf".* not shown: no image$/),
    expect.stringMatching(/^3\. .*"broken.png".* not shown: its file cannot be decoded$/),
    expect.stringMatching(/^4\. 65f0aa0000000000000000ff: not shown: \[ASSET_NOT_FOUND\]/),
  ]);
});

it("nothing to show at all is the first error", async () => {
  await aSite();
  await expect(look({ assetIds: ["65f0aa0000000000000000ff"] })).rejects.toMatchObject({
    code: "ASSET_NOT_FOUND",
  });
});

it("neither or both of assetId and assetIds is INVALID_INPUT", async () => {
  await aSite();
  const id = "65f0aa0000000000000000ff";
  await expect(look({})).rejects.toMatchObject({ code: "INVALID_INPUT" });
  await expect(look({ assetId: id, assetIds: [id] })).rejects.toMatchObject({ code: "INVALID_INPUT" });
});

it("without sharp the assets are to be looked at one by one", async () => {
  site = await startSite();
  await expect(look({ assetIds: ["65f0aa0000000000000000ff"] })).rejects.toMatchObject({
    code: "NOT_INSTALLED",
    next: expect.stringContaining("assetId"),
  });
});

it("a tile shows the file itself where the variant is not served, and blames the record for an odd URL", async () => {
  const emulator = await aSite();
  const red = await addPicture(emulator, "red.jpg", "red");
  const lost = await addPicture(emulator, "lost.jpg", "blue");
  const records = emulator.library.assetRecords;
  Object.assign(records.get(red) ?? {}, {
    variants: [{ hostedUrl: "http://10.0.0.1/red-p-500.jpg", width: 500 }],
  });
  emulator.faults.add({
    on: "getAsset",
    kind: "odd-fields",
    fields: { hostedUrl: "//cdn/lost.jpg" },
    skip: 1,
  });
  const { text } = await look({ assetIds: [red, lost] });
  expect(text).toMatch(/^1\. \{[^}]*\}$/m);
  expect(text).toMatch(
    /^2\. .*\[DOWNLOAD_FAILED\] Webflow's record .* Next: look at the asset in Webflow's Assets panel\.$/m,
  );
});
