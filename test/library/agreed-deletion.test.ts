import { describe, expect, it } from "vitest";
import type { DeleteAssetsRequest } from "../../src/contract/delete-assets.js";
import type { Answer } from "../../src/core/call-context.js";
import { AssetError } from "../../src/core/errors.js";
import type { UsesBeforeDeletion } from "../../src/library/asset-uses.js";
import { createDeleteAssets, type DeleteAssetsDependencies } from "../../src/library/delete-assets.js";
import { WebflowFailure } from "../../src/webflow/data-api/error-mapping.js";
import { answeringCall } from "../builders/call.js";

const HERO = "6258612d1ee792848f805da1";
const SPARE = "6258612d1ee792848f805da2";
const PRESS = { id: "f".repeat(24), path: "Press" };
const USED = { isUsed: true, uses: ["/about (image)"], more: 0 };
const NOTHING_FOUND: UsesBeforeDeletion = { byAsset: new Map(), wasRead: true, notRead: [] };

interface Library {
  readonly uses?: UsesBeforeDeletion;
  readonly trustConfirm?: boolean;
  /** The folder that the listing names for every asset. */
  readonly folderId?: string;
  /** What Webflow answers to a deletion. */
  readonly refusal?: Error;
  /** Ids that the site has not got. */
  readonly missing?: readonly string[];
}

/** A library of which every valid id is an asset, and what was asked of it. */
function library({
  uses = NOTHING_FOUND,
  trustConfirm = false,
  folderId,
  refusal,
  missing = [],
}: Library = {}) {
  const did = { deleted: [] as string[], noted: [] as string[], lookedUp: [] as string[] };
  const asked = { uses: 0, trees: 0, folders: 0 };
  const parts = {
    sites: { resolve: async () => "b".repeat(24) },
    webflow: {
      async deleteAsset(id: string) {
        if (refusal) throw refusal;
        did.deleted.push(id);
      },
    },
    folders: {
      async tree() {
        asked.trees += 1;
        return { byId: (id: string) => (id === PRESS.id ? PRESS : undefined) };
      },
      async folderOfAsset() {
        asked.folders += 1;
        return undefined;
      },
    },
    lookup: {
      async many(_siteId: string, ids: readonly string[]) {
        did.lookedUp.push(...ids);
        const found = (id: string) =>
          missing.includes(id)
            ? { error: new AssetError("ASSET_NOT_FOUND", "It is not there", "list them") }
            : { asset: { id, displayName: id.slice(-2), folderId } };
        return new Map(ids.map((id) => [id, found(id)]));
      },
    },
    listings: { noteDeleted: (id: string) => did.noted.push(id) },
    async lookForUses() {
      asked.uses += 1;
      return uses;
    },
    trustConfirm,
  } as unknown as DeleteAssetsDependencies;
  const deleteAssets = createDeleteAssets(parts);
  const request = async (wish: DeleteAssetsRequest, answer: Answer = "accepted") => {
    const { call, questions } = answeringCall(answer);
    const result = await deleteAssets(wish, call).catch((error: AssetError) => ({ refused: error }));
    return { ...result, questions };
  };
  return { did, asked, request };
}

describe("a deletion", () => {
  it("looks no id up that is none, and tells of it", async () => {
    const { did, request } = library();
    const { deleted, failed } = asDone(await request({ assetIds: ["../sites", HERO] }));
    expect(did.lookedUp).toEqual([HERO]);
    expect(deleted).toEqual([HERO]);
    expect(failed).toEqual([{ assetId: "../sites", error: expect.stringMatching(/^\[INVALID_INPUT\]/) }]);
  });

  it("takes an id in either case for the same, once", async () => {
    const { did, request } = library();
    await request({ assetIds: [HERO.toUpperCase(), HERO] });
    expect(did.deleted).toEqual([HERO]);
    expect(did.noted).toEqual([HERO]);
  });

  it("tells of an asset that is not there as that, whatever is known of its uses", async () => {
    const uses = { ...NOTHING_FOUND, byAsset: new Map([[HERO, USED]]) };
    const { did, request } = library({ uses, missing: [HERO] });
    const { failed } = asDone(await request({ assetIds: [HERO, SPARE] }));
    expect(failed).toEqual([{ assetId: HERO, error: expect.stringMatching(/^\[ASSET_NOT_FOUND\]/) }]);
    expect(did.deleted).toEqual([SPARE]);
  });

  it("asks about those that are left, and deletes none that is used", async () => {
    const uses = { ...NOTHING_FOUND, byAsset: new Map([[HERO, USED]]) };
    const { did, request } = library({ uses });
    const { failed, questions } = asDone(await request({ assetIds: [HERO, SPARE] }));
    expect(questions.map(({ title }) => title)).toEqual(["Delete this asset"]);
    expect(did.deleted).toEqual([SPARE]);
    expect(failed).toEqual([{ assetId: HERO, error: expect.stringMatching(/^\[IN_USE\]/) }]);
  });

  it.each([
    { trustConfirm: true, confirm: true, evenIfUsed: true, looks: 0 },
    { trustConfirm: false, confirm: true, evenIfUsed: true, looks: 1 },
    { trustConfirm: true, confirm: true, evenIfUsed: false, looks: 1 },
    { trustConfirm: true, confirm: false, evenIfUsed: true, looks: 1 },
  ])("looks for uses where somebody may still decide by them: %o", async ({
    looks,
    trustConfirm,
    ...wish
  }) => {
    const { asked, request } = library({ trustConfirm });
    await request({ assetIds: [HERO], ...wish });
    expect(asked.uses).toBe(looks);
  });

  it("looks for no uses of what is not there", async () => {
    const { asked, request } = library({ missing: [HERO] });
    expect(asDone(await request({ assetIds: [HERO] })).deleted).toEqual([]);
    expect(asked.uses).toBe(0);
  });

  it("says what was not read where it deleted something, and not where it deleted nothing", async () => {
    const uses = { ...NOTHING_FOUND, byAsset: new Map([[HERO, USED]]), notRead: ["the CMS: no scope"] };
    const { request } = library({ uses });
    expect(asDone(await request({ assetIds: [SPARE] })).notes).toEqual([
      "Uses were searched for, except in: the CMS: no scope.",
    ]);
    expect(asDone(await request({ assetIds: [HERO] })).notes).toBeUndefined();
  });

  it.each([
    ["declined", false, "CANCELLED"],
    ["declined", true, "CANCELLED"],
    ["unavailable", false, "CONFIRMATION_REQUIRED"],
    ["unanswered", false, "CONFIRMATION_REQUIRED"],
    ["unanswered", true, "CONFIRMATION_REQUIRED"],
  ] as const)("deletes nothing where the answer is %s and confirm %s", async (answer, confirm, code) => {
    const { did, request } = library();
    const { refused } = asRefused(await request({ assetIds: [HERO], confirm }, answer));
    expect(refused.code).toBe(code);
    expect(did.deleted).toEqual([]);
  });

  it.each([
    ["accepted", false],
    ["accepted", true],
    ["unavailable", true],
  ] as const)("deletes where the answer is %s and confirm %s", async (answer, confirm) => {
    const { did, request } = library();
    await request({ assetIds: [HERO], confirm }, answer);
    expect(did.deleted).toEqual([HERO]);
  });

  it("advises to confirm where nobody can be asked, and not where nobody answered", async () => {
    const { request } = library();
    const wish = { assetIds: [HERO] };
    expect(asRefused(await request(wish, "unavailable")).refused.next).toContain("confirm: true");
    expect(asRefused(await request(wish, "unanswered")).refused.next).toBe(
      "call again when the user is there to answer",
    );
  });

  it.each([
    [true, "accepted", [HERO]],
    [false, "accepted", []],
    [true, "declined", [HERO]],
  ] as const)("asks nobody in an unattended run, confirm %s", async (confirm, answer, deleted) => {
    const { did, request } = library({ trustConfirm: true });
    const { questions } = await request({ assetIds: [HERO], confirm }, answer);
    expect(questions).toEqual([]);
    expect(did.deleted).toEqual(deleted);
  });

  it("describes nothing in an unattended run that is confirmed", async () => {
    const { asked, request } = library({ trustConfirm: true, folderId: PRESS.id });
    await request({ assetIds: [HERO], confirm: true });
    expect(asked.trees).toBe(0);
  });

  it("refuses what was declined before, and deletes what was not", async () => {
    const { did, request } = library();
    await request({ assetIds: [HERO] }, "declined");
    const { failed } = asDone(await request({ assetIds: [HERO, SPARE] }));
    expect(did.deleted).toEqual([SPARE]);
    expect(failed).toEqual([{ assetId: HERO, error: expect.stringMatching(/^\[CANCELLED\].*earlier/) }]);
    expect(asRefused(await request({ assetIds: [HERO] })).refused.message).toContain("earlier");
  });

  it("names the folder that the listing tells, and asks the tree for no other", async () => {
    const listed = library({ folderId: PRESS.id });
    expect((await listed.request({ assetIds: [HERO] })).questions[0]?.message).toContain('in "Press"');
    expect(listed.asked).toMatchObject({ trees: 1, folders: 0 });
    const untold = library();
    expect((await untold.request({ assetIds: [HERO] })).questions[0]?.message).toContain("in the root");
    expect(untold.asked).toMatchObject({ trees: 0, folders: 1 });
  });

  it("explains a refusal of Webflow's, and hands on what is none", async () => {
    const refusal = new WebflowFailure("WEBFLOW_REJECTED", "Webflow answered 409", "", { status: 409 });
    const refused = library({ refusal });
    const { failed } = asDone(await refused.request({ assetIds: [HERO] }));
    expect(failed[0]?.error).toMatch(/^\[WEBFLOW_REJECTED\] Webflow answered 409\. .*still in use.*findUses/);
    expect(refused.did.noted).toEqual([]);
    const down = library({ refusal: new AssetError("WEBFLOW_UNAVAILABLE", "It is down", "wait") });
    expect(asDone(await down.request({ assetIds: [HERO] })).failed[0]?.error).toBe(
      "[WEBFLOW_UNAVAILABLE] It is down. Next: wait.",
    );
  });
});

type Outcome = Awaited<ReturnType<ReturnType<typeof library>["request"]>>;

function asDone(outcome: Outcome) {
  if (!("deleted" in outcome)) throw outcome.refused;
  return outcome;
}

function asRefused(outcome: Outcome) {
  if (!("refused" in outcome)) throw new Error("It was not refused");
  return outcome;
}
