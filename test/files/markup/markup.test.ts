import { describe, expect, it } from "vitest";
import { inspectMarkup } from "../../../src/files/markup/markup.js";

const NAMESPACE = 'xmlns="http://www.w3.org/2000/svg"';
const svg = (content: string, attributes = ""): string => `<svg ${NAMESPACE} ${attributes}>${content}</svg>`;
const activeIn = (text: string) => {
  const markup = inspectMarkup(text);
  return markup?.is === "svg" ? markup.activeContent : markup;
};
const brokenIn = (text: string) => {
  const markup = inspectMarkup(text);
  return markup?.is === "svg" ? markup.shownBroken : markup;
};
const [SCRIPTS, HANDLERS, HTML, REFERENCES] = [
  "scripts",
  "event handlers",
  "embedded HTML",
  "external references",
];

describe("an SVG", () => {
  it.each([
    [SCRIPTS, "<script>alert(1)</script>"],
    [SCRIPTS, '<a href="java&#10;script:alert(1)">x</a>'],
    [SCRIPTS, '<a><set attributeName="href" to="JavaScript:alert(1)"/></a>'],
    [HANDLERS, '<g onclick="x()"/>'],
    [HTML, "<foreignObject/>"],
    [HTML, '<x:b xmlns:x="http://www.w3.org/1999/xhtml"/>'],
    [REFERENCES, '<image href="https://example.com/a.png"/>'],
    [REFERENCES, '<image xmlns:l="x" l:href="a.png"/>'],
    [REFERENCES, '<x src="a.js"/>'],
    [REFERENCES, '<image><set attributeName="xlink:href" values="a.png"/></image>'],
    [REFERENCES, '<image><animate attributeName="href" from="a.png"/></image>'],
    [REFERENCES, '<image><animate attributeName="href" by="a.png"/></image>'],
    [REFERENCES, "<style>@import 'a.css';</style>"],
    [REFERENCES, "<style><![CDATA[a{b:url(a.png)}]]></style>"],
    [REFERENCES, "<style>a{b:image-set( 'a.png' 1x)}</style>"],
    [REFERENCES, "<style>a{b:u\\72 l(a.png)}</style>"],
    [REFERENCES, "<style>a{b:\\url(a.png)}</style>"],
    [REFERENCES, "<g style=\"fill: url( 'a.svg#b' )\"/>"],
  ])("holds %s: %s", (kind, content) => {
    expect(activeIn(svg(content))).toEqual([kind]);
  });

  it.each([
    "<text>@import url(a.png)</text>",
    "<style>a{b:url(#c)} d{e:url('data:image/png;base64,AA')}</style>",
    "<style>a{b:image-set(c)}</style>",
    '<a href="https://example.com/">x</a>',
    '<image href="#a"/><image href="data:image/png;base64,AA"/><image href=""/><image href=" "/>',
    '<x><animate attributeName="x" to="a.png"/></x>',
    '<image><animate attributeName="href" dur="1s"/></image>',
    '<g data-onclick="x" fill="url(#a)"/>',
    "<?xml-model a.xsd?>",
  ])("holds nothing that a browser runs or loads: %s", (content) => {
    expect(activeIn(svg(content))).toEqual([]);
  });

  it("tells each kind once", () => {
    expect(activeIn(svg("<script/><script/><g onclick='x' onload='y'/>"))).toEqual([SCRIPTS, HANDLERS]);
  });

  it.each([
    ["a style sheet beside it", `<?xml-stylesheet href="a.css"?>${svg("")}`, [REFERENCES]],
    ["an entity in a file", `<!DOCTYPE svg [<!ENTITY a SYSTEM "a.ent">]>${svg("")}`, [REFERENCES]],
    ["an entity of markup", `<!DOCTYPE svg [<!ENTITY a "<script/>">]>${svg("&a;")}`, [SCRIPTS]],
    [
      "an entity of broken markup",
      `<!DOCTYPE svg [<!ENTITY a "</x><y a=b><script/>">]>${svg("&a;")}`,
      [SCRIPTS],
    ],
    [
      "an entity of an address",
      `<!DOCTYPE svg [<!ENTITY a "javascript:x">]>${svg('<a href="&a;"/>')}`,
      [SCRIPTS],
    ],
    ["an entity of text", `<!DOCTYPE svg [<!ENTITY a "onclick">]>${svg("&a;")}`, []],
  ])("is judged by what stands before it: %s", (_, text, active) => {
    expect(activeIn(text)).toEqual(active);
  });

  it.each([
    ["without its namespace", "<svg/>", 'it lacks xmlns="http://www.w3.org/2000/svg"'],
    ["with another namespace", '<svg xmlns="urn:x"/>', 'it lacks xmlns="http://www.w3.org/2000/svg"'],
    ["with its namespace for another prefix", `<svg ${NAMESPACE.replace("xmlns", "xmlns:s")}/>`, "it lacks"],
    [
      "with spaces before its declaration",
      ` \n<?xml version="1.0"?>${svg("")}`,
      "its XML declaration is not at its very beginning",
    ],
    ["with a control character", svg("<text>\x01</text>"), "it holds a control character"],
    ["with a prefix that it does not declare", svg("<x:a/>"), 'it does not declare its prefix "x"'],
    ["with something behind it", `${svg("")}${svg("")}`, "something follows its end"],
    ["that is cut off", svg("<g>").slice(0, -6), "it is cut off before its end"],
    [
      "that is cut off in a tag",
      '<svg xmlns="http://www.w3.org/2000/svg"><g a="b',
      "it is cut off before its end",
    ],
    [
      "with an entity that it does not declare",
      svg("<text>&nbsp;</text>"),
      'it uses "&nbsp;" without declaring it',
    ],
    ["with an attribute without quotes", svg("<g a=b/>"), "it is not well-formed XML"],
    ["with two errors, by the first one", svg("<x:a/><g a=b/>"), "it does not declare"],
  ])("is shown broken %s", (_, text, why) => {
    expect(brokenIn(text)).toContain(why);
  });

  it.each([
    ["with a prefix", '<s:svg xmlns:s="http://www.w3.org/2000/svg"/>'],
    ["behind its declaration", `<?xml version="1.0"?>\n${svg("")}`],
    ["behind spaces", ` \n${svg("")} \n`],
    ["with a declaration in a comment", ` <!-- \n<?xml a?> -->${svg("")}`],
    ["with an empty entity", `<!DOCTYPE svg [<!ENTITY a "">]>${svg("<text>&a;</text>")}`],
    ["with an entity used twice", `<!DOCTYPE svg [<!ENTITY a "b">]>${svg('<text a="&a;">&a;</text>')}`],
    ["with a name of HTML declared before", `<!DOCTYPE svg [<!ENTITY a "x"><!ENTITY a "y">]>${svg("&a;")}`],
  ])("is shown whole %s", (_, text) => {
    expect(inspectMarkup(text)).toEqual({ is: "svg", activeContent: [], shownBroken: undefined });
  });
});

describe("an SVG beyond the bounds", () => {
  const nested = (levels: number): string => svg("<g>".repeat(levels - 1) + "</g>".repeat(levels - 1));
  const withErrors = (count: number): string => svg("&none;".repeat(count));
  const attributes = (count: number): string =>
    svg(`<g ${Array.from({ length: count }, (_, index) => `a${index}="1"`).join(" ")}/>`);

  it("is nested deeper than a thousand levels", () => {
    expect(inspectMarkup(nested(1_000))?.is).toBe("svg");
    expect(inspectMarkup(nested(1_001))).toEqual({
      is: "brokenSvg",
      why: "is nested deeper than 1000 levels",
    });
    expect(inspectMarkup(svg("<g></g>".repeat(1_001)))?.is).toBe("svg");
  });

  it("has over a hundred errors", () => {
    expect(inspectMarkup(withErrors(100))?.is).toBe("svg");
    expect(inspectMarkup(withErrors(101))).toEqual({ is: "brokenSvg", why: "has over 100 errors" });
  });

  it("has an element with over a thousand attributes", () => {
    expect(inspectMarkup(attributes(1_000))?.is).toBe("svg");
    expect(inspectMarkup(attributes(1_001))).toEqual({
      is: "brokenSvg",
      why: "has an element with over 1000 attributes",
    });
    expect(inspectMarkup(svg('<g a="1"/>'.repeat(1_001)))?.is).toBe("svg");
  });

  it("has entities that stand for too much, when they are declared or when they are used", () => {
    const why = "has entities that stand for more than any drawing needs";
    // No path, which would be cut.
    const value = "_".repeat(10_000);
    const used = (count: number): string =>
      `<!DOCTYPE svg [<!ENTITY a "${value}">]>${svg("&a;".repeat(count))}`;
    expect(inspectMarkup(used(100))?.is).toBe("svg");
    expect(inspectMarkup(used(101))).toEqual({ is: "brokenSvg", why });
    const declared = Array.from({ length: 51 }, (_, index) => `<!ENTITY e${index} "${value}">`).join("");
    expect(inspectMarkup(`<!DOCTYPE svg [${declared}]>${svg("")}`)).toEqual({ is: "brokenSvg", why });
    expect(inspectMarkup(`<!DOCTYPE s-g:svg [${declared}]><s-g:svg/>`)).toEqual({ is: "brokenSvg", why });
    expect(inspectMarkup(`<!DOCTYPE x [${declared}]><x/>`)).toBeUndefined();
  });

  it("is none of other XML", () => {
    expect(inspectMarkup(nested(1_001).replaceAll("svg", "x"))).toEqual({ is: "xml", title: "" });
  });
});

describe("other markup", () => {
  it.each([
    "<!DOCTYPE html><p>x",
    "<!doctype\n html>",
    "<html lang=en>",
    " \n<head>",
    "<body>",
    "<!-- a - b -- c --><!---->\n <html>",
    "<!-- a -->\n<!-- b -->\n<html>",
  ])("is a page of HTML by its beginning: %s", (text) => {
    expect(inspectMarkup(text)).toEqual({ is: "html", title: "" });
  });

  it.each([
    ["<header/>", { is: "xml", title: "" }],
    ["<x><html/></x>", { is: "xml", title: "" }],
    ["<!-- a <html> --><x/>", { is: "xml", title: "" }],
    ['<h:html xmlns:h="http://www.w3.org/1999/xhtml"/>', { is: "html", title: "" }],
    ['<?xml version="1.0"?><html xmlns="http://www.w3.org/1999/xhtml"/>', { is: "html", title: "" }],
  ])("is told by its root: %s", (text, expected) => {
    expect(inspectMarkup(text)).toEqual(expected);
  });

  it.each(["", "text", "x <svg/>", "<", "<!-- a", "x <html>"])("is none in %j", (text) => {
    expect(inspectMarkup(text)).toBeUndefined();
  });

  it.each([
    ["<title>A page</title>", "A page"],
    ['<title lang="en">A  "page"\n\tof\u0000 ours </title>', "A page of ours"],
    ["<MESSAGE>Access denied</MESSAGE>", "Access denied"],
    ["<titles>A page</titles>", ""],
    ["<title></title>", ""],
    [`<title>${"x".repeat(60)}</title>`, "x".repeat(60)],
    [`<title>${"x".repeat(61)}</title>`, `${"x".repeat(60)}…`],
    [`<title>${"x".repeat(59)} yz</title>`, `${"x".repeat(59)}…`],
    ["<title>Ünïcode 123 – €5!</title>", "Ünïcode 123 – €5!"],
  ])("has the beginning of its title: %s", (content, title) => {
    expect(inspectMarkup(`<html>${content}`)).toEqual({ is: "html", title });
    expect(inspectMarkup(`<error>${content}</error>`)).toEqual({ is: "xml", title });
  });
});
