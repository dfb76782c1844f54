import { describe, expect, it } from "vitest";
import { homeDirectoryInSvg, withoutHomeDirectories } from "../../src/files/markup/home-directories.js";

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
  ])("stays as it is: %s", (_, attributes, content) => {
    const svg = Buffer.from(svgOf(attributes, content));
    expect(homeDirectoryInSvg(svg)).toBeUndefined();
    expect(withoutHomeDirectories(svg)).toBe(svg);
  });

  it("is anything that is no SVG", () => {
    const text = Buffer.from("<page file='/Users/jane/a.html'/>");
    expect(withoutHomeDirectories(text)).toBe(text);
  });
});
