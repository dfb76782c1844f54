import { describe, expect, it } from "vitest";
import { createIdIndex } from "../../src/references/find-ids.js";
import { linkElements } from "../../src/references/link-header.js";
import { readPage } from "../../src/references/page.js";

const ID = "6595a1b2c3d4e5f607184352";
const SITE = "6258612d1ee792848f805dcf";
const CDN = `https://cdn.prod.website-files.com/${SITE}`;

function read(header: string) {
  return readPage(linkElements(header), { index: createIdIndex([ID]), siteId: SITE });
}

describe("a Link header", () => {
  it("names style sheets, as Webflow writes it", () => {
    expect(read(`<${CDN}/css/a.css>; rel=preload; as=style`).styleSheets).toEqual([`${CDN}/css/a.css`]);
  });

  it("names several things, with parameters in quotes and commas in addresses", () => {
    const { styleSheets, references, links } = read(
      `</a,b.css>; rel="stylesheet"; title="a, b", <${CDN}/${ID}_a.jpg>; rel=preload; as=image,</de>;rel="alternate";hreflang=de`,
    );
    expect(styleSheets).toEqual(["/a,b.css"]);
    expect(references).toEqual([{ asset: 0, place: "image", strength: "strong" }]);
    expect(links).toEqual(["/de"]);
  });

  it("keeps quotes and ampersands of addresses", () => {
    expect(read('</a.css?b="1"&copy=2>; rel=stylesheet').styleSheets).toEqual(['/a.css?b="1"&copy=2']);
  });

  it.each(["", "<", "<>", "nonsense", `<${CDN}>`, "<a>;rel", "<a>; rel=;"])("%j names nothing", (header) => {
    expect(read(header)).toMatchObject({ styleSheets: [], references: [], links: [] });
  });
});
