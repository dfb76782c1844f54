import { afterEach, beforeEach, expect, it } from "vitest";
import { callContext } from "../builders/call.js";
import { startSite, type TestSite } from "../builders/site.js";

const KEY = Buffer.from(`# deploy\nexport KEY=${"ghp"}_${"aB3dE6gH9jK2".repeat(3)}\n`);

let site: TestSite;

function textUri(bytes: Buffer): string {
  return `data:text/plain;base64,${bytes.toString("base64")}`;
}

beforeEach(async () => {
  site = await startSite();
});

afterEach(() => site.close());

function upload(bytes: Buffer, more: Record<string, unknown> = {}) {
  return site.service.uploadAsset({ source: textUri(bytes), fileName: "notes.txt", ...more }, callContext());
}

function assets() {
  return site.emulator.library.assets(site.emulator.siteId);
}

it("a text that holds a secret is not sent, and the answer says what was found and what to do", async () => {
  await expect(upload(KEY)).rejects.toMatchObject({
    code: "CONFIRMATION_REQUIRED",
    message: expect.stringContaining("a GitHub token"),
    next: expect.stringContaining("evenIfSecret: true"),
  });
  expect(assets()).toEqual([]);
});

it("it is sent when the user agreed", async () => {
  expect(await upload(KEY, { evenIfSecret: true })).toMatchObject({ status: "uploaded" });
});

it("in a batch it fails alone", async () => {
  const items = [
    { source: textUri(KEY), fileName: "notes.txt" },
    { source: textUri(Buffer.from("hello")), fileName: "hello.txt" },
  ];
  const report = await site.service.uploadAssets({ items }, callContext());
  expect(report).toMatchObject({ failed: 1, uploaded: 1 });
  expect(report.results[0]?.error).toMatch(/leave the file out.*uploadAsset and evenIfSecret: true/);
});

it("the server's own token is found in any file", async () => {
  await expect(upload(Buffer.from(`WEBFLOW_TOKEN=${site.emulator.token}`))).rejects.toMatchObject({
    code: "CONFIRMATION_REQUIRED",
  });
});

it("a name that says so is noted", async () => {
  const { notes } = await upload(Buffer.from("nothing"), { fileName: "passwords.txt" });
  expect(notes.join()).toContain("something secret");
});
