// docs/emulator.md shows this file as the example.
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Emulator, startEmulator } from "../../src/emulator/emulator.js";

let emulator: Emulator;

beforeAll(async () => {
  emulator = await startEmulator({ switches: { createStatus: 202 } });
});

afterAll(() => emulator.close());

/** What is under test: a script that makes a folder, and tries again when Webflow fails. */
async function makeFolder(apiBaseUrl: string, token: string, siteId: string): Promise<number> {
  const url = `${apiBaseUrl}/sites/${siteId}/asset_folders`;
  const headers = { authorization: `Bearer ${token}`, "content-type": "application/json" };
  for (let attempt = 1; ; attempt += 1) {
    const body = JSON.stringify({ displayName: "Spring" });
    const response = await fetch(url, { method: "POST", headers, body });
    if (response.status < 500 || attempt === 3) return response.status;
  }
}

test("makes the folder although Webflow fails once", async () => {
  const fault = emulator.faults.add({
    on: "createFolder",
    kind: "status",
    status: 500,
    when: "before",
    times: 1,
  });

  const status = await makeFolder(emulator.apiBaseUrl, emulator.token, emulator.siteId);

  expect(status).toBe(200);
  expect(fault.struck).toBe(1);
  expect(emulator.database.folders(emulator.siteId)).toMatchObject([{ displayName: "Spring" }]);
  expect(emulator.requests.count({ operation: "createFolder" })).toBe(2);
});
