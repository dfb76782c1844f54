import { describe, expect, it } from "vitest";
import { createRedaction, excerpt, isPage } from "../../../src/webflow/wire/answer-text.js";

const TOKEN = "token/with+signs=0123456789";
const hide = createRedaction(TOKEN);

describe("an answer without its secrets", () => {
  it.each([
    ["as it is", TOKEN],
    ["as in a URL", encodeURIComponent(TOKEN)],
    ["in base64", Buffer.from(TOKEN).toString("base64").replace(/=+$/, "")],
    ["in base64 for URLs", Buffer.from(TOKEN).toString("base64url")],
    ["in hexadecimal digits", Buffer.from(TOKEN).toString("hex")],
    ["in large hexadecimal digits", Buffer.from(TOKEN).toString("hex").toUpperCase()],
    ["in capital letters", TOKEN.toUpperCase()],
    ["as in a URL in a URL", encodeURIComponent(encodeURIComponent(TOKEN))],
    ["as in a URL, with small digits", encodeURIComponent(TOKEN).toLowerCase()],
    [
      "as in a URL in which nothing is left as it is",
      Buffer.from(TOKEN).toString("hex").replace(/../g, "%$&"),
    ],
    ["as in JSON that escapes slashes", TOKEN.replaceAll("/", "\\/")],
    ["as in JSON of ASCII", TOKEN.replaceAll("=", "\\u003d")],
    ["as in HTML", TOKEN.replaceAll("/", "&#47;").replaceAll("+", "&#x2b;")],
    ["with characters in it that nobody sees", [...TOKEN].join("\u00ad\u200b")],
    ["broken into lines", TOKEN.replaceAll("/", "/\n")],
  ])("does not repeat the token %s, wherever it stands", (_, form) => {
    expect(hide(`before ${form} after`)).toMatch(/^before \[redacted\].{0,1} after$/);
    for (const body of [[form, [form]], { deep: { list: [form] } }, { [form]: 1 }])
      expect(JSON.stringify(hide(body))).not.toContain(form.slice(0, -1));
  });

  it.each(["Bearer ", "x", "xx"])("hides a token in base64 where %j comes before it", (before) => {
    const encoded = Buffer.from(`${before}${TOKEN}`).toString("base64");
    const shown = String(hide(encoded));
    expect(shown).toContain("[redacted]");
    expect(Buffer.from(shown.replace("[redacted]", ""), "base64").toString()).not.toContain(
      TOKEN.slice(0, 3),
    );
  });

  it("keeps its words where a token is so short that it could be one of them", () => {
    expect(createRedaction("bad")("A bad token")).toBe("A bad token");
  });

  it.each([
    27, 28, 29,
  ])("hides a token of %i bytes in Basic credentials, where more bytes follow it", (length) => {
    const token = TOKEN.padEnd(length, "z");
    const credentials = Buffer.from(`${token}:more`).toString("base64");
    const shown = String(createRedaction(token)(`Basic ${credentials}`));
    expect(shown).toMatch(/^Basic \[redacted\]/);
    expect(shown).not.toContain(credentials.slice(0, 30));
  });

  it("leaves no digit of a token in hexadecimal", () => {
    expect(hide(`a ${Buffer.from(TOKEN).toString("hex")} b`)).toBe("a [redacted] b");
  });

  it.each([
    "uploadDetails",
    "Policy",
    "X-Amz-Signature",
    "X-Amz-Credential",
    "authorization",
  ])("does not repeat the field %s", (name) => {
    expect(hide({ a: [{ [name]: { any: "value" } }] })).toEqual({ a: [{ [name]: "[redacted]" }] });
  });

  it.each([
    ['"Policy":"eyJleHBpcmF0aW9u"', '"Policy":"[redacted]"'],
    ["X-Amz-Signature=5d41402abc4b", "X-Amz-Signature=[redacted]"],
    ["credential: AKIA/2026/us_east-1~x", "credential: [redacted]"],
    ["Authorization: Bearer   abcdefgh12", "Authorization: Bearer   [redacted]"],
    ["policy is too short", "policy is too short"],
    ["signature=short", "signature=short"],
    ["no secret at all 0123456789", "no secret at all 0123456789"],
  ])("shows of %s only %s", (text, shown) => {
    expect(hide(text)).toBe(shown);
  });

  it.each([5, true, null, undefined])("is the same where it is %j", (body) => {
    expect(hide(body)).toBe(body);
    expect(hide({ a: body })).toEqual({ a: body });
  });
});

describe("an HTML page", () => {
  it.each([
    "<!doctype html><p>x",
    "<!DOCTYPE HTML PUBLIC>",
    "<html lang=en>",
    "  \n<head>",
    "<body class=x>",
    "<!-- one --> <!-- two\nlines -->\n <html>",
    "<!----><html>",
  ])("is recognised by its beginning: %j", (text) => {
    expect(isPage(text)).toBe(true);
  });

  it.each([
    "see <html>",
    "<htmlx>",
    "<bodyguard>",
    "<p>x</p>",
    "<?xml version='1.0'?>",
    "",
    5,
    null,
    { html: 1 },
  ])("is not %j", (body) => {
    expect(isPage(body)).toBe(false);
  });
});

describe("an excerpt of an answer", () => {
  it.each([
    [undefined, "an empty body"],
    [null, "an empty body"],
    ["", "an empty body"],
    ["plain\ntext", "plain text"],
    [{ a: 1 }, '{"a":1}'],
    [0, "0"],
    ["<html><title lang=en>Access\n denied</title>", 'a page titled "Access denied"'],
    ["<html><TITLE>Busy</TITLE>", 'a page titled "Busy"'],
    ["<html><title> </title>", "a page of HTML: <html><title> </title>"],
    ["<html><p>no title", "a page of HTML: <html><p>no title"],
  ])("of %j is: %s", (body, shown) => {
    expect(excerpt(body)).toBe(shown);
  });
});

describe("foreign text in a message", () => {
  it("is on one line, without what cannot be seen, and without a rim", () => {
    expect(excerpt("  a\r\n\tb\u0000\u0007c  ")).toBe("a b c");
    expect(excerpt("a\u200b\u202e\ud800b")).toBe("ab");
  });

  it("is cut after 200 characters, and only then", () => {
    expect(excerpt("x".repeat(200))).toBe("x".repeat(200));
    expect(excerpt("x".repeat(201))).toBe(`${"x".repeat(199)}…`);
  });
});
