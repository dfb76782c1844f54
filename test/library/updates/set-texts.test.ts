import { describe, expect, it } from "vitest";
import { type CallContext, DeadlinePassed } from "../../../src/core/call-context.js";
import { AssetError } from "../../../src/core/errors.js";
import { setTexts } from "../../../src/library/updates/set-texts.js";
import type { WebflowClient } from "../../../src/webflow/data-api/client.js";
import type { Asset } from "../../../src/webflow/data-api/responses.js";
import { callContext } from "../../builders/call.js";
import { codeOf } from "../../builders/outcome.js";

const ID = "0123456789abcdef01234567";

/** Answers to the change with the first of the alt texts, and to each look after it with the next one, the last for ever. */
function webflowShowing(...altTexts: readonly string[]) {
  const left = [...altTexts];
  const next = async (): Promise<Asset> => {
    const altText = (left.length > 1 ? left.shift() : left[0]) ?? "";
    return { id: ID, altText } as Asset;
  };
  return { updateAsset: next, getAsset: next, left };
}

function set(webflow: ReturnType<typeof webflowShowing>) {
  return setTexts(webflow, ID, { altText: "A new text" }, callContext(), { lagMs: 4 });
}

describe("setting the texts of an asset", () => {
  it("believes an answer that shows the text, and looks no further", async () => {
    const webflow = webflowShowing("A new text", "never looked at");
    await expect(set(webflow)).resolves.toMatchObject({ altText: "A new text" });
    expect(webflow.left).toEqual(["never looked at"]);
  });

  it("looks no further once it sees the text", async () => {
    const webflow = webflowShowing("Old", "A new text", "never looked at");
    await expect(set(webflow)).resolves.toMatchObject({ altText: "A new text" });
    expect(webflow.left).toEqual(["never looked at"]);
  });

  it("looks again while Webflow still shows the text of before", async () => {
    const webflow = webflowShowing("Old", "Old", "Old", "A new text");
    await expect(set(webflow)).resolves.toMatchObject({ altText: "A new text" });
  });

  it("takes a text for the same whose white space Webflow has changed", async () => {
    await expect(set(webflowShowing(" A  new\ntext"))).resolves.toMatchObject({ id: ID });
  });

  describe("of which the answer was lost", () => {
    const LOST = new AssetError("WEBFLOW_UNAVAILABLE", "the connection broke.", "try again");
    const NEW = { id: ID, altText: "A new text" } as Asset;

    /** Fails to change it, perhaps after the change; `shown`: what is there afterwards. */
    function webflowLosing(failure: unknown, isUncertain: boolean, shown: () => Promise<Asset>) {
      const calls: CallContext[] = [];
      return {
        calls,
        updateAsset: async (...[, , , , onUncertain]: Parameters<WebflowClient["updateAsset"]>) => {
          if (isUncertain) onUncertain?.();
          throw failure;
        },
        getAsset: async (_id: string, call: CallContext) => {
          calls.push(call);
          return shown();
        },
      };
    }
    type Losing = ReturnType<typeof webflowLosing>;
    let touched = 0;
    const setIn = (webflow: Losing, call = callContext()) => {
      touched = 0;
      const onTouched = () => {
        touched += 1;
      };
      return setTexts(webflow, ID, { altText: "A new text" }, call, { lagMs: 4, onTouched });
    };

    it("succeed if Webflow shows them", async () => {
      const webflow = webflowLosing(LOST, true, async () => NEW);
      const call = callContext();
      await expect(setIn(webflow, call)).resolves.toBe(NEW);
      expect(touched).toBeGreaterThan(0);
      expect(webflow.calls).toEqual([call]);
    });

    it("fail as the change did if Webflow shows the text of before", async () => {
      const old = { ...NEW, altText: "Old" };
      await expect(setIn(webflowLosing(LOST, true, async () => old))).rejects.toBe(LOST);
      expect(touched).toBe(1);
    });

    it("fail without a look if nothing can have changed", async () => {
      const webflow = webflowLosing(LOST, false, async () => NEW);
      await expect(setIn(webflow)).rejects.toBe(LOST);
      expect([touched, webflow.calls.length]).toEqual([0, 0]);
    });

    it("fail without a look once the user has cancelled them", async () => {
      const webflow = webflowLosing(LOST, true, async () => NEW);
      await expect(setIn(webflow, callContext({ signal: AbortSignal.abort() }))).rejects.toBe(LOST);
      expect(webflow.calls).toEqual([]);
    });

    it("are looked for with time of its own once that of the call is over", async () => {
      const webflow = webflowLosing(LOST, true, async () => NEW);
      const call = callContext({ signal: AbortSignal.abort(new DeadlinePassed()), deadline: 0 });
      await expect(setIn(webflow, call)).resolves.toBe(NEW);
      expect(webflow.calls[0]?.signal.aborted).toBe(false);
    });

    it.each([
      ["as the change did", LOST, "WEBFLOW_UNAVAILABLE"],
      ["as a fault", new TypeError("a fault"), "INTERNAL"],
    ])("say that they may be there if nobody can look, and fail %s", async (_, failure, code) => {
      const webflow = webflowLosing(failure, true, async () => {
        throw new Error("no answer either");
      });
      await expect(setIn(webflow)).rejects.toMatchObject({
        code,
        message: expect.stringContaining("may have changed the asset all the same"),
        next: expect.stringContaining(ID),
        cause: failure,
      });
    });
  });

  it("tells that the texts may have changed when they have", async () => {
    let touched = 0;
    const onTouched = () => {
      touched += 1;
    };
    await setTexts(webflowShowing("A"), ID, { altText: "A" }, callContext(), { lagMs: 4, onTouched });
    expect(touched).toBe(1);
  });

  it("fails when Webflow goes on showing the text of before", async () => {
    expect(await codeOf(set(webflowShowing("Old")))).toBe("WEBFLOW_REJECTED");
    await expect(set(webflowShowing("Old"))).rejects.toThrow('shows the alt text "Old"');
    await expect(set(webflowShowing(""))).rejects.toThrow("still shows no alt text");
  });

  it.each([
    ["under its name", "b.png", "b.png"],
    ["with its id before it", "b.png", `${ID}_b.png`],
  ])("believes an answer that shows the display name %s, whatever the alt text", async (_, displayName, shown) => {
    const named = async () => ({ id: ID, altText: "Old", displayName: shown }) as Asset;
    const webflow = { updateAsset: named, getAsset: named };
    await expect(setTexts(webflow, ID, { displayName }, callContext(), { lagMs: 4 })).resolves.toMatchObject({
      displayName: shown,
    });
  });

  it.each([
    ["another one", "a.png", 'shows the display name "a.png"'],
    ["none", undefined, `shows the display name "${ID}"`],
  ])("fails when Webflow goes on showing %s for a display name", async (_, displayName, told) => {
    const named = async () => ({ id: ID, altText: "A", displayName }) as Asset;
    const webflow = { updateAsset: named, getAsset: named };
    const changes = { altText: "A", displayName: "b.png" };
    await expect(setTexts(webflow, ID, changes, callContext(), { lagMs: 4 })).rejects.toThrow(told);
  });
});
