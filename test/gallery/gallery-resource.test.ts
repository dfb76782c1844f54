import { expect, test } from "vitest";
import { GALLERY_URI, galleryCsp, galleryHtml } from "../../src/gallery/gallery-resource.js";

const MAX_BYTES = 61_440;

test("the gallery is one document of at most 60 kB", async () => {
  const html = await galleryHtml({ readOnly: false });

  expect(Buffer.byteLength(html)).toBeLessThanOrEqual(MAX_BYTES);
  expect(html).toMatch(/^<!doctype html>/);
});

test("the gallery refers to no other file", async () => {
  const html = await galleryHtml({ readOnly: false });

  const references = html.match(/(?:src|href)\s*=\s*["']|@import|url\(|fetch\(|XMLHttpRequest|WebSocket/g);
  expect(references).toBeNull();
});

test("the gallery makes no markup of text", async () => {
  expect(await galleryHtml({ readOnly: false })).not.toMatch(
    /innerHTML|outerHTML|insertAdjacentHTML|document\.write|DOMParser|eval\(/,
  );
});

test("its URI is the one that tools and clients use", () => {
  expect(GALLERY_URI).toBe("ui://webflow-assets/gallery.html");
});

test("the gallery may load from the origins of the hosted URLs that were shown, each once", () => {
  const csp = galleryCsp([
    "https://s3.amazonaws.com/webflow-prod-assets/a.png",
    "https://cdn.prod.website-files.com/a.png",
    "https://cdn.prod.website-files.com/b.png",
    "http://127.0.0.1:4000/cdn/c.png",
  ]);

  expect(csp).toEqual({
    resourceDomains: [
      "http://127.0.0.1:4000",
      "https://cdn.prod.website-files.com",
      "https://s3.amazonaws.com",
    ],
  });
});

test("before any URL was shown it may load from where Webflow hosts assets", () => {
  expect(galleryCsp([]).resourceDomains).toEqual([
    "https://cdn.prod.website-files.com",
    "https://s3.amazonaws.com",
    "https://uploads-ssl.webflow.com",
    "https://assets.website-files.com",
    "https://assets-global.website-files.com",
  ]);
});

test.each([
  "javascript:alert(1)",
  "data:image/png;base64,AA",
  "not a url",
  "https://*",
  "ftp://files.example/a",
])("no origin comes from %s", (url) => {
  expect(galleryCsp(["https://cdn.example/a.png", url]).resourceDomains).toEqual(["https://cdn.example"]);
});
