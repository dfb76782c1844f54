import { describe, expect, it } from "vitest";
import { countFitting } from "../../src/core/answer-size.js";
import { DeadlinePassed } from "../../src/core/call-context.js";
import { AssetError } from "../../src/core/errors.js";
import { forEachAsset } from "../../src/library/for-each-asset.js";
import { callContext } from "../builders/call.js";

const gone = new AssetError("ASSET_NOT_FOUND", "The site has no such asset", "list them");
const forbidden = new AssetError("MISSING_SCOPE", "The token may not write", "add assets:write");

/** Works on items by their name: those that a failure is given for fail with it. */
function work(names: readonly string[], failures: Readonly<Record<string, Error>>, call = callContext()) {
  const items = names.map((assetId) => ({ assetId }));
  return forEachAsset(items, call, "Deleted", async ({ assetId }) => {
    const failure = failures[assetId];
    if (failure) throw failure;
  });
}

describe("work on many assets", () => {
  it("tells in the order given which were done and which failed, and stops for none", async () => {
    expect(await work(["a", "b", "c", "d"], { b: gone, d: forbidden })).toEqual({
      done: ["a", "c"],
      failed: [
        { assetId: "b", error: "[ASSET_NOT_FOUND] The site has no such asset. Next: list them." },
        { assetId: "d", error: "[MISSING_SCOPE] The token may not write. Next: add assets:write." },
      ],
    });
  });

  it("tells after each how far it is, also after one that failed", async () => {
    const told: unknown[] = [];
    await work(["a", "b"], { a: gone }, callContext({ progress: (...progress) => told.push(progress) }));
    expect(told).toEqual([
      ["Deleted assets: 1 of 2", 1, 2],
      ["Deleted assets: 2 of 2", 2, 2],
    ]);
  });

  it("fails as a whole where the token may do none of it", async () => {
    await expect(work(["a", "b"], { a: forbidden, b: forbidden })).rejects.toBe(forbidden);
  });

  it("fails for each alone where each fails for another reason", async () => {
    expect(await work(["a", "b"], { a: gone, b: gone })).toMatchObject({ done: [], failed: [{}, {}] });
  });

  it("fails as a whole when the call is cancelled, and not when its time is over", async () => {
    const cancelled = callContext({ signal: AbortSignal.abort() });
    await expect(work(["a"], {}, cancelled)).rejects.toMatchObject({ code: "CANCELLED" });
    const late = callContext({ signal: AbortSignal.abort(new DeadlinePassed()) });
    expect(await work(["a"], {}, late)).toEqual({ done: ["a"], failed: [] });
  });

  it("tells many failures by their code and the first asset that failed so, each code once in full", async () => {
    const names = Array.from({ length: 400 }, (_, index) => `asset ${index}`);
    const failures = Object.fromEntries(names.map((name) => [name, gone]));
    const last = new AssetError("WEBFLOW_REJECTED", "Webflow refused", "leave it");
    const { failed } = await work(names, { ...failures, "asset 398": last, "asset 399": last });
    const full = "[ASSET_NOT_FOUND] The site has no such asset. Next: list them.";
    const short = "[ASSET_NOT_FOUND] As asset 0. Next: the same.";
    const told = failed.findIndex(({ error }) => error !== full);
    expect(told).toBeGreaterThan(100);
    expect(failed.slice(told, 398)).toEqual(
      names.slice(told, 398).map((assetId) => ({ assetId, error: short })),
    );
    expect(failed.slice(398)).toEqual([
      { assetId: "asset 398", error: "[WEBFLOW_REJECTED] Webflow refused. Next: leave it." },
      { assetId: "asset 399", error: "[WEBFLOW_REJECTED] As asset 398. Next: the same." },
    ]);
  });

  it("tells as many failures in full as fit, and the next one short", async () => {
    const names = Array.from({ length: 400 }, (_, index) => `asset ${index}`);
    const { failed } = await work(names, Object.fromEntries(names.map((name) => [name, gone])));
    const full = failed.filter(({ error }) => error.includes("list them"));
    expect(full).toHaveLength(
      countFitting(
        failed.map(({ assetId }) => ({ assetId, error: full[0]?.error })),
        4_000,
      ),
    );
  });
});
