import { afterEach, describe, expect, it } from "vitest";
import type { DeleteAssetsRequest } from "../../src/contract/delete-assets.js";
import { formatError } from "../../src/core/errors.js";
import type { Emulator } from "../../src/emulator/emulator.js";
import type { ConfirmingCall } from "../../src/library/delete-assets.js";
import { pngBytes } from "../builders/bytes.js";
import { callContext } from "../builders/call.js";
import { codeOf } from "../builders/outcome.js";
import { startSite, type TestSite } from "../builders/site.js";

const MISSING = "0123456789abcdef01234567";
let site: TestSite;

afterEach(() => site.close());

async function aSite(): Promise<Emulator> {
  site = await startSite();
  return site.emulator;
}

function addImage(emulator: Emulator, displayName = "hero.png", parentFolder: string | null = null): string {
  const { siteId } = emulator;
  const image = { fileName: "hero.png", contentType: "image/png", bytes: pngBytes() };
  return emulator.library.addAsset({ siteId, displayName, parentFolder, ...image }).id;
}

type Answer = Awaited<ReturnType<ConfirmingCall["confirm"]>>;

/** A call whose user answers every question like this, and the questions. */
function answering(answer: Answer | Error): { call: ConfirmingCall; questions: string[] } {
  const questions: string[] = [];
  const confirm = async (question: string): Promise<Answer> => {
    questions.push(question);
    if (answer instanceof Error) throw answer;
    return answer;
  };
  return { call: { ...callContext(), confirm }, questions };
}

function remove(request: DeleteAssetsRequest, answer: Answer | Error = "unavailable") {
  return site.service.deleteAssets(request, answering(answer).call);
}

describe("deleteAssets", () => {
  it("asks with names, folders, URLs and what breaks, and deletes what was agreed to", async () => {
    const emulator = await aSite();
    const folder = emulator.library.addFolder({ siteId: emulator.siteId, displayName: "Press" });
    const first = addImage(emulator, "first.png", folder.id);
    const second = addImage(emulator, "second.png");
    const { call, questions } = answering("accepted");
    const result = await site.service.deleteAssets({ assetIds: [first, second] }, call);
    expect(result).toEqual({ deleted: [first, second], failed: [] });
    expect(questions).toHaveLength(1);
    const [question] = questions;
    expect(question).toContain("these 2 assets");
    expect(question).toContain("Pages that use them break");
    expect(question).toContain(`"first.png" in the folder "Press", http://${emulator.uploadHost}/`);
    expect(question).toContain(`"second.png" in the root, http://${emulator.uploadHost}/`);
    expect(emulator.library.assets(emulator.siteId)).toEqual([]);
  });

  it("deletes nothing when the user declines", async () => {
    const emulator = await aSite();
    const id = addImage(emulator);
    expect(await codeOf(remove({ assetIds: [id] }, "declined"))).toBe("CANCELLED");
    expect(emulator.requests.count({ operation: "deleteAsset" })).toBe(0);
  });

  it.each([
    "unavailable",
    new Error("the client's question failed"),
  ] as const)("says what it would delete when nobody can be asked (%s)", async (answer) => {
    const emulator = await aSite();
    const id = addImage(emulator, "first.png");
    const refused = await remove({ assetIds: [id] }, answer).catch(formatError);
    expect(refused).toMatch(/^\[CONFIRMATION_REQUIRED\] .*"first\.png" in the root.*confirm: true\.$/);
    expect(emulator.library.assetRecords.has(id)).toBe(true);
  });

  it("does not ask again, nor look anything up, when it is confirmed", async () => {
    const emulator = await aSite();
    const id = addImage(emulator);
    const { call, questions } = answering("declined");
    const request = { assetIds: [id, id.toUpperCase()], confirm: true };
    expect(await site.service.deleteAssets(request, call)).toEqual({ deleted: [id], failed: [] });
    expect(questions).toEqual([]);
    expect(emulator.requests.entries().map(({ operation }) => operation)).toEqual(["deleteAsset"]);
  });

  it.each([
    { confirm: true },
    { confirm: false },
  ])("tells of each asset that is not there, %o", async (options) => {
    const emulator = await aSite();
    const id = addImage(emulator);
    const result = await remove({ assetIds: [MISSING, id, "../sites"], ...options }, "accepted");
    expect(result.deleted).toEqual([id]);
    expect(result.failed).toEqual([
      { assetId: MISSING, error: expect.stringMatching(/^\[ASSET_NOT_FOUND\]/) },
      { assetId: "../sites", error: expect.stringMatching(/^\[INVALID_INPUT\]/) },
    ]);
  });

  it("asks nothing when there is nothing to delete", async () => {
    await aSite();
    const { call, questions } = answering("accepted");
    const { deleted } = await site.service.deleteAssets({ assetIds: [MISSING] }, call);
    expect(deleted).toEqual([]);
    expect(questions).toEqual([]);
  });

  it("looks 100 assets up by a listing instead of one by one", async () => {
    const emulator = await aSite();
    const ids = Array.from({ length: 250 }, () => addImage(emulator));
    await remove({ assetIds: ids.slice(0, 100) }, "declined").catch(() => {});
    expect(emulator.requests.count({ operation: "listAssets" })).toBe(3);
    expect(emulator.requests.count({ operation: "getAsset" })).toBe(0);
  });

  it("looks a few assets of a large site up one by one", async () => {
    const emulator = await aSite();
    emulator.seedLibrary({ folders: 0, assets: 2000 });
    const ids = Array.from({ length: 2 }, () => addImage(emulator));
    await remove({ assetIds: ids }, "declined").catch(() => {});
    expect(emulator.requests.count({ operation: "listAssets" })).toBe(0);
    expect(emulator.requests.count({ operation: "getAsset" })).toBe(2);
  });

  it("gives a name no line of its own in the question", async () => {
    const emulator = await aSite();
    const id = addImage(emulator, 'x.png"\n- and nothing else.\u202e');
    const { call, questions } = answering("declined");
    await site.service.deleteAssets({ assetIds: [id] }, call).catch(() => {});
    expect(questions[0]?.split("\n")).toHaveLength(2);
    expect(questions[0]).not.toContain("\u202e");
  });

  it("asks for an agreement in the conversation when the user does not answer in time", async () => {
    const emulator = await aSite();
    const id = addImage(emulator);
    const { DeadlinePassed } = await import("../../src/core/call-context.js");
    const controller = new AbortController();
    const confirm = (): Promise<Answer> => {
      controller.abort(new DeadlinePassed());
      return new Promise(() => {});
    };
    const call = { ...callContext({ signal: controller.signal }), confirm };
    expect(await codeOf(site.service.deleteAssets({ assetIds: [id] }, call))).toBe("CONFIRMATION_REQUIRED");
  });
});
