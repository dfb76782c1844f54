import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { FindUsesResult } from "../../src/contract/find-uses.js";
import { pngBytes } from "../builders/bytes.js";
import { callContext } from "../builders/call.js";
import { startSite, type TestSite } from "../builders/site.js";

let site: TestSite;
let spare: string;

beforeEach(async () => {
  site = await startSite();
  const { database, siteId } = site.emulator;
  const image = { fileName: "spare.png", contentType: "image/png", bytes: pngBytes() };
  spare = database.addAsset({ siteId, displayName: "spare.png", ...image }).id;
});
afterEach(() => site.close());

async function readSite(): Promise<FindUsesResult & { verdict: string | undefined }> {
  const result = await site.service.findUses({ limit: 50 }, callContext());
  expect(result.status).toBe("complete");
  return { ...result, verdict: result.assets[0]?.verdict };
}

const SHEET = '<link rel="stylesheet" href="/site.css">';

describe("a published site whose files are answered oddly", () => {
  it("may hide uses on a page and in a style sheet whose compression cannot be undone, which is reported", async () => {
    const headers = { "content-encoding": "zstd" };
    site.emulator.publish({ path: "/", html: `${SHEET}<a href="/packed">a</a>` });
    site.emulator.publish({ path: "/packed", html: "packed", headers });
    site.emulator.publish({ path: "/site.css", contentType: "text/css", body: "packed", headers });
    const { verdict, notRead } = await readSite();
    expect(verdict).toBe("notChecked");
    const why = "it is compressed in a way that cannot be read";
    expect(notRead).toContainEqual({ what: "1 page (/packed)", why });
    expect(notRead).toContainEqual({ what: "1 style sheet (site.css)", why });
  });

  it("may hide uses on a page that is answered with nothing, which is reported", async () => {
    site.emulator.publish({ path: "/", html: '<a href="/empty">a</a>' });
    site.emulator.publish({ path: "/empty", html: "" });
    const { verdict, notRead } = await readSite();
    expect(verdict).toBe("notChecked");
    expect(notRead).toContainEqual({ what: "1 page (/empty)", why: "it was answered with nothing" });
  });

  it("may hide uses in a style sheet in whose place a page was served, which is reported", async () => {
    site.emulator.publish({ path: "/", html: SHEET });
    site.emulator.publish({ path: "/site.css", html: "<h1>Checking your browser</h1>" });
    const { verdict, notRead } = await readSite();
    expect(verdict).toBe("notChecked");
    expect(notRead).toContainEqual({
      what: "1 style sheet (site.css)",
      why: "a page was answered in its place",
    });
  });

  it("may hide uses in a style sheet of its own that redirects to another site, which is reported", async () => {
    site.emulator.publish({ path: "/", html: SHEET });
    const headers = { location: "https://files.example.com/site.css" };
    site.emulator.publish({ path: "/site.css", status: 302, headers });
    const { verdict, notRead } = await readSite();
    expect(verdict).toBe("notChecked");
    expect(notRead).toContainEqual({
      what: "1 style sheet (site.css)",
      why: "it leads to another site, which is not read",
    });
  });

  it.each([
    ["a byte order mark", "text/html", "\ufeff"],
    ["a word of the server", "text/html; charset=UTF-16LE", ""],
  ])("has its pages read in UTF-16 as %s tells", async (_what, contentType, mark) => {
    site.emulator.publish({
      path: "/",
      contentType,
      body: (urls) => Buffer.from(`${mark}<img src="${urls.asset(spare)}">`, "utf16le"),
    });
    expect(await readSite()).toMatchObject({
      verdict: "used",
      assets: [{ uses: [{ in: "/", place: "image" }] }],
    });
  });

  it("is read with the style sheets that only the headers of a page name", async () => {
    const link = ["</site.css>; rel=preload; as=style", "</next.css>; rel=preload; as=style"];
    site.emulator.publish({ path: "/", html: "<h1>Home</h1>", headers: { link: link.join(", ") } });
    site.emulator.publish({ path: "/site.css", contentType: "text/css", body: "a{}" });
    site.emulator.publish({
      path: "/next.css",
      contentType: "text/css",
      body: `a{background:url(/${spare}_a.png)}`,
    });
    expect(await readSite()).toMatchObject({ verdict: "styleOnly", read: { stylesheets: 2 } });
  });

  it("hides nothing in a style sheet that is gone, which is reported", async () => {
    site.emulator.publish({ path: "/", html: '<link rel="stylesheet" href="/old.css">' });
    const { verdict, notRead } = await readSite();
    expect(verdict).toBe("noReferenceFound");
    expect(notRead).toContainEqual({ what: "1 style sheet (old.css)", why: "it was answered with 404" });
  });

  it("recognizes an animation whose pictures are in an archive", async () => {
    const animation = '<div data-animation-type="lottie" data-src="/wave.lottie"></div>';
    site.emulator.publish({ path: "/", html: animation });
    const { notRead } = await readSite();
    expect(notRead).toContainEqual({
      what: "1 animation (wave.lottie)",
      why: "it is an archive, which is not read",
    });
  });

  it("tells why a host that was opened cannot be read, and not why its other scheme cannot", async () => {
    site.emulator.publish({ path: "/", status: 302, headers: { location: "/" } });
    const { notRead } = await readSite();
    expect(notRead).toContainEqual({
      what: expect.stringMatching(/^the site at /),
      why: "it redirects more than 5 times",
    });
  });
});
