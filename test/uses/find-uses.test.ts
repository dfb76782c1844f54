import { afterEach, describe, expect, it } from "vitest";
import type { FindUsesRequest, FindUsesResult } from "../../src/contract/find-uses.js";
import type { EmulatorSwitches } from "../../src/emulator/behaviour/switches.js";
import type { Emulator } from "../../src/emulator/emulator.js";
import { pngBytes } from "../builders/bytes.js";
import { callContext } from "../builders/call.js";
import { startSite, type TestSite } from "../builders/site.js";

let site: TestSite;

afterEach(() => site.close());

async function aSite(switches: Partial<EmulatorSwitches> = {}): Promise<Emulator> {
  site = await startSite({ switches });
  return site.emulator;
}

function addImage(emulator: Emulator, displayName: string): string {
  const image = { fileName: displayName, contentType: "image/png", bytes: pngBytes() };
  return emulator.database.addAsset({ siteId: emulator.siteId, displayName, parentFolder: null, ...image })
    .id;
}

function findUses(request: Partial<FindUsesRequest> = {}): Promise<FindUsesResult> {
  return site.service.findUses({ limit: 50, ...request }, callContext());
}

describe("findUses", () => {
  it("tells the page, and as what it is used there", async () => {
    const emulator = await aSite();
    const spare = addImage(emulator, "spare.png");
    const hero = addImage(emulator, "hero.png");
    emulator.publish({ path: "/about", html: (urls) => `<img src="${urls.asset(hero)}">` });
    const result = await findUses();
    expect(result.status).toBe("complete");
    expect(result.assets).toEqual([
      { id: hero, name: "hero.png", verdict: "used", uses: [{ in: "/about", place: "image" }] },
      { id: spare, name: "spare.png", verdict: "noReferenceFound", uses: [] },
    ]);
  });
});
