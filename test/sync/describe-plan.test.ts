import { describe, expect, it } from "vitest";
import { AssetError } from "../../src/core/errors.js";
import type { CheckedFile } from "../../src/sync/check-files.js";
import type { PlacedAsset } from "../../src/sync/compare.js";
import { type Comparison, describePlan } from "../../src/sync/describe-plan.js";
import type { WalkedDirectory } from "../../src/sync/walk-directory.js";
import { checkedFile, placedAsset } from "../builders/sync-files.js";

const WALKED: WalkedDirectory = { files: [], leftOut: [], unmatchedExcludes: [] };
const NEW = { file: checkedFile("new.png"), status: "new" } as const;
const SAME = { file: checkedFile("same.png"), status: "same", asset: placedAsset("1", "same.png") } as const;
const CHANGED = {
  file: checkedFile("changed.png"),
  status: "changed",
  asset: placedAsset("2", "changed.png"),
} as const;

function comparison(changes: Partial<Comparison> = {}): Comparison {
  return {
    files: [],
    onlyOnSite: [],
    elsewhere: new Map(),
    incomplete: new Set(),
    refused: [],
    doubt: undefined,
    onFolder: [],
    ...changes,
  };
}

function describeThis(changes: Partial<Comparison>, apply = false, walked: Partial<WalkedDirectory> = {}) {
  return describePlan(comparison(changes), { ...WALKED, ...walked }, apply);
}

describe("the counts of a plan", () => {
  it("count each file once, by what an upload would do with it", () => {
    const twin = { file: checkedFile("twin.png"), status: "new" } as const;
    const elsewhere = new Map<CheckedFile, PlacedAsset>([[twin.file, placedAsset("9", "twin.png")]]);
    const refused = [{ path: "bad.exe", error: new AssetError("TYPE_NOT_SUPPORTED", "No", "do not") }];
    const onlyOnSite = [{ asset: placedAsset("3", "old.png") }, { asset: placedAsset("4", "older.png") }];
    const { plan } = describeThis({ files: [NEW, SAME, CHANGED, twin], elsewhere, refused, onlyOnSite });
    expect(plan).toEqual({ new: 1, same: 1, changed: 1, elsewhere: 1, refused: 1, onlyOnSite: 2 });
  });

  it("do not speak of other folders where nothing lies there", () => {
    expect(describeThis({ files: [SAME] }).plan).toEqual({
      new: 0,
      same: 1,
      changed: 0,
      refused: 0,
      onlyOnSite: 0,
    });
  });
});

describe("the notes of a plan", () => {
  it.each([
    ["what is new", { files: [NEW] }],
    ["what is changed", { files: [CHANGED] }],
  ])("say how to upload %s", (_, changes) => {
    expect(describeThis(changes).notes).toEqual([expect.stringMatching(/Nothing was uploaded.*apply: true/)]);
  });

  it("do not offer an upload where there is nothing to upload, or where it happens already", () => {
    expect(describeThis({ files: [SAME] })).not.toHaveProperty("notes");
    expect(describeThis({ files: [NEW] }, true)).not.toHaveProperty("notes");
  });

  it("do not offer an upload that would be refused because an exclude pattern matches nothing", () => {
    const described = describeThis({ files: [NEW] }, false, { unmatchedExcludes: ["privat"] });
    expect(described).not.toHaveProperty("notes");
    expect(described.leftOut).toEqual([
      {
        why: expect.stringMatching(/^exclude patterns that match nothing.*apply refuses/),
        count: 1,
        names: ["privat"],
      },
    ]);
  });

  it("say first that the folder may hold more than was compared", () => {
    const { notes } = describeThis({ files: [NEW], onFolder: ["A twin."], doubt: "the listing ended early" });
    expect(notes).toEqual([
      "Incomplete: the listing ended early.",
      "A twin.",
      expect.stringContaining("Nothing was uploaded"),
    ]);
  });

  it("tell nothing about the folder where nothing new goes into it", () => {
    expect(describeThis({ onFolder: ["A twin."] })).not.toHaveProperty("notes");
  });
});

describe("what a plan left out", () => {
  it("is told after patterns that protect nothing, and not mentioned where there is none", () => {
    const leftOut = [{ why: "excluded", count: 2, names: ["a", "b"] }];
    expect(describeThis({}, false, { leftOut }).leftOut).toEqual(leftOut);
    expect(describeThis({}, false, { leftOut, unmatchedExcludes: ["x"] }).leftOut?.[1]).toEqual(leftOut[0]);
    expect(describeThis({})).not.toHaveProperty("leftOut");
  });
});

describe("the files of a plan", () => {
  it("are told by path, without those that are the same", () => {
    const onlyOnSite = [{ asset: placedAsset("3", "old.png", { folderPath: "Able" }) }];
    const { files } = describeThis({ files: [SAME, NEW, CHANGED], onlyOnSite });
    expect(files.map(({ path, status, id }) => [path, status, id])).toEqual([
      ["Able/old.png", "onlyOnSite", "3"],
      ["changed.png", "changed", "2"],
      ["new.png", "new", undefined],
    ]);
  });

  it("have notes only where there is something to note", () => {
    expect(describeThis({ files: [NEW] }).files).toEqual([{ path: "new.png", status: "new" }]);
    const noted = {
      file: checkedFile("noted.png", { notes: ["Its name changes."] }),
      status: "new",
    } as const;
    expect(describeThis({ files: [noted] }).files[0]?.notes).toEqual(["Its name changes."]);
  });

  it("name each other where one asset serves two, among those that would be uploaded", () => {
    const [first, second] = [checkedFile("a.png", { md5: "m" }), checkedFile("b.png", { md5: "m" })];
    const files = [
      { ...SAME, file: checkedFile("0.png", { md5: "m" }) },
      { file: first, status: "new" },
      { file: second, status: "new" },
    ] as const;
    const notes = (changes: Partial<Comparison>) => describeThis(changes).files.map((file) => file.notes);
    expect(notes({ files })).toEqual([undefined, [expect.stringContaining("the same bytes as a.png")]]);
    const elsewhere = new Map([[first, placedAsset("9", "a.png")]]);
    expect(notes({ files, elsewhere })[1]).toBeUndefined();
  });

  it("leave their notes to the report of the upload, but for what becomes of the older asset", () => {
    const noted = checkedFile("noted.png", { notes: ["Its name changes."], md5: "m" });
    const twin = checkedFile("twin.png", { notes: ["Its name changes."], md5: "m" });
    const files = [
      { ...CHANGED, file: noted },
      { file: twin, status: "new" },
    ] as const;
    expect(describeThis({ files }, true).files).toEqual([
      { path: "noted.png", status: "changed", id: "2", notes: [expect.stringContaining("(2) is kept")] },
      { path: "twin.png", status: "new" },
    ]);
    expect(describeThis({ files }).files[0]?.notes).toEqual([
      expect.stringContaining("(2) is kept"),
      "Its name changes.",
    ]);
  });

  it("say of an asset without a file that the upload may complete it", () => {
    const { files } = describeThis({ files: [CHANGED], incomplete: new Set(["2"]) });
    expect(files[0]?.notes?.[0]).toMatch(/\(2\) holds no file: the upload completes it/);
    expect(describeThis({ files: [CHANGED], incomplete: new Set(["3"]) }).files[0]?.notes?.[0]).toContain(
      "is kept",
    );
  });

  it.each([
    ["", "in the root"],
    ["Brand", 'in "Brand"'],
  ])("name the folder %j where the site has the bytes already", (folderPath, where) => {
    const elsewhere = new Map([[NEW.file, placedAsset("9", "x.png", { folderPath })]]);
    expect(describeThis({ files: [NEW], elsewhere }).files).toEqual([
      {
        path: "new.png",
        status: "elsewhere",
        id: "9",
        notes: [expect.stringContaining(`these bytes ${where}:`)],
      },
    ]);
  });

  it("call an asset that is only on the site by its path, without its id unless it has no name", () => {
    const assets = [
      placedAsset("1", "file.png", { displayName: "Shown", folderPath: "" }),
      placedAsset("2", "file.png", { displayName: "2_file.png" }),
      placedAsset("3", "", { displayName: undefined, originalFileName: undefined, folderPath: "" }),
    ];
    const onlyOnSite = assets.map((asset) => ({ asset }));
    expect(describeThis({ onlyOnSite }).files).toEqual([
      { path: "3", status: "onlyOnSite", id: "3" },
      { path: "Photos/file.png", status: "onlyOnSite", id: "2" },
      { path: "Shown", status: "onlyOnSite", id: "1" },
    ]);
  });

  it("say which local file is newer than an asset, and that nothing is deleted", () => {
    const { files } = describeThis({ onlyOnSite: [{ asset: CHANGED.asset, supersededBy: CHANGED }] });
    expect(files[0]?.notes).toEqual(["Superseded by the local changed.png; it is not deleted."]);
  });

  it("are refused with the reason and what to do", () => {
    const refused = [
      { path: "bad.exe", error: new AssetError("TYPE_NOT_SUPPORTED", "No program", "leave it out") },
    ];
    expect(describeThis({ refused }).files).toEqual([
      { path: "bad.exe", status: "refused", error: "[TYPE_NOT_SUPPORTED] No program. Next: leave it out." },
    ]);
  });
});
