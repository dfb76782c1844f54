import { describe, expect, it } from "vitest";
import { createPublicUrls, withPublicUrls } from "../../src/webflow/public-urls.js";

const KEY = "6b051c8930782389e3acec84/6b051c8930782389e3acec85_a%20b.png";

describe("the URL of a file that answers show", () => {
  it.each([
    `https://s3.amazonaws.com/webflow-prod-assets/${KEY}`,
    `https://webflow-prod-assets.s3.amazonaws.com/${KEY}`,
    `https://cdn.prod.website-files.com/${KEY}`,
  ])("is the CDN's, whichever Webflow tells: %s", (url) => {
    expect(createPublicUrls().of(url)).toBe(`https://cdn.prod.website-files.com/${KEY}`);
  });

  it("is learned for other hosts from a record with both URLs", () => {
    const urls = createPublicUrls();
    const stored = `http://127.0.0.1:4010/bucket/${KEY}`;
    expect(urls.of(stored)).toBe(stored);
    urls.learn({ assetUrl: stored, hostedUrl: `http://127.0.0.1:4010/cdn/${KEY}` });
    expect(urls.of(stored.replace("a%20b", "c-p-500"))).toBe(
      `http://127.0.0.1:4010/cdn/${KEY.replace("a%20b", "c-p-500")}`,
    );
  });

  it.each([
    ["of two objects", `http://store/${KEY}`, `http://cdn/${KEY.replace("b.png", "c.png")}`],
    ["of which one is missing", `http://store/${KEY}`, undefined],
    ["of which the other is missing", undefined, `http://cdn/${KEY}`],
    ["of which one has no key", `http://store/${KEY}`, "http://cdn/a.png"],
    ["of which both have none", "http://store/a.png", "http://cdn/a.png"],
  ])("is not learned by URLs %s", (_, assetUrl, hostedUrl) => {
    const urls = createPublicUrls();
    urls.learn({ assetUrl, hostedUrl });
    expect(urls.of(`http://store/${KEY}`)).toBe(`http://store/${KEY}`);
  });

  it.each([
    "https://example.com/webflow-prod-assets/a.png",
    `https://s3.amazonaws.com/webflow-prod-assets/${KEY}?versionId=1`,
    "no URL",
  ])("is left as it is where nothing is known of it: %s", (url) => {
    expect(createPublicUrls().of(url)).toBe(url);
  });

  it("is not learned anew from a record that tells the CDN's URL twice", () => {
    const urls = createPublicUrls();
    urls.learn({ assetUrl: `https://cdn.example/${KEY}`, hostedUrl: `https://cdn.example/${KEY}` });
    expect(urls.of(`https://cdn.example/${KEY}`)).toBe(`https://cdn.example/${KEY}`);
  });

  it("is left alone where a known URL only stands inside another one", () => {
    const url = `see https://s3.amazonaws.com/webflow-prod-assets/${KEY}`;
    expect(createPublicUrls().of(url)).toBe(url);
  });

  it("is put nowhere else: what is called url and is no text stays", () => {
    const answer = { url: null, of: { url: 5 }, list: [null, undefined, 1] };
    expect(withPublicUrls(answer, createPublicUrls())).toEqual(answer);
    const url = `https://s3.amazonaws.com/webflow-prod-assets/${KEY}`;
    expect(withPublicUrls({ url: { url } }, createPublicUrls())).toEqual({
      url: { url: `https://cdn.prod.website-files.com/${KEY}` },
    });
  });

  it("is put everywhere in an answer", () => {
    const url = `https://s3.amazonaws.com/webflow-prod-assets/${KEY}`;
    const answer = { asset: { url, name: url, variants: [{ width: 500, url }], folder: null }, notes: [url] };
    const shown = `https://cdn.prod.website-files.com/${KEY}`;
    expect(withPublicUrls(answer, createPublicUrls())).toEqual({
      asset: { url: shown, name: url, variants: [{ width: 500, url: shown }], folder: null },
      notes: [url],
    });
  });
});
