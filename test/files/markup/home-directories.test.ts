import { describe, expect, it } from "vitest";
import {
  homeDirectoryIn,
  homeDirectoryInSvg,
  withoutHomeDirectories,
} from "../../../src/files/markup/home-directories.js";

const svgOf = (attributes: string, content = "") =>
  `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1" ${attributes}>${content}<path d="M0 0h1v1"/></svg>`;

describe("a home directory in an SVG", () => {
  it.each([
    ["/Users/jane", 'inkscape:export-filename="/Users/jane/Desktop/logo.png"', ""],
    ["/home/jane", "sodipodi:absref='/home/jane/Pictures/a (1)/b.png'", ""],
    ["C:\\Users\\Jane Q", 'inkscape:export-filename="C:\\Users\\Jane Q\\Desktop\\logo.png"', ""],
    ["C:/Users/jane", 'data-file="file:///C:/Users/jane/a.svg"', ""],
    ["/Users/jane", "", '<image xlink:href="file:///Users/jane/a.png"/>'],
    ["/Users/jane", "", '<image xlink:href="/Users/jane/a.png"/>'],
    ["/mnt/c/Users/jane", "", '<g inkscape:label="x /mnt/c/Users/jane/a.png"/>'],
    ["/Users/jane", "", "<!-- exported from /Users/jane/Desktop -->"],
    ["/home/jane", "", "<metadata><rdf:RDF><dc:source>/home/jane/a.svg</dc:source></rdf:RDF></metadata>"],
    ["/home/zoë", 'sodipodi:absref="/home/zoë/a.png"', ""],
    ["/home/jane", 'sodipodi:absref="/home/jane"', ""],
    ["\\\\server\\Users\\jane", 'data-file="\\\\server\\Users\\jane\\a.svg"', ""],
    ["D:\\Documents and Settings\\jane", 'data-file="D:\\Documents and Settings\\jane\\a.svg"', ""],
    ["/private/Users/jane", 'data-file="/private/Users/jane/a.svg"', ""],
    ["/var/home/jane", 'data-file="/var/home/jane/a.svg"', ""],
    ["/export/home/jane", 'data-file="/export/home/jane/a.svg"', ""],
    ["/Volumes/My Disk/Users/jane", 'data-file="/Volumes/My Disk/Users/jane/a.svg"', ""],
    ["/Users/jane", 'data-file="file://localhost/Users/jane/a.svg"', ""],
    ["/home/jane", "", '<image xlink:href="file:///home/jane/a.png"/>'],
    ["/mnt/c/home/jane", "", '<image href="/mnt/c/home/jane/a.png"/>'],
    ["/home/jane", "", '<g href="x" b="/home/jane/a.png"/>'],
    ["/home/jane", "", '<svg:x href="x" b="/home/jane/a.png"/>'],
    ["/Users/jane", "", '<abbr title="/Users/jane/a.png"/>'],
    ["/home/jane", "", '<g a="href" b="/home/jane/a.png"/>'],
    ["/Users/jane", "", "<!-- > /Users/jane/a -->"],
    ["/Users/jane", "", "<metadata>a > b /Users/jane/a</metadata>"],
    ["/Users/jane", "", "<svg:metadata>a > b /Users/jane/a</svg:metadata>"],
    ["/Users/jane", "", "<desc>a > b /Users/jane/a</desc>"],
    ["/Users/jane", "", "<title>a > b /Users/jane/a</title>"],
    ["/Users/jane", "", '<g a="x > y" b="/Users/jane/a"/>'],
  ])("is found and taken out: %s", (home, attributes, content) => {
    const svg = Buffer.from(svgOf(attributes, content));
    expect(homeDirectoryInSvg(svg)).toBe(home);
    const rest = withoutHomeDirectories(svg);
    expect(homeDirectoryInSvg(rest)).toBeUndefined();
    expect(rest.toString()).not.toMatch(/jane|zoë/i);
    expect(rest.toString()).toContain('<path d="M0 0h1v1"/></svg>');
  });

  it("is cut down to the name of the file", () => {
    const rest = withoutHomeDirectories(
      Buffer.from(svgOf('inkscape:export-filename="/Users/jane/b/logo.png"')),
    );
    expect(rest.toString()).toContain('inkscape:export-filename="logo.png"');
  });

  it.each(["utf16le", "utf16be"])("is found in %s, too", (encoding) => {
    const little = Buffer.from(`\ufeff${svgOf('sodipodi:absref="/home/zoë/a.png"')}`, "utf16le");
    const svg = encoding === "utf16le" ? little : Buffer.from(little).swap16();
    expect(homeDirectoryInSvg(svg)).toBe("/home/zoë");
    expect(withoutHomeDirectories(svg).length).toBe(svg.length - 2 * "/home/zoë/".length);
  });
});

it("is named in the letters of Latin-1, too", () => {
  const svg = Buffer.from(svgOf('sodipodi:absref="/home/zoë/a.png"'), "latin1");
  expect(homeDirectoryInSvg(svg)).toBe("/home/zoë");
});

describe("what is no home directory in an SVG", () => {
  it.each([
    ["a link", "", '<a href="/home/about/us"><text>x</text></a>'],
    ["a web address", 'data-url="https://example.com/home/jane/a"', ""],
    ["a symbol of the same site", "", '<use href="/home/icons/a.svg#b"/>'],
    ["a text that is drawn", "", "<text>/Users/jane/Desktop</text>"],
    ["a file without its directory", 'inkscape:export-filename="logo.png"', ""],
    ["a file in a system directory", 'sodipodi:absref="/usr/share/home.svg"', ""],
    ["a link with a prefix", "", '<svg:a href="/home/about/us"><text>x</text></svg:a>'],
    ["a link to users of a site", "", '<a href="/Users/about/us"><text>x</text></a>'],
    ["such a link with a prefix", "", '<svg:a href="/Users/about/us"><text>x</text></svg:a>'],
    ["a link with a prefix of one letter", "", '<s:a href="/home/about/us"><text>x</text></s:a>'],
    ["a link on a line of its own", "", '<a\nhref="/home/about/us"><text>x</text></a>'],
    ["an address in a style", "", '<g style="fill: url(/home/icons/a.svg#b)"/>'],
    ["an address in a style, in quotes", "", "<g style=\"fill: url( '/home/icons/a.svg#b')\"/>"],
    ["an address in a style, with other quotes", "", "<g style='fill: url(\"/home/icons/a.svg#b\")'/>"],
    ["an address with spaces", "", '<use href = " /home/icons/a.svg#b"/>'],
    ["a script's address", "", '<script src="/home/scripts/a.js"/>'],
    ["a text behind a comment", "", "<!-- a --><text>/Users/jane/a</text><!-- b -->"],
    ["a text behind metadata", "", "<metadata>a</metadata><text>/Users/jane/a</text>"],
    ["a text behind a description", "", "<desc>a</desc><text>/Users/jane/a</text>"],
    ["a path without a name", 'data-file="/Users/"', ""],
  ])("stays as it is: %s", (_, attributes, content) => {
    const svg = Buffer.from(svgOf(attributes, content));
    expect(homeDirectoryInSvg(svg)).toBeUndefined();
    expect(withoutHomeDirectories(svg)).toBe(svg);
  });

  it.each([
    "<page file='/Users/jane/a.html'/>",
    "x <svg file='/Users/jane/a.html'/>",
    "<svgs file='/Users/jane/a.html'/>",
  ])("is anything that is no SVG: %s", (content) => {
    const text = Buffer.from(content);
    expect(homeDirectoryInSvg(text)).toBeUndefined();
    expect(withoutHomeDirectories(text)).toBe(text);
  });

  it("is what is UTF-16 by its mark, and no text", () => {
    const broken = Buffer.concat([Buffer.from("\ufeff<svg a='/Users/jane/a'/>", "utf16le"), Buffer.alloc(2)]);
    expect(homeDirectoryInSvg(broken)).toBeUndefined();
    expect(withoutHomeDirectories(broken)).toBe(broken);
  });
});

describe("an SVG that is cut off", () => {
  it.each([
    ["in a comment", "<svg><!-- /Users/jane/a", "<svg><!-- a"],
    ["in its metadata", "<svg><metadata> > /Users/jane/a", "<svg><metadata> > a"],
    ["in a value", '<svg a="/Users/jane/a', '<svg a="a'],
    ["in a tag", '<svg a="/Users/jane/a" b', '<svg a="a" b'],
  ])("is freed of its home directory: %s", (_, svg, rest) => {
    expect(homeDirectoryInSvg(Buffer.from(svg))).toBe("/Users/jane");
    expect(withoutHomeDirectories(Buffer.from(svg)).toString()).toBe(rest);
  });
});

describe("an SVG in any form", () => {
  it.each([
    ["with a mark of UTF-8", Buffer.from("\ufeff<svg a='/Users/jane/a'/>")],
    ["behind spaces", Buffer.from(" \n<svg a='/Users/jane/a'/>")],
    ["with a prefix", Buffer.from("<svg:svg a='/Users/jane/a'/>")],
    ["without attributes", Buffer.from("<svg><g a='/Users/jane/a'/></svg>")],
    ["behind another element", Buffer.from("<x><svg/><g a='/Users/jane/a'/></x>")],
    ["in UTF-16 without a mark", Buffer.from("<svg a='/Users/jane/a'/>", "utf16le")],
    ["in the other UTF-16 without a mark", Buffer.from("<svg a='/Users/jane/a'/>", "utf16le").swap16()],
  ])("is freed of its home directory: %s", (_, svg) => {
    expect(homeDirectoryInSvg(svg)).toBe("/Users/jane");
    expect(homeDirectoryInSvg(withoutHomeDirectories(svg))).toBeUndefined();
  });

  it("is told by the first home directory of several, and freed of them all", () => {
    const svg = Buffer.from("<svg a='/Users/jane/a' b='x'><g c='/home/joe/b'/></svg>");
    expect(homeDirectoryInSvg(svg)).toBe("/Users/jane");
    expect(withoutHomeDirectories(svg).toString()).toBe("<svg a='a' b='x'><g c='b'/></svg>");
  });
});

describe("a home directory in a text", () => {
  it.each([
    ["exported to /Users/jane/a.png", "/Users/jane"],
    ["'/home/jane'", "/home/jane"],
    ["C:\\Users\\jane\\a", "C:\\Users\\jane"],
  ])("is the first one: %s", (text, home) => {
    expect(homeDirectoryIn(`${text} /Users/other/b`)).toBe(home);
  });

  it.each([
    "",
    "/Users/",
    "/Users/jane",
    "x/Users/jane/a",
    "./Users/jane/a",
    "~/Users/jane/a",
    "%/Users/jane/a",
    "-/Users/jane/a",
    "//Users/jane/a",
    `/Users/${"x".repeat(65)}/a`,
    "/users/jane/a",
  ])("is none in %j", (text) => {
    expect(homeDirectoryIn(text)).toBeUndefined();
  });
});
