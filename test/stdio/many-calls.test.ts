import { expect, it } from "vitest";
import { startEmulator } from "../../src/emulator/emulator.js";
import { runScript } from "../builders/bundled-script.js";
import { patient } from "../slowness.js";

it(
  "makes 2,000 calls, 32 at a time, without a failure, a leak or a warning",
  async () => {
    const emulator = await startEmulator({
      switches: { rateLimit: { limit: 1_000_000, windowMs: 60_000, sliding: false } },
    });
    const { apiBaseUrl, token, uploadHost, siteId } = emulator;
    const result = await runScript("many-calls", [apiBaseUrl, token, uploadHost, siteId], ["--expose-gc"]);
    const { failures, heapAfter200, heapAfterAll, stillOpen, stderr } = result;
    expect(failures).toBe(0);
    expect(Number(heapAfterAll) - Number(heapAfter200)).toBeLessThan(10_000_000);
    expect(stderr).not.toMatch(/warning|unrecognized flag/i);
    expect(stillOpen).toEqual([]);
    await emulator.close();
  },
  patient(120_000),
);
