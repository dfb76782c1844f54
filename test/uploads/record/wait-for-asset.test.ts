import { describe, expect, it } from "vitest";
import { listNewest } from "../../../src/uploads/record/list-newest.js";
import { foundOrNot, waitForAsset } from "../../../src/uploads/record/wait-for-asset.js";
import type { WebflowClient } from "../../../src/webflow/data-api/client.js";
import { noAnswer, WebflowFailure } from "../../../src/webflow/data-api/error-mapping.js";
import type { Asset } from "../../../src/webflow/data-api/responses.js";
import { callContext } from "../../builders/call.js";

const NOT_FOUND = new WebflowFailure("ASSET_NOT_FOUND", "Webflow answered 404", "", { status: 404 });
const DOWN = noAnswer("the connection broke");

describe("an asset that Webflow may not find yet", () => {
  const find = async (...answers: (Asset | Error)[]) => {
    let looks = 0;
    const webflow = {
      async getAsset() {
        const answer = answers[Math.min(looks, answers.length - 1)];
        looks += 1;
        if (answer instanceof Error) throw answer;
        return answer;
      },
    } as unknown as WebflowClient;
    return [await waitForAsset(webflow, "a".repeat(24), 1, callContext()), looks];
  };

  it("is looked for until it is found, or the time is over", async () => {
    const asset = { id: "a".repeat(24) } as Asset;
    expect(await find(asset)).toEqual([asset, 1]);
    expect(await find(NOT_FOUND, NOT_FOUND, asset)).toEqual([asset, 3]);
    expect(await find(NOT_FOUND)).toEqual(["not found", 5]);
  });

  it("is not told from one that is missing by any other failure", async () => {
    await expect(find(DOWN)).rejects.toBe(DOWN);
    await expect(foundOrNot(Promise.reject(DOWN))).rejects.toBe(DOWN);
  });
});

describe("the newest assets of a site", () => {
  /** The offsets that are asked for where so many assets are listed, in pages of at most 100 or fewer. */
  async function offsetsOf(
    count: number,
    { total = count, most = 100 }: { total?: number | undefined; most?: number },
  ) {
    const offsets: number[] = [];
    const asked = new Set<unknown>();
    const webflow = {
      async listAssets(
        _siteId: string,
        { offset, limit, folderId }: { offset: number; limit: number; folderId?: string },
      ) {
        offsets.push(offset);
        asked.add(folderId);
        expect(limit).toBe(100);
        const rows = Math.max(0, Math.min(most, limit, count - offset));
        return {
          entries: Array.from({ length: rows }, (_, row) => ({ id: `${offset + row}` })),
          unreadable: 0,
          total,
        };
      },
    } as unknown as WebflowClient;
    const folder = { id: "f".repeat(24), path: "Team", names: ["Team"], assetIds: [] };
    const assets = await listNewest(webflow, { siteId: "b".repeat(24), folder }, callContext());
    expect([...asked]).toEqual([folder.id]);
    return { offsets, count: assets.length };
  }

  it.each([
    [0, [0]],
    [100, [0]],
    [101, [0, 100]],
    [600, [0, 100, 200, 300, 400, 500]],
    [1_000, [0, 100, 200, 700, 800, 900]],
  ])("are those at both ends of a list of %d", async (count, offsets) => {
    expect(await offsetsOf(count, {})).toEqual({ offsets, count: Math.min(count, 600) });
  });

  it("are asked for by the size of the pages that come", async () => {
    expect(await offsetsOf(120, { most: 50 })).toEqual({ offsets: [0, 50, 100], count: 120 });
  });

  it("are at the beginning of a list that tells no total", async () => {
    const unknown = async (count: number) => {
      const offsets: number[] = [];
      const webflow = {
        async listAssets(_siteId: string, { offset }: { offset: number }) {
          offsets.push(offset);
          const rows = Math.max(0, Math.min(100, count - offset));
          return { entries: Array.from({ length: rows }, () => ({})), unreadable: 0, total: undefined };
        },
      } as unknown as WebflowClient;
      await listNewest(webflow, { siteId: "b".repeat(24), folder: undefined }, callContext());
      return offsets;
    };
    expect(await unknown(99)).toEqual([0]);
    expect(await unknown(900)).toEqual([0, 100, 200]);
  });
});
