import { describe, expect, it } from "vitest";
import { createIdIndex } from "../../src/references/find-ids.js";
import { readPage } from "../../src/references/page.js";
import type { Place, Reference, Strength } from "../../src/references/references.js";
import { readScript } from "../../src/references/script.js";
import { readStyleSheet } from "../../src/references/style-sheet.js";

const SITE = "6258612d1ee792848f805dcf";
const ID = "6595a1b2c3d4e5f607184352";
/** A bucket or an asset that the site does not have. */
const OTHER = "69171c5bf00dcafe12345678";
const CDN = `https://cdn.prod.website-files.com/${SITE}`;
const SEARCH = { index: createIdIndex([ID]), siteId: SITE };

type Reading = (text: string) => readonly Reference[];
const page: Reading = (html) => readPage(Buffer.from(html), SEARCH).references;
const css: Reading = (text) => readStyleSheet(Buffer.from(text), SEARCH).references;
const script: Reading = (text) => readScript(Buffer.from(text), SEARCH);

type Form = readonly [form: string, text: string, place: Place, strength?: Strength];

function itLabels(forms: readonly Form[], read: Reading): void {
  for (const [form, text, place, strength = "strong"] of forms) {
    it(`finds ${form}`, () => {
      expect(read(text)).toEqual([{ asset: 0, place, strength }]);
    });
  }
}

const HOSTS = [
  "https://daks2k3a4ib2z.cloudfront.net",
  "https://uploads.webflow.com",
  "https://uploads-ssl.webflow.com",
  "https://global-uploads.webflow.com",
  "https://assets.website-files.com",
  "https://assets-global.website-files.com",
  "https://cdn.prod.website-files.com",
  "https://s3.amazonaws.com/webflow-prod-assets",
  "https://webflow-prod-assets.s3.amazonaws.com",
  "https://www.pottery-lane.example/assets-proxy",
];

describe("the hosts of a decade", () => {
  it.each(HOSTS)("an image from %s is found", (host) => {
    const html = `<img src="${host}/${SITE}/${ID}_vase.jpg" alt="">`;
    expect(page(html)).toEqual([{ asset: 0, place: "image", strength: "strong" }]);
  });
});

describe("an element of a page", () => {
  const lightbox = JSON.stringify({
    items: [{ _id: OTHER, fileName: `${ID}_a.jpg`, url: `${CDN}/${ID}_a.jpg`, type: "image" }],
    group: "",
  });
  const richText = (img: string): string =>
    `<div class="w-richtext"><figure class="w-richtext-align-fullwidth w-richtext-figure-type-image"><div>${img}</div></figure></div>`;
  itLabels(
    [
      ["an image", `<img src="${CDN}/${ID}_vase.jpg" loading="lazy">`, "image"],
      ["an image in single quotes and capitals", `<IMG SRC='${CDN}/${ID.toUpperCase()}_VASE.JPG'>`, "image"],
      ["an image without quotes", `<img src=${CDN}/${ID}_vase.jpg>`, "image"],
      ["a variant alone", `<img src="${CDN}/${ID}_vase-p-500.jpeg">`, "image"],
      [
        "a candidate of srcset",
        `<img src="data:," srcset="${CDN}/${OTHER}_x.png 500w, ${CDN}/${ID}_x-p-800.png 800w">`,
        "image",
      ],
      ["a source of a picture", `<picture><source srcset="${CDN}/${ID}_x.avif"></picture>`, "image"],
      ["an image that is loaded late", `<img data-src="${CDN}/${ID}_x.png">`, "image"],
      ["an image in an SVG", `<svg><image xlink:href="${CDN}/${ID}_x.png"/></svg>`, "image"],
      [
        "an image behind a proxy's URL",
        `<img src="/_img?u=https%3A%2F%2Fcdn.prod.website-files.com%2F${SITE}%2F${ID}_x.png">`,
        "image",
      ],
      [
        "a name that is encoded twice",
        `<img src="${CDN}/${ID}_Flow%2520Wide%2520Design-p-3200.png">`,
        "image",
      ],
      [
        "an image of another bucket",
        `<img src="https://cdn.prod.website-files.com/${OTHER}/${ID}_x.png">`,
        "image",
      ],
      [
        "a background with entities for quotes",
        `<div style="background-image:url(&quot;${CDN}/${ID}_x.jpg&quot;)"></div>`,
        "background",
      ],
      ["a background attribute", `<table><td background="${CDN}/${ID}_x.jpg"></td></table>`, "background"],
      [
        "the poster of a background video",
        `<div class="w-background-video" data-poster-url="https://cdn.prod.website-files.com/${SITE}%2F${ID}_clip-poster-00001.jpg"></div>`,
        "video",
      ],
      [
        "the transcodes of a background video",
        `<div data-video-urls="${CDN}/${OTHER}_a.mp4,https://cdn.prod.website-files.com/${SITE}%2f${ID}_clip-transcode.mp4"></div>`,
        "video",
      ],
      ["a transcode of 2026", `<video><source src="${CDN}/${ID}_clip_mp4.mp4"></video>`, "video"],
      [
        "the style of a video",
        `<video style="background-image:url(&quot;${CDN}/${ID}_poster.0000000.jpg&quot;)"></video>`,
        "video",
      ],
      ["the poster of a video", `<video poster="${CDN}/${ID}_x.jpg"></video>`, "video"],
      [
        "a Lottie animation",
        `<div data-animation-type="lottie" data-src="${CDN}/${ID}_anim wave.json"></div>`,
        "lottie",
      ],
      ["a Lottie file of the other form", `<div data-src="${CDN}/${ID}_anim.lottie"></div>`, "lottie"],
      ["a Rive animation", `<canvas data-rive-url="${CDN}/${ID}_x.riv"></canvas>`, "other"],
      [
        "a lightbox",
        `<a class="w-lightbox"><script type="application/json" class="w-json">${lightbox}</script></a>`,
        "lightbox",
      ],
      [
        "a lightbox with escaped slashes",
        `<script type="application/json" class="w-json">{"items":[{"url":"https:\\/\\/cdn.prod.website-files.com\\/${SITE}\\/${ID}_a.jpg"}]}</script>`,
        "lightbox",
      ],
      [
        "a template in percent-encoded HTML",
        `<script type="text/x-wf-template" id="t">%3Cimg%20src%3D%22https%3A%2F%2Fcdn.prod.website-files.com%2F${SITE}%2F${ID}_x.png%22%3E</script>`,
        "other",
      ],
      [
        "a property of a code island",
        `<code-island data-props="{&quot;image&quot;:&quot;${CDN}/${ID}_x.png&quot;}"></code-island>`,
        "code",
      ],
      [
        "a picture for social networks",
        `<meta content="${CDN}/${ID}_og.png" property="og:image">`,
        "ogImage",
      ],
      [
        "a picture for Twitter by name",
        `<meta name="twitter:image" content="${CDN}/${ID}_og.png">`,
        "ogImage",
      ],
      [
        "a favicon",
        `<link href="${CDN}/${ID}_favicon.png" rel="shortcut icon" type="image/x-icon">`,
        "favicon",
      ],
      ["a web clip", `<link href="${CDN}/${ID}_webclip.png" rel="apple-touch-icon">`, "favicon"],
      [
        "an image that is preloaded",
        `<link rel="preload" as="image" imagesrcset="${CDN}/${ID}_x-p-500.webp 500w">`,
        "image",
      ],
      [
        "a font that is preloaded",
        `<link rel="preload" as="font" href="${CDN}/${ID}_Inter.woff2" crossorigin>`,
        "font",
      ],
      [
        "structured data",
        `<script type="application/ld+json">{"image":"${CDN}/${ID}_x.png"}</script>`,
        "code",
      ],
      ["a link to a file", `<a href="${CDN}/${ID}_sheet.pdf" download>Sheet</a>`, "link"],
      ["where a form leads", `<form data-redirect="${CDN}/${ID}_thanks.pdf"></form>`, "link"],
      ["an inline style sheet", `<style>.hero{background:url(${CDN}/${ID}_x.jpg)}</style>`, "background"],
      [
        "an inline script",
        `<script>const u = "https://cdn.prod.website-files.com\\u002f${SITE}\\u002f${ID}_x.png";</script>`,
        "code",
      ],
      ["a handler in an attribute", `<div onclick="show('${CDN}/${ID}_x.png')"></div>`, "code"],
      ["an embed's text", `<div class="w-embed">${CDN}/${ID}_x.png</div>`, "other"],
      ["an attribute of one's own", `<div data-anything="${ID}"></div>`, "other"],
      ["an image without scripting", `<noscript><img src="${CDN}/${ID}_x.png"></noscript>`, "image"],
      [
        "an image that a condition hides",
        `<img class="w-condition-invisible" src="${CDN}/${ID}_x.png">`,
        "image",
      ],
      [
        "an image in a rich text",
        richText(`<img src="https://cdn.prod.website-files.com/${OTHER}/${ID}_x.png">`),
        "richText",
      ],
      [
        "a copy in a rich text",
        richText(`<img src="https://cdn.prod.website-files.com/${OTHER}/${OTHER}_${ID}_x.png">`),
        "richText",
        "copy",
      ],
      [
        "the origin of a duplicate",
        `<link rel="icon" href="${CDN}/${OTHER}_${ID}_favicon.png">`,
        "favicon",
        "copy",
      ],
      ["an asset whose own site's id a proxy put in front", `<img src="/img/${SITE}_${ID}_x.png">`, "image"],
      [
        "an asset behind a proxy's hash of it",
        `<img src="/cache/0123456789abcdef0123456789abcdef_${ID}_x.png">`,
        "image",
      ],
      ["a comment", `<!-- <img src="${CDN}/${ID}_x.jpg"> -->`, "other", "comment"],
      ["a comment that never ends", `<p>x</p><!-- <img src="${CDN}/${ID}_x.jpg">`, "other", "comment"],
      ["a comment in a style", `<style>a{}/* url(${CDN}/${ID}_x.jpg) */b{}</style>`, "other", "comment"],
      [
        "a comment of a script with a line to itself",
        `<script>\n  // const u = "${CDN}/${ID}_x.png";\nrun();</script>`,
        "code",
        "comment",
      ],
      [
        "what only looks like a comment of a script",
        `<script>const u = "//cdn.prod.website-files.com/${SITE}/${ID}_x.png", a = "image/*"; /* */</script>`,
        "code",
      ],
      ["an image behind an empty comment", `<!--><img src="${CDN}/${ID}_x.png"><!-- -->`, "image"],
      [
        "an image behind a script that holds a comment's beginning",
        `<script>"<!--"</script><img src="${CDN}/${ID}_x.png">`,
        "image",
      ],
      [
        "an image behind the figure of a rich text",
        `${richText("<img>")}<img src="${CDN}/${ID}_x.png">`,
        "image",
      ],
      ["a link in the figure of a rich text", richText(`<a href="${CDN}/${ID}_x.pdf">x</a>`), "link"],
      ["a video for social networks", `<meta property="og:video" content="${CDN}/${ID}_x.mp4">`, "video"],
      ["a tile of Windows", `<meta name="msapplication-TileImage" content="${CDN}/${ID}_x.png">`, "favicon"],
      ["a description", `<meta name="description" content="${ID}">`, "other"],
      ["a picture for links", `<link rel="image_src" href="${CDN}/${ID}_x.png">`, "ogImage"],
      ["a video that is preloaded", `<link rel="preload" as="video" href="${CDN}/${ID}_x.mp4">`, "video"],
      ["a style that is preloaded", `<link rel="preload" as="style" href="${CDN}/${ID}_x.css">`, "other"],
      [
        "an animation by its type",
        `<div data-animation-type="lottie" data-src="${CDN}/${ID}_x"></div>`,
        "lottie",
      ],
      ["an animation by its element", `<lottie-player data-src="${CDN}/${ID}_x"></lottie-player>`, "lottie"],
      [
        "an animation of a player",
        `<dotlottie-player src="${CDN}/${ID}_x.json"></dotlottie-player>`,
        "lottie",
      ],
      ["an animation with a query", `<div data-src="${CDN}/${ID}_x.json?v=1"></div>`, "lottie"],
      [
        "another attribute of an animation",
        `<div data-animation-type="lottie" data-alt="${ID}"></div>`,
        "other",
      ],
      ["another attribute of a link", `<a data-alt="${ID}" href="/">x</a>`, "other"],
      ["a comment at the very beginning of a script", `<script>// ${ID}\nrun();</script>`, "code", "comment"],
      ["a tag that never ends", `<img src="${CDN}/${ID}_x.png"`, "other"],
      ["a script that never ends", `<script>const u = "${ID}";`, "code"],
    ],
    page,
  );
});

describe("a style sheet", () => {
  itLabels(
    [
      ["a background without quotes", `.a{background-image:url(${CDN}/${ID}_x.jpg)}`, "background", "style"],
      [
        "a background in single quotes",
        `.a{color:red;background:#fff url('${CDN}/${ID}_x.jpg')}`,
        "background",
        "style",
      ],
      [
        "a name with raw blanks and brackets",
        `.a{background-image:url("${CDN}/${ID}_My pic (1).jpg")}`,
        "background",
        "style",
      ],
      [
        "a name with a bracket and no quotes",
        `.a{background-image:url(${CDN}/${OTHER}_b (1).jpg),url(${CDN}/${ID}_My pic (1).jpg)}`,
        "background",
        "style",
      ],
      [
        "what follows an escaped bracket and what looks like a comment",
        `.a{background:url(${CDN}/${OTHER}_a\\(1\\)/*.png)}.b{background:url(${CDN}/${ID}_x.png)}/* */`,
        "background",
        "style",
      ],
      ["a set of images", `.a{background-image:image-set("${CDN}/${ID}_x.avif" 1x)}`, "background", "style"],
      ["a mask", `.a{-webkit-mask-image:url(${CDN}/${ID}_x.svg)}`, "background", "style"],
      [
        "a font",
        `@font-face{font-family:Inter;src:url('${CDN}/${ID}_Inter.woff2') format("woff2");}`,
        "font",
        "style",
      ],
      [
        "a background behind a font",
        `@font-face{src:url(${CDN}/${OTHER}_I.woff2)}.a{background:url(${CDN}/${ID}_x.png)}`,
        "background",
        "style",
      ],
      [
        "a background behind a comment",
        `.a{ /* c */background:url(${CDN}/${ID}_x.png)}`,
        "background",
        "style",
      ],
      [
        "a background around a comment",
        `.a{background:/* content: */url(${CDN}/${ID}_x.png)}`,
        "background",
        "style",
      ],
      ["a background outside of any rule", `background:url(${CDN}/${ID}_x.png)`, "background", "style"],
      [
        "a background with a space before its colon",
        `.a{background :url(${CDN}/${ID}_x.png)}`,
        "background",
        "style",
      ],
      [
        "what follows a variable that is called like a font",
        `.a{--x:@font-face}.b{background:url(${CDN}/${ID}_x.png)}`,
        "background",
        "style",
      ],
      [
        "what is no font but begins like one",
        `@font-face x{background:url(${CDN}/${ID}_x.png)}`,
        "background",
        "style",
      ],
      [
        "a background behind a lone quote",
        `.a{background:none "\n,url(${CDN}/${ID}_x.png)}`,
        "background",
        "style",
      ],
      [
        "what follows a string over two lines",
        `.a{content:"a\\\n/*"}.b{background:url(${CDN}/${ID}_x.png)}`,
        "background",
        "style",
      ],
      [
        "what follows a string over two lines in single quotes",
        `.a{content:'a\\\n/*'}.b{background:url(${CDN}/${ID}_x.png)}`,
        "background",
        "style",
      ],
      ["a font on lines of its own", `@font-face\n{\nsrc:url(${CDN}/${ID}_x.png)}`, "font", "style"],
      ["a cursor", `.a{cursor:url(${CDN}/${ID}_x.png),auto}`, "other", "style"],
      ["a content", `.a::before{content:url(${CDN}/${ID}_x.png)}`, "image", "style"],
      ["a property whose name ends like one", `.a{my-background:url(${CDN}/${ID}_x.png)}`, "other", "style"],
      ["a list's bullet", `.a{list-style-image:url(${CDN}/${ID}_x.png)}`, "other", "style"],
      [
        "a background within a media query",
        `@media (max-width:479px){.a{background-image:url(${CDN}/${ID}_x.png)}}`,
        "background",
        "style",
      ],
      ["a variable", `:root{--hero:url(${CDN}/${ID}_x.png)}`, "other", "style"],
      ["a comment", `/* .a{background:url(${CDN}/${ID}_x.png)} */`, "other", "comment"],
      ["a comment that never ends", `.a{} /* ${ID}`, "other", "comment"],
      [
        "what follows a string that looks like a comment",
        `.a{content:"/*"}.b{background:url(${CDN}/${ID}_x.png)}`,
        "background",
        "style",
      ],
      [
        "what follows a string with an escaped quote",
        `.a{content:"\\"}/*"}.b{background:url(${CDN}/${ID}_x.png)}`,
        "background",
        "style",
      ],
      [
        "what follows a string in single quotes with an escaped one",
        `.a{content:'\\'}/*'}.b{background:url(${CDN}/${ID}_x.png)}`,
        "background",
        "style",
      ],
      [
        "what follows a string that its line ends",
        `.a{content:"a\n}.b{background:url(${CDN}/${ID}_x.png)}`,
        "background",
        "style",
      ],
      [
        "what follows an address that looks like a comment",
        `@import url(https://x.example/*.css);.b{background:url(${CDN}/${ID}_x.png)}`,
        "background",
        "style",
      ],
    ],
    css,
  );

  it("is labelled as what it is within a page, wherever it stands there", () => {
    const within = (sheet: string) =>
      page(`<p>A paragraph before it</p><style>.a{color:red}${sheet}</style>`);
    expect(within(`.b{content:url(${CDN}/${ID}_x.png)}`)).toMatchObject([{ place: "image" }]);
    expect(within(`/* ${CDN}/${ID}_x.png */`)).toMatchObject([{ place: "other", strength: "comment" }]);
  });

  it("lists the sheets that it imports", () => {
    const text = `@import url("a.css");@import 'b.css' screen;@import url(https://x.example/c.css);`;
    expect(readStyleSheet(Buffer.from(text), SEARCH).imports).toEqual([
      "a.css",
      "b.css",
      "https://x.example/c.css",
    ]);
  });

  it("lists the imports of a minified sheet, and of one whose URLs are escaped", () => {
    const text = `@import"a.css";@import'b c.css';@import url(d\\(1\\).css);@IMPORT URL( "e\\26 f.css" );@import url(g.css?a;b)`;
    expect(readStyleSheet(Buffer.from(text), SEARCH).imports).toEqual([
      "a.css",
      "b c.css",
      "d(1).css",
      "e&f.css",
      "g.css?a;b",
    ]);
  });
});

describe("a script", () => {
  itLabels(
    [
      ["a string", `const a=["${CDN}/${ID}_x.png"];`, "code"],
      ["a comment behind code", `show(); // ${ID}`, "code"],
      ["a comment at the very end", `run();\n/* ${ID} */`, "code", "comment"],
      ["a comment over several lines", `run();\n/*\n "${ID}"\n*/\nrun();`, "code", "comment"],
      ["code behind a comment of a file of the Mac", `a();\r// b\rshow("${ID}");`, "code"],
      ["code behind a comment that a line separator ends", `a();\n// b\u2028show("${ID}");`, "code"],
      ["code behind a comment on the same line", `/* a */ show("${ID}");\n/* b */`, "code"],
      ["code behind a comment that never ends", `/* a\nshow("${ID}")`, "code"],
    ],
    script,
  );
});

describe("readPage", () => {
  const read = (html: string) => readPage(Buffer.from(html), SEARCH);

  it("reports each asset in each place once", () => {
    const image = `<img src="${CDN}/${ID}_x.png" srcset="${CDN}/${ID}_x-p-500.png 500w">`;
    expect(page(`${image}${image}<a href="${CDN}/${ID}_x.png">`)).toEqual([
      { asset: 0, place: "image", strength: "strong" },
      { asset: 0, place: "link", strength: "strong" },
    ]);
  });

  it("reports where the page leads, as it is written there", () => {
    const { links, styleSheets, scripts, animations, manifests, base } = read(
      `<base href="/en/"><link rel="alternate" hrefLang="de" href="/de/über?a=1&amp;b=2"><link rel="stylesheet" href="a.css">
       <link rel="icon" href="no.png"><a href="/about#team">x</a><a href="/about#team">y</a><script src="w.js"></script>
       <div data-animation-type="lottie" data-src="wave.json"></div><dotlottie-wc src="sea.json"></dotlottie-wc><link rel="manifest" href="app.json"><!-- <a href="/hidden"> -->`,
    );
    expect({ links, styleSheets, scripts, animations, manifests, base }).toEqual({
      links: ["/de/über?a=1&b=2", "/about#team"],
      styleSheets: ["a.css"],
      scripts: ["w.js"],
      animations: ["wave.json", "sea.json"],
      manifests: ["app.json"],
      base: "/en/",
    });
  });

  it("lists the pages that it frames and that it redirects visitors to", () => {
    const { links } = read(
      `<iframe src="/map?a=1&amp;b=2"></iframe><meta http-equiv="Refresh" content="0; URL='/new'"><meta content="1;/no">`,
    );
    expect(links).toEqual(["/map?a=1&b=2", "/new"]);
  });

  it.each([
    ["data", "href"],
    ["abbr", "href"],
    ["b", "href"],
    ["imgx", "src"],
    ["myimg", "src"],
    ["my-video", "src"],
    ["video-x", "src"],
    ["div", "x-data-video-url"],
    ["div", "onx-y"],
    ["div", "action"],
    ["form", "data-redirect-x"],
    ["form", "x-action"],
    ["div", "srcset-x"],
  ])("takes the element %s with %s for none that it knows", (element, attribute) => {
    expect(page(`<${element} ${attribute}="${CDN}/${ID}_x.png">`)).toEqual([
      { asset: 0, place: "other", strength: "strong" },
    ]);
  });

  it("lists links of maps and frames, by the first of two attributes, without white space", () => {
    const { links } = read(
      `<area href="/map"><frame src="/frame"><a href="/first" href="/second">x</a><a href=" /wide ">x</a>
       <link rel="nofollow next" href="/next"><link rel="author" href="/author">`,
    );
    expect(links).toEqual(["/map", "/frame", "/first", "/wide", "/next"]);
  });

  it.each([
    ["5;url = /spaced", "/spaced"],
    ["0.5, /comma", "/comma"],
    [` ;"/quoted"`, "/quoted"],
    ["0;/bare", "/bare"],
    ["x; /no", undefined],
    ["5", undefined],
  ])("reads the redirect %j as one to %j", (content, link) => {
    expect(read(`<meta http-equiv="refresh" content='${content}'>`).links).toEqual(
      link === undefined ? [] : [link],
    );
  });

  it("takes no import from a script, and no password form from another element", () => {
    const { styleSheets, asksForPassword } = read(
      `<script>@import "a.css";</script><div action="/.wf_auth"></div>`,
    );
    expect([styleSheets, asksForPassword]).toEqual([[], false]);
  });

  it("lists the sheets that a style on the page imports", () => {
    expect(read(`<style>@import url("/theme.css");</style>`).styleSheets).toEqual(["/theme.css"]);
  });

  it("reports what Webflow says about the page, and whether it asks for a password", () => {
    const html = `<html data-wf-page="p1" data-wf-site="s1"><form action="/.wf_auth" method="post"></form></html>`;
    expect(read(html)).toMatchObject({ pageId: "p1", asksForPassword: true });
  });

  // What takes time in the square of its length would not be done before the test's time is up.
  it.each([
    "<",
    "<a ",
    "<!--",
    "<script>",
    "<script>/*\n",
    "<style>/*",
    '"',
    "<a b=",
    "&",
    "<figure class='w-richtext-figure'>",
  ])("reads a page of nothing but %j", (part) => {
    expect(page(`${part.repeat(300_000)} ${ID}`)).toHaveLength(1);
  });

  it("reads an element of 100,000 attributes that all name an asset", () => {
    const attributes = Array.from({ length: 100_000 }, (_, index) => `a${index}="${ID}"`);
    expect(page(`<div ${attributes.join(" ")}>`)).toHaveLength(1);
  });
});
