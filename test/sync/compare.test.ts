import { expect, test } from "vitest";
import {
  compareFile,
  type FileToCompare,
  findOnlyOnSite,
  indexAssets,
  type PlacedAsset,
} from "../../src/sync/compare.js";

function aFile(path: string, changes: Partial<FileToCompare> = {}): FileToCompare {
  const fileName = path.slice(path.lastIndexOf("/") + 1);
  return { path, folder: "Photos", fileName, md5: `bytes of ${path}`, size: 100, ...changes };
}

function anAsset(id: string, name: string, folderPath = "Photos", size = 100): PlacedAsset {
  return {
    id,
    originalFileName: name,
    displayName: name,
    contentType: "image/png",
    size,
    hostedUrl: undefined,
    altText: undefined,
    folderId: undefined,
    folderPath,
  };
}

/** Looks at bytes by a table: which asset holds the bytes of which file. */
function holding(...pairs: [path: string, assetId: string][]) {
  return async ({ path }: FileToCompare, { id }: PlacedAsset) =>
    pairs.some(([file, asset]) => file === path && asset === id);
}

async function statusOf(file: FileToCompare, assets: PlacedAsset[], sameBytes = holding()) {
  const { status, asset } = await compareFile(file, indexAssets(assets), sameBytes);
  return { status, ...(asset && { asset: asset.id }) };
}

test("a file whose bytes an asset of its folder holds is the same, whatever the asset is called", async () => {
  const assets = [anAsset("1", "renamed.png")];
  expect(await statusOf(aFile("a.png"), assets, holding(["a.png", "1"]))).toEqual({
    status: "same",
    asset: "1",
  });
});

test("a file of the same name and other bytes in its folder is changed", async () => {
  expect(await statusOf(aFile("a.png"), [anAsset("1", "a.png")])).toEqual({ status: "changed", asset: "1" });
});

test("a file of the same name in another folder is new, not changed", async () => {
  expect(await statusOf(aFile("a.png"), [anAsset("1", "a.png", "Photos/Old")])).toEqual({ status: "new" });
});

test("the asset in the place of the file is preferred to one elsewhere that holds the same bytes", async () => {
  const assets = [anAsset("1", "a.png", "Photos/Old"), anAsset("2", "b.png"), anAsset("3", "a.png")];
  const sameBytes = holding(["a.png", "1"], ["a.png", "2"], ["a.png", "3"]);
  expect(await statusOf(aFile("a.png"), assets, sameBytes)).toEqual({ status: "same", asset: "3" });
});

test("an asset of another size is not looked at, unless it is remembered to have become of the file", async () => {
  const assets = [anAsset("1", "a.png", "Photos", 50)];
  const sameBytes = holding(["a.png", "1"]);
  expect((await statusOf(aFile("a.png"), assets, sameBytes)).status).toBe("changed");
  expect((await statusOf(aFile("a.png", { rememberedId: "1" }), assets, sameBytes)).status).toBe("same");
});

test("every asset of the same size is looked at, and none of another", async () => {
  const looked: string[] = [];
  const looking = async (_: FileToCompare, { id }: PlacedAsset) => {
    looked.push(id);
    return false;
  };
  const assets = [anAsset("1", "x.png"), anAsset("2", "y.png"), anAsset("3", "z.png", "Photos", 50)];
  await compareFile(aFile("a.png"), indexAssets(assets), looking);
  expect(looked).toEqual(["1", "2"]);
  await compareFile(aFile("b.png", { size: 7 }), indexAssets(assets), looking);
  expect(looked).toEqual(["1", "2"]);
});

test("an asset in the folder of the file is preferred to one in a folder below", async () => {
  const assets = [anAsset("1", "x.png", "Photos/Old"), anAsset("2", "y.png")];
  expect(await statusOf(aFile("a.png"), assets, holding(["a.png", "1"], ["a.png", "2"]))).toEqual({
    status: "same",
    asset: "2",
  });
});

test("of two assets with the name of a file, the first is the one that it replaces", async () => {
  const assets = [anAsset("1", "a.png", "Photos", 5), anAsset("2", "a.png", "Photos", 6)];
  expect(await statusOf(aFile("a.png"), assets)).toEqual({ status: "changed", asset: "1" });
});

test("an asset without any name is compared by its bytes alone", async () => {
  const nameless = { ...anAsset("1", ""), originalFileName: undefined, displayName: undefined };
  expect(await statusOf(aFile("a.png"), [nameless])).toEqual({ status: "new" });
  expect(findOnlyOnSite([], [nameless]).map(({ asset }) => asset.id)).toEqual(["1"]);
});

test("24 digits in the middle of a name belong to the name", async () => {
  const asset = anAsset("1", "photo-63e5889e7fe4eafa7384cea4_a.png");
  expect((await statusOf(aFile("photo-a.png"), [asset])).status).toBe("new");
});

test("an asset is superseded by a file with either of its names", async () => {
  const asset = { ...anAsset("1", "original.png"), displayName: "a.png" };
  const compared = await compareFile(aFile("a.png"), indexAssets([asset]), holding());
  expect(findOnlyOnSite([compared], [asset])).toEqual([{ asset, supersededBy: compared }]);
});

test("names are the same in NFC and NFD, and behind the id that Webflow may put before them", async () => {
  const composed = aFile("caf\u00e9.png");
  expect((await statusOf(composed, [anAsset("1", "cafe\u0301.png")])).status).toBe("changed");
  const prefixed = { ...anAsset("1", "x.png"), displayName: "63e5889e7fe4eafa7384cea4_a.png" };
  expect((await statusOf(aFile("a.png"), [prefixed])).status).toBe("changed");
});

test("an asset without a file is only on the site, and superseded only by a file of its own folder", async () => {
  const there = anAsset("1", "a.png");
  const elsewhere = anAsset("2", "a.png", "Photos/Old");
  const alone = anAsset("3", "old.png");
  const assets = [there, elsewhere, alone];
  const onlyOnSite = findOnlyOnSite(
    [await compareFile(aFile("a.png"), indexAssets(assets), holding())],
    assets,
  );
  expect(onlyOnSite.map(({ asset, supersededBy }) => [asset.id, supersededBy?.file.path])).toEqual([
    ["1", "a.png"],
    ["2", undefined],
    ["3", undefined],
  ]);
});

test("an asset that a file is the same as is not only on the site", async () => {
  const assets = [anAsset("1", "a.png")];
  const compared = await compareFile(aFile("a.png"), indexAssets(assets), holding(["a.png", "1"]));
  const onlyOnSite = findOnlyOnSite([compared], assets);
  expect(onlyOnSite).toEqual([]);
});

test("the names of the assets are read once for a plan, and not once for each of its files", async () => {
  let reads = 0;
  const assets = Array.from({ length: 50 }, (_, index) => ({
    ...anAsset(String(index), `old-${index}.png`, "Photos", 1_000 + index),
    get displayName() {
      reads += 1;
      return `old-${index}.png`;
    },
  }));
  const comparable = indexAssets(assets);
  const compared = [];
  for (let index = 0; index < 50; index += 1) {
    compared.push(await compareFile(aFile(`new-${index}.png`), comparable, holding()));
  }
  findOnlyOnSite(compared, assets);
  expect(reads).toBe(2 * assets.length);
});
