import { describe, expect, it } from "vitest";
import { parseAllowedHosts } from "../../../src/core/allowed-hosts.js";
import { addressLiteral, isLocalOnlyName, isPublicAddress } from "../../../src/sources/web/public-address.js";
import {
  checkUrl,
  describeUrl,
  fileNameInPath,
  parseUrl,
  type UrlSources,
} from "../../../src/sources/web/url.js";

describe("an address", () => {
  it.each([
    "93.184.215.14",
    "2606:2800:21f:cb07:6820:80da:af6b:8b2c",
    // The same IPv4 address, mapped and behind a translator.
    "::ffff:93.184.215.14",
    "64:ff9b::93.184.215.14",
  ])("is public: %s", (address) => {
    expect(isPublicAddress(address)).toBe(true);
  });

  it.each([
    "127.0.0.1",
    "10.1.2.3",
    "169.254.169.254",
    "168.63.129.16",
    "0.0.0.0",
    "224.0.0.1",
    "::1",
    "fe80::1",
    "fd00::1",
    "::ffff:127.0.0.1",
    "64:ff9b::127.0.0.1",
    "64:ff9b::169.254.169.254",
    // Outside of what is given out, and no translator's prefix either, by one part each.
    "4000::1",
    "65:ff9b::5db8:d70e",
    "64:ff9c::5db8:d70e",
    "64:ff9b:1::5db8:d70e",
    "64:ff9b:0:1::5db8:d70e",
    "64:ff9b:0:0:1::5db8:d70e",
    "64:ff9b::1:5db8:d70e",
    "example.com",
    "",
  ])("is not public: %s", (address) => {
    expect(isPublicAddress(address)).toBe(false);
  });

  it("is told from a name, in brackets and with dots at its end, too", () => {
    expect(addressLiteral("127.0.0.1.")).toBe("127.0.0.1");
    expect(addressLiteral("127.0.0.1..")).toBe("127.0.0.1");
    expect(addressLiteral("[::1]")).toBe("::1");
    expect(addressLiteral("example.com")).toBeUndefined();
    expect(addressLiteral("127.0.0.1.example.com")).toBeUndefined();
  });
});

describe("a name", () => {
  it.each([
    "localhost",
    "localhost.",
    "nas.local",
    "nas.local..",
    "app.localhost",
    "router.home.arpa",
    "printer",
    "vault.internal",
    "wiki.corp",
    "x.lan",
  ])("means a machine near this one: %s", (name) => {
    expect(isLocalOnlyName(name)).toBe(true);
  });

  it.each([
    "example.com",
    "local.example.com",
    "mylocal.com",
    "notlocal.internals",
    "x.xlocal",
    "homeXarpa.com",
  ])("may be public: %s", (name) => {
    expect(isLocalOnlyName(name)).toBe(false);
  });
});

describe("a URL", () => {
  const opened = parseAllowedHosts("dam.internal:8080,cdn.example.com");
  const blocked = (why: string) =>
    expect.objectContaining({ code: "URL_BLOCKED", message: expect.stringContaining(why) });
  const check = (text: string, sources?: UrlSources) => checkUrl(new URL(text), opened, sources);

  it.each([
    "https://example.com/a.png",
    "http://example.com/a.png",
    "https://example.com:8443/a.png",
    "http://dam.internal:8080/a.png",
    "https://93.184.215.14/a.png",
  ])("may be a source: %s", (url) => {
    expect(() => check(url)).not.toThrow();
  });

  it.each([
    ["ftp://example.com/a.png", "the scheme ftp:"],
    ["file:///etc/passwd", "the scheme file:"],
    ["https://me@example.com/a.png", "a user name or a password"],
    ["https://:secret@example.com/a.png", "a user name or a password"],
    ["https://me:secret@cdn.example.com/a.png", "a user name or a password"],
    ["http://example.com:25/a.png", "Port 25"],
    ["http://example.com:6697/a.png", "Port 6697"],
    ["http://dam.internal/a.png", "not a host on the public internet"],
    ["http://dam.internal:8081/a.png", "not a host on the public internet"],
    ["http://10.0.0.1/a.png", "not a host on the public internet"],
    ["http://[::1]/a.png", "not a host on the public internet"],
  ])("is refused: %s", (url, why) => {
    expect(() => check(url)).toThrow(blocked(why));
  });

  it("is refused where the user opened only other hosts, or none", () => {
    expect(() => check("https://example.com/a.png", "listed")).toThrow(blocked("=listed"));
    expect(() => check("https://cdn.example.com/a.png", "listed")).not.toThrow();
    expect(() => check("https://cdn.example.com/a.png", "off")).toThrow(blocked("=off"));
  });

  it("a URL that cannot be read is INVALID_INPUT", () => {
    expect(parseUrl("https://example.com/a b").href).toBe("https://example.com/a%20b");
    expect(() => parseUrl("https://")).toThrow(expect.objectContaining({ code: "INVALID_INPUT" }));
  });

  it("is shown without what may hold a secret, and cut after 200 characters", () => {
    expect(describeUrl(new URL("https://me:secret@example.com/a.png?sig=secret#x"))).toBe(
      "https://example.com/a.png",
    );
    const path = "x".repeat(200 - "https://example.com/".length);
    expect(describeUrl(new URL(`https://example.com/${path}`))).toBe(`https://example.com/${path}`);
    expect(describeUrl(new URL(`https://example.com/${path}y`))).toBe(`https://example.com/${path}…`);
  });

  it.each([
    ["/a/photo.png", "photo.png"],
    ["/a/photo.png//", "photo.png"],
    ["/a%2Fphoto.png", "photo.png"],
    ["/a//b.png", "b.png"],
    ["/photo.png;jsessionid=1A2B", "photo.png"],
    ["/photo.png;v.1-x=1", "photo.png"],
    ["/a;x=1/photo.png", "photo.png"],
    ["/a;b.png", "a;b.png"],
    ["/fetch/https://cdn.example.com/inner.png", "inner.png"],
    ["/fetch/http%3A%2F%2Fcdn.example.com%2Finner.png%3Fw%3D3", "inner.png"],
    ["/caf%E9.png", "café.png"],
    ["/", ""],
  ])("names the file of %s %j", (path, name) => {
    expect(fileNameInPath(new URL(`https://example.com${path}`))).toBe(name);
  });
});
