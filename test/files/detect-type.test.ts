import { describe, expect, it } from "vitest";
import { assetTypeOf } from "../../src/files/asset-type.js";
import { detectType } from "../../src/files/detect-type.js";
import {
  bmpBytes,
  compoundFileBytes,
  dotLottieBytes,
  gifBytes,
  htmlBytes,
  isoMediaBytes,
  jpegBytes,
  lottieJson,
  officeBytes,
  openDocumentBytes,
  pdfBytes,
  pngBytes,
  svgBytes,
  webpBytes,
  zipBytes,
} from "../builders/bytes.js";
import { svgOfOneLongDeclaration } from "../builders/hostile-files.js";

const SPREADSHEET = "vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml";
const PRESENTATION = "vnd.openxmlformats-officedocument.presentationml.presentation.main+xml";

describe("detectType", () => {
  it.each([
    ["PNG", pngBytes(), "image/png"],
    ["PNG cut after its signature", pngBytes().subarray(0, 8), "image/png"],
    ["JPEG", jpegBytes(), "image/jpeg"],
    ["GIF", gifBytes(), "image/gif"],
    ["WebP", webpBytes(), "image/webp"],
    ["BMP", bmpBytes(), "image/bmp"],
    ["AVIF", isoMediaBytes("avif", "mif1"), "image/avif"],
    ["AVIF behind another brand", isoMediaBytes("mif1", "miaf", "avif"), "image/avif"],
    ["PDF", pdfBytes(), "application/pdf"],
    ["PDF of ASCII only", Buffer.from("%PDF-1.4\n1 0 obj\n"), "application/pdf"],
    ["PDF after a line of junk", Buffer.concat([Buffer.from("\0junk\n"), pdfBytes()]), "application/pdf"],
    ["Word 97", compoundFileBytes(["WordDocument", "1Table"]), "application/msword"],
    ["Excel 97", compoundFileBytes(["Workbook"]), "application/vnd.ms-excel"],
    ["Excel 5", compoundFileBytes(["Book"]), "application/vnd.ms-excel"],
    ["Excel by an exporter that shouts", compoundFileBytes(["WORKBOOK"]), "application/vnd.ms-excel"],
    ["Excel 5 by an exporter that shouts", compoundFileBytes(["BOOK"]), "application/vnd.ms-excel"],
    ["PowerPoint 97", compoundFileBytes(["PowerPoint Document"]), "application/vnd.ms-powerpoint"],
    [
      "Excel with an embedded Word file",
      compoundFileBytes(["Workbook"], ["WordDocument"]),
      "application/vnd.ms-excel",
    ],
    ["Word", officeBytes(), "application/vnd.openxmlformats-officedocument.wordprocessingml.document"],
    ["Excel", officeBytes(SPREADSHEET), "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"],
    [
      "PowerPoint",
      officeBytes(PRESENTATION),
      "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    ],
    ["OpenDocument text", openDocumentBytes("text"), "application/vnd.oasis.opendocument.text"],
    [
      "OpenDocument spreadsheet",
      openDocumentBytes("spreadsheet"),
      "application/vnd.oasis.opendocument.spreadsheet",
    ],
    [
      "OpenDocument presentation",
      openDocumentBytes("presentation"),
      "application/vnd.oasis.opendocument.presentation",
    ],
    ["dotLottie", dotLottieBytes(), "application/zip+dotlottie"],
    ["Lottie JSON", lottieJson(), "application/json"],
    ["Lottie JSON without a version", lottieJson({ v: undefined }), "application/json"],
    ["SVG with the letters %PDF-", svgBytes("<text>%PDF-1.4</text>"), "image/svg+xml"],
    ["SVG", svgBytes(), "image/svg+xml"],
    ["SVG after a comment", Buffer.concat([Buffer.from("<!-- Sketch -->\n"), svgBytes()]), "image/svg+xml"],
    ["SVG with a byte order mark", Buffer.concat([Buffer.from("\ufeff"), svgBytes()]), "image/svg+xml"],
    ["SVG in UTF-16", Buffer.from(`\ufeff${svgBytes()}`, "utf16le"), "image/svg+xml"],
    ["SVG with a prefix", Buffer.from('<s:svg xmlns:s="http://www.w3.org/2000/svg"/>'), "image/svg+xml"],
    [
      "SVG by Illustrator",
      Buffer.from(
        '<?xml version="1.0"?><!DOCTYPE svg [<!ENTITY ns "http://www.w3.org/2000/svg">]><svg xmlns="&ns;"/>',
      ),
      "image/svg+xml",
    ],
  ])("recognises %s", async (_, bytes, contentType) => {
    expect((await detectType(bytes, "")).fileType?.contentType).toBe(contentType);
  });

  it.each([
    ["txt", "BMW sold more cars than GIFTS and ID3", "text/plain"],
    ["TXT", "plain", "text/plain"],
    ["csv", "a;b\r\n1;2", "text/csv"],
    ["txt", '{"not": "lottie"}', "text/plain"],
    ["csv", "a\x1fb\x1d\n1\x1f2\x1d\n", "text/csv"],
    ["txt", "written with DOS\r\n\x1a", "text/plain"],
    ["txt", "<ann@example.com> wrote:\nhello", "text/plain"],
    ["csv", "<b>bold</b>,1\n<i>", "text/csv"],
    ["txt", "a file begins with %PDF-1.7", "text/plain"],
  ])("takes text named .%s for what it is named", async (extension, text, contentType) => {
    expect((await detectType(Buffer.from(text), extension)).fileType?.contentType).toBe(contentType);
  });

  it.each([
    ["Windows-1252", Buffer.from("Größe;Maß", "latin1")],
    ["UTF-16", Buffer.from("\ufeffGröße;Maß", "utf16le")],
  ])("reads text in %s", async (_, bytes) => {
    expect((await detectType(bytes, "csv")).fileType?.contentType).toBe("text/csv");
  });

  it.each([
    ["text without a name", Buffer.from("hello"), "", "plain text"],
    [
      "a private key named .txt",
      Buffer.from("-----BEGIN OPENSSH PRIVATE KEY-----\nx"),
      "txt",
      "a private key",
    ],
    [
      "JSON that is no Lottie",
      Buffer.from('{"v":"5","layers":[]}'),
      "json",
      "JSON that is not a Lottie animation",
    ],
    [
      "Lottie whose layers are no list",
      lottieJson({ layers: {} }),
      "json",
      "JSON that is not a Lottie animation",
    ],
    ["an HTML page", htmlBytes("Sign in"), "png", 'an HTML page titled "Sign in"'],
    [
      "XHTML",
      Buffer.from('<?xml version="1.0"?><html><title>Gone</title></html>'),
      "",
      'an HTML page titled "Gone"',
    ],
    [
      "an error of S3",
      Buffer.from("<Error><Code>AccessDenied</Code><Message>Access Denied</Message></Error>"),
      "jpg",
      'an XML document titled "Access Denied"',
    ],
    ["a plain archive", zipBytes({ "a.txt": "x" }), "zip", "ZIP data (application/zip)"],
    [
      "an archive with an unrelated manifest",
      zipBytes({ "manifest.json": '{"name":"extension"}' }),
      "lottie",
      "ZIP data (application/zip)",
    ],
    [
      "a Word document with macros",
      officeBytes("vnd.ms-word.document.macroEnabled.main+xml"),
      "docx",
      "DOCM data (application/vnd.ms-word.document.macroenabled.12)",
    ],
    [
      "an OpenDocument drawing",
      openDocumentBytes("graphics"),
      "odt",
      "ODG data (application/vnd.oasis.opendocument.graphics)",
    ],
    [
      "a Word document of which the end is missing",
      officeBytes().subarray(0, -30),
      "docx",
      "a Word document that is cut off",
    ],
    ["text with other control characters", Buffer.from("a\x01b"), "txt", "data of an unknown type"],
    [
      "an error of S3 named .csv",
      Buffer.from("<Error><Code>AccessDenied</Code><Message>Access Denied</Message></Error>\n"),
      "csv",
      'an XML document titled "Access Denied"',
    ],
    [
      "an archive of which more is missing",
      officeBytes().subarray(0, 80),
      "docx",
      "a ZIP archive that is cut off",
    ],
    [
      "a Word 97 document of which the directory is missing",
      compoundFileBytes(["WordDocument"]).subarray(0, 1_024),
      "doc",
      "an OLE compound file that is cut off or damaged",
    ],
    [
      "a Lottie animation of which the end is missing",
      lottieJson().subarray(0, -5),
      "json",
      "JSON that is cut off or damaged",
    ],
    ["an e-mail of Outlook", compoundFileBytes(["__properties_version1.0"]), "doc", "an OLE compound file"],
    ["zero bytes", Buffer.alloc(1000), "png", "data of an unknown type"],
    ["HEIC", isoMediaBytes("heic", "mif1"), "jpg", "HEIC data (image/heic)"],
    ["MP4", isoMediaBytes("mp42"), "mp4", "MP4 data (video/mp4)"],
  ])("does not support %s, and says what it is", async (_, bytes, extension, title) => {
    const { fileType, title: found } = await detectType(bytes, extension);
    expect({ fileType, title: found }).toEqual({ fileType: undefined, title });
  });

  it("notes the pictures that a Lottie animation does not hold", async () => {
    const assets = [
      { id: "0", u: "images/", p: "img_0.png", e: 0 },
      { id: "1", u: "", p: "data:image/png;base64,AAAA", e: 1 },
      { id: "2", layers: [] },
    ];
    const { fileType, notes } = await detectType(lottieJson({ assets }), "json");
    expect(fileType?.contentType).toBe("application/json");
    expect(notes).toEqual([expect.stringMatching(/1 picture\(s\) that it does not contain \("img_0.png"\)/)]);
    expect((await detectType(lottieJson({ assets: assets.slice(1) }), "json")).notes).toBeUndefined();
  });

  it("takes an encrypted Office file for what it is named, with a note", async () => {
    const { fileType, notes } = await detectType(compoundFileBytes(["EncryptedPackage"]), "xlsx");
    expect(fileType?.extensions[0]).toBe("xlsx");
    expect(notes).toEqual(["The document is protected by a password."]);
  });

  it("says of an encrypted Office file that it is named like none of those, and takes it for nothing", async () => {
    for (const extension of ["", "doc", "pdf"])
      expect(await detectType(compoundFileBytes(["EncryptedPackage"]), extension)).toEqual({
        title: "a password-protected Office file",
      });
  });

  it.each([
    ["a compound file", compoundFileBytes(["WordDocument"]).subarray(0, 100), "doc", "cut off or damaged"],
    [
      "an archive",
      zipBytes({ "a.txt": "x".repeat(200) }).subarray(0, 40),
      "zip",
      "ZIP archive that is cut off",
    ],
    ["a document in an archive", officeBytes().subarray(0, -30), "docx", "cut off"],
    ["JSON", Buffer.from('  [{"v": 5'), "json", "JSON that is cut off or damaged"],
  ])("knows of %s that its end is missing", async (_, bytes, extension, title) => {
    expect(await detectType(bytes, extension)).toMatchObject({
      title: expect.stringContaining(title),
      isCutOff: true,
    });
  });

  it("knows what a cut-off archive is, although it is not supported", async () => {
    const archive = zipBytes({ "a.txt": "x".repeat(200) });
    expect((await detectType(archive.subarray(0, 40), "zip")).mediaType).toBe("application/zip");
    expect((await detectType(officeBytes().subarray(0, -30), "docx")).mediaType).toBeUndefined();
  });

  it.each([
    ["text named .json that is none", "hello {", "json"],
    ["the beginning of JSON that is not named so", '{"v": 5', "js"],
    ["text that mentions a PDF far behind its beginning", `${"x".repeat(1_100)}%PDF-1.4`, ""],
  ])("takes %s for plain text", async (_, text, extension) => {
    expect(await detectType(Buffer.from(text), extension)).toEqual({ title: "plain text" });
  });

  it("takes a PDF with text before its header for a PDF", async () => {
    expect((await detectType(Buffer.from("junk\n%PDF-1.4\n"), "")).fileType?.extensions[0]).toBe("pdf");
  });

  it.each([
    ["the brand stands across two others", isoMediaBytes("mif1", "xxav", "ifxx")],
    ["it has too few bytes for a brand", isoMediaBytes("avif").subarray(0, 11)],
    [
      "the brand is no brand of its file type box",
      Buffer.concat([isoMediaBytes("mif1"), Buffer.from("avif")]),
    ],
    [
      "there is no file type box",
      Buffer.from(isoMediaBytes("avif").toString("latin1").replace("ftyp", "free"), "latin1"),
    ],
  ])("takes nothing for AVIF where %s", async (_, bytes) => {
    expect((await detectType(bytes, "avif")).fileType?.contentType).not.toBe("image/avif");
  });

  it.each([
    ["a page, whatever it is named", htmlBytes("Sign in").toString(), true],
    ["XML with its declaration", ' <?xml version="1.0"?><a>', true],
    ["XML to its last element", "<a><b>1</b></a>\n \n", true],
    ["a text that quotes a declaration", 'a <?xml version="1.0"?>', false],
    [
      "a text that begins with < and quotes a declaration",
      '<ann> wrote: <?xml version="1.0"?> is old',
      false,
    ],
    ["a text with an element far before its end", `<ann> wrote </b>${" x".repeat(600)}`, false],
  ])("takes a file named .txt for what it holds: %s", async (_, text, isPage) => {
    expect((await detectType(Buffer.from(text), "txt")).isPage ?? false).toBe(isPage);
  });

  it("calls a page by its kind where it has no title", async () => {
    expect((await detectType(Buffer.from("<html><body></body></html>"), "")).title).toBe("an HTML page");
    expect((await detectType(Buffer.from("<?xml version='1.0'?><a/>"), "")).title).toBe("an XML document");
  });

  it("names three of the pictures that an animation lacks, and says that there are more", async () => {
    const assets = (count: number) =>
      Array.from({ length: count }, (_, id) => ({ id: String(id), u: "images/", p: `img_${id}.png`, e: 0 }));
    const noteOn = async (count: number) =>
      (await detectType(lottieJson({ assets: assets(count) }), "json")).notes?.join();
    expect(await noteOn(3)).toContain(
      '3 picture(s) that it does not contain ("img_0.png", "img_1.png", "img_2.png"):',
    );
    expect(await noteOn(4)).toContain(
      '4 picture(s) that it does not contain ("img_0.png", "img_1.png", "img_2.png", ...):',
    );
  });

  it("survives compound files cut anywhere", async () => {
    const whole = compoundFileBytes(["WordDocument"]);
    for (let length = 8; length < whole.length; length += 61) {
      expect((await detectType(whole.subarray(0, length), "doc")).title).toMatch(/^an? |^[A-Z]/i);
    }
  });

  it.each([
    ["scripts", "<script>alert(1)</script>"],
    ["event handlers", '<g onload="alert(1)"/>'],
    ["scripts", '<a href="java&#115;cript:alert(1)"><text>x</text></a>'],
    ["scripts", '<set attributeName="href" to="javascript:alert(1)"/>'],
    ["external references", '<image href="https://example.com/pixel.png"/>'],
    ["external references", '<use xlink:href="//example.com/a.svg#b"/>'],
    ["external references", "<style>@import 'x.css';</style>"],
    ["external references", '<rect fill="url(https://example.com/x#y)"/>'],
    ["external references", "<style>@\\69mport 'x.css';</style>"],
    ["external references", "<style>a { background: u\\72 l(https://example.com/x) }</style>"],
    ["external references", '<style>a { background: image-set("https://example.com/x" 1x) }</style>'],
    ["external references", '<image><set attributeName="href" to="https://example.com/x"/></image>'],
    ["embedded HTML", '<iframe xmlns="http://www.w3.org/1999/xhtml" srcdoc="x"/>'],
    ["embedded HTML", "<foreignObject><p/></foreignObject>"],
  ])("notes %s in an SVG: %s", async (what, content) => {
    const { notes } = await detectType(svgBytes(content), "svg");
    expect(notes?.join()).toContain(what);
  });

  it.each([
    '<a href="https://example.com"><text>a link</text></a>',
    '<image href="data:image/png;base64,AAAA"/>',
    '<rect fill="url(#gradient)" style="mask: url( \'#m\' )"/>',
    '<use href="#icon"/>',
  ])("has nothing to note about %s", async (content) => {
    expect((await detectType(svgBytes(content), "svg")).notes).toBeUndefined();
  });

  it.each([
    ["scripts", '<!ENTITY s "<script>alert(1)</script>">', "&s;"],
    ["scripts", '<!ENTITY s "&#60;script>alert(1)&#60;/script>">', "&s;"],
    ["scripts", '<!ENTITY j "java&#115;cript:alert(1)">', '<a href="&j;"><text>x</text></a>'],
    ["scripts", '<!ENTITY b "script:x()"><!ENTITY a "java&b;">', '<a href="&a;"><text>x</text></a>'],
    ["scripts", "<!ENTITY % p \"<!ENTITY j 'javascript:x()'>\">%p;", '<a href="&j;"><text>x</text></a>'],
    ["event handlers", "<!ENTITY g '<g onload=\"x()\"/>'>", "&g;"],
    ["external references", '<!ENTITY u "https://example.com/a.png">', '<image href="&u;"/>'],
  ])("notes %s that hide in an entity: %s", async (what, declaration, content) => {
    const svg = Buffer.from(`<!DOCTYPE svg [${declaration}]>${svgBytes(content)}`);
    const { fileType, notes } = await detectType(svg, "svg");
    expect(fileType?.contentType).toBe("image/svg+xml");
    expect(notes?.join()).toContain(what);
  });

  it.each([
    ["that lacks its namespace", '<svg viewBox="0 0 1 1"/>', "lacks xmlns"],
    ["in another namespace", '<svg xmlns="https://www.w3.org/2000/svg"/>', "lacks xmlns"],
    ["that is cut off", svgBytes().toString().slice(0, -8), "cut off"],
    ["with an entity of HTML", svgBytes("<text>a&nbsp;b</text>").toString(), '"&nbsp;" without declaring'],
    ["with a prefix of nothing", svgBytes('<use xlink:href="#a"/>').toString(), '"xlink"'],
    ["with an attribute without quotes", svgBytes("<path d=M0/>").toString(), "not well-formed"],
    ["with an open element", svgBytes("<g><path></g>").toString(), "not well-formed"],
    ["with space before its declaration", `\n<?xml version="1.0"?>${svgBytes()}`, "at its very beginning"],
    ["with a control character", svgBytes("<text>\x1b</text>").toString(), "control character"],
    ["with another document behind it", `${svgBytes()}${svgBytes()}`, "something follows its end"],
  ])("notes an SVG that browsers show as a broken picture: one %s", async (_, svg, why) => {
    const { fileType, notes } = await detectType(Buffer.from(svg), "svg");
    expect(fileType?.contentType).toBe("image/svg+xml");
    expect(notes?.join()).toMatch(/broken picture/);
    expect(notes?.join()).toContain(why);
  });

  const accented = svgBytes("<text>é</text>").toString();
  const declaring = (encoding: string) => `<?xml version="1.0" encoding="${encoding}"?>${accented}`;

  it.each([
    ["Latin-1 without saying so", Buffer.from(accented, "latin1"), "not encoded as UTF-8"],
    ["Latin-1 that calls itself UTF-8", Buffer.from(declaring("UTF-8"), "latin1"), "not encoded as UTF-8"],
    ["UTF-16 without a mark", Buffer.from(accented, "utf16le"), "without a byte order mark"],
  ])("notes that browsers cannot read an SVG in %s", async (_, svg, why) => {
    const { fileType, notes } = await detectType(svg, "svg");
    expect(fileType?.contentType).toBe("image/svg+xml");
    expect(notes?.join()).toContain(why);
  });

  it.each([
    ["UTF-8", Buffer.from(accented)],
    ["Latin-1 that says so", Buffer.from(declaring("ISO-8859-1"), "latin1")],
    ["UTF-16 with a mark", Buffer.from(`\ufeff${accented}`, "utf16le")],
    ["UTF-16 the other way round", Buffer.from(`\ufeff${declaring("UTF-16")}`, "utf16le").swap16()],
    ["UTF-16 that says so", Buffer.from(declaring("UTF-16"), "utf16le")],
  ])("has nothing to note about an SVG in %s", async (_, svg) => {
    expect(await detectType(svg, "svg")).toEqual({ fileType: expect.anything(), title: "an SVG image" });
  });

  it("takes no data for a document in UTF-16", async () => {
    const data = Buffer.concat([Buffer.of(0, 0x3c), svgBytes()]);
    expect((await detectType(data, "txt")).fileType).toBeUndefined();
  });

  it.each([
    [
      "declared entities",
      '<!DOCTYPE svg [<!ENTITY ns "http://www.w3.org/2000/svg"><!ENTITY e "">]><svg xmlns="&ns;">&e;</svg>',
    ],
    [
      "its prefixes",
      '<s:svg xmlns:s="http://www.w3.org/2000/svg" xmlns:xlink="x"><s:use xlink:href="#a" xml:space="preserve"/></s:svg>',
    ],
    ["a style of its own", svgBytes("<style><![CDATA[a > b & c {}]]></style>").toString()],
    ["a long path", svgBytes(`<path d="${"M0 0h1v1".repeat(30_000)}"/>`).toString()],
    [
      "a declaration and comments",
      `<?xml version="1.0" standalone="no"?>\n<!-- don't > -->\n${svgBytes()}\n<!-- end -->\n`,
    ],
  ])("has nothing to note about an SVG with %s", async (_, svg) => {
    expect((await detectType(Buffer.from(svg), "svg")).notes).toBeUndefined();
  });

  it.each([
    ["scripts", `<a href='javascript:${"x ".repeat(2_000)}'><text>x</text></a>`],
    ["event handlers", `<g id="a" onload${" ".repeat(5_000)}="x()"/>`],
    ["external references", `<image${" ".repeat(5_000)}href="https://example.com/a.png"/>`],
    [
      "external references",
      `<image href="data:image/png;base64,${"A".repeat(5_000)}=" xlink:href="//a.example/b"/>`,
    ],
    ["external references", `<style>a { background: url("x.png${" ".repeat(5_000)}") }</style>`],
  ])("notes %s beside or in long values of an SVG", async (what, content) => {
    expect((await detectType(svgBytes(content), "svg")).notes?.join()).toContain(what);
  });

  it.each([
    [
      "with an attribute called like a property of objects",
      '<svg hasOwnProperty="a" id="b"/>',
      "cannot be read",
    ],
    [
      "whose entities stand for gigabytes",
      `<!DOCTYPE svg [${Array.from({ length: 60 }, (_, index) => `<!ENTITY a${index} "${"&a0;".repeat(2_000)}">`).join("")}]>${svgBytes()}`,
      "more than any drawing needs",
    ],
    ["with a declaration that never ends", svgOfOneLongDeclaration().toString(), "cannot be read"],
  ])("does not take an SVG %s", async (_, svg, why) => {
    const { fileType, title } = await detectType(Buffer.from(svg), "svg");
    expect(fileType).toBeUndefined();
    expect(title).toContain(why);
  });

  it("reads a large embedded picture in an SVG", async () => {
    const content = `<image href="data:image/png;base64,${"A".repeat(1_000_000)}"/>`;
    const { fileType, notes } = await detectType(svgBytes(content), "svg");
    expect([fileType?.contentType, notes]).toEqual(["image/svg+xml", undefined]);
  });
});

describe("assetTypeOf", () => {
  it.each([
    ["image/png", "a.png", "image"],
    ["image/x-icon", "a.ico", "image"],
    ["video/mp4", "a.mp4", "video"],
    ["application/pdf", "a.pdf", "document"],
    ["text/plain; charset=utf-8", "a.txt", "document"],
    ["application/json", "a.json", "lottie"],
    ["application/octet-stream", "a.lottie", "lottie"],
    ["text/css", "a.css", "other"],
    ["text/css", "a.png", "other"],
    [" IMAGE/PNG ; q=1", "a", "image"],
    [" application/pdf ;charset=x", "a", "document"],
    ["application/zip", "a.lottie", "lottie"],
    ["application/zip", "a.zip", "other"],
    ["", "A.PDF", "document"],
    ["", "a", "other"],
  ])("calls %j named %j %s", (contentType, name, type) => {
    expect(assetTypeOf(contentType, name)).toBe(type);
  });
});
