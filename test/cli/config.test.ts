import { delimiter } from "node:path";
import { describe, expect, it } from "vitest";
import { ConfigError, readConfig } from "../../src/cli/config.js";

const SITE = "6b051c8930782389e3acec84";

describe("the command line", () => {
  it("serves without any argument", () => {
    expect(readConfig([], {})).toMatchObject({ command: "serve", demo: false, readOnly: false });
  });

  it("takes every argument that is no option for an allowed directory", () => {
    expect(readConfig(["/a", "--read-only", "/b"], {}).allowedDirectories).toEqual(["/a", "/b"]);
  });

  it.each(["demo", "doctor", "emulator"])("takes %s for a sub-command as the first argument", (command) => {
    expect(readConfig([command], {}).command).toBe(command);
  });

  it.each([
    ["behind an option", ["--read-only", "demo"], ["demo"]],
    ["behind a directory", ["/a", "demo"], ["/a", "demo"]],
    ["written as a path", ["./demo"], ["./demo"]],
  ])("takes a directory of a sub-command's name for a directory %s", (_, argv, directories) => {
    const config = readConfig(argv, {});
    expect(config.command).toBe("serve");
    expect(config.allowedDirectories).toEqual(directories);
  });

  it.each([
    ["an unknown option", ["--reed-only"], "--reed-only"],
    ["an option without its value", ["--site"], "--site"],
    ["a site that is no id", ["--site", "my-site"], '--site "my-site" is not a Webflow id'],
    ["a port that is no number", ["emulator", "--port", "http"], '--port "http" is not a port (0 to 65535)'],
    ["a port beyond the last", ["emulator", "--port", "65536"], '--port "65536" is not a port (0 to 65535)'],
    ["a port for what has none", ["--port", "80"], "--port"],
    ["--write without config", ["--write"], "--write goes with config"],
    ["--apply without sync", ["doctor", "--apply"], "--apply goes with sync"],
    ["a client that it does not know", ["config", "emacs"], "emacs"],
    ["a sync of three things", ["sync", "a", "b", "c"], "sync takes a directory and a folder"],
  ])("refuses %s and names it", (_, argv, name) => {
    expect(() => readConfig(argv, {})).toThrow(ConfigError);
    expect(() => readConfig(argv, {})).toThrow(name);
  });

  it("prefers --site to the environment", () => {
    const other = "a".repeat(24);
    expect(readConfig(["--site", SITE], { WEBFLOW_SITE_ID: other }).siteId).toBe(SITE);
  });
});

describe("the environment", () => {
  it("reads the token and the site in both spellings", () => {
    expect(readConfig([], { WEBFLOW_TOKEN: "one", WEBFLOW_SITE_ID: SITE })).toMatchObject({
      token: "one",
      siteId: SITE,
    });
    expect(readConfig([], { WEBFLOW_API_TOKEN: "two", SITE_ID: SITE })).toMatchObject({
      token: "two",
      siteId: SITE,
    });
  });

  it("counts an empty string as unset, so that the other spelling stands", () => {
    expect(readConfig([], { WEBFLOW_TOKEN: "", WEBFLOW_API_TOKEN: "two" }).token).toBe("two");
    expect(readConfig([], { WEBFLOW_LOG_LEVEL: "", WEBFLOW_API_BASE_URL: "" })).toMatchObject({
      logLevel: "info",
      apiBaseUrl: "https://api.webflow.com/v2",
    });
  });

  it("counts a variable that the client did not fill in as unset", () => {
    const config = readConfig(["$" + "{user_config.directories}"], {
      WEBFLOW_SITE_ID: "$" + "{user_config.site}",
      WEBFLOW_TOKEN: "$" + "{WEBFLOW_TOKEN}",
    });
    expect(config).toMatchObject({ siteId: undefined, token: undefined, allowedDirectories: [] });
  });

  it("adds the directories of WEBFLOW_ASSET_DIRS to those of the command line", () => {
    const config = readConfig(["/a"], { WEBFLOW_ASSET_DIRS: ["/b", "", "/c"].join(delimiter) });
    expect(config.allowedDirectories).toEqual(["/a", "/b", "/c"]);
  });

  it("reads hosts with and without a port", () => {
    const config = readConfig([], {
      WEBFLOW_UPLOAD_HOSTS: "127.0.0.1:4010, [::1]:80",
      WEBFLOW_URL_HOSTS: "dam",
    });
    expect(config.uploadHosts).toEqual([
      { hostname: "127.0.0.1", port: 4010 },
      { hostname: "[::1]", port: 80 },
    ]);
    expect(config.urlHosts).toEqual([{ hostname: "dam" }]);
  });

  it.each([
    ["1", true],
    ["true", true],
    ["0", false],
    ["false", false],
  ])("reads WEBFLOW_READ_ONLY=%s", (text, readOnly) => {
    expect(readConfig([], { WEBFLOW_READ_ONLY: text }).readOnly).toBe(readOnly);
  });

  it.each([
    ["off", "off"],
    ["OFF", "off"],
    ["Listed", "listed"],
  ])("reads WEBFLOW_URL_SOURCES=%s", (text, urlSources) => {
    expect(readConfig([], { WEBFLOW_URL_SOURCES: text }).urlSources).toBe(urlSources);
  });

  it.each([
    ["WEBFLOW_API_BASE_URL", "https://me:secret@api.example.com/v2", "contains a user name or a password"],
    ["WEBFLOW_URL_SOURCES", "some", "is none of any, listed, off"],
    ["WEBFLOW_SITE_ID", "my-site", "is not a Webflow id (24 hex digits)"],
    ["WEBFLOW_READ_ONLY", "perhaps", '"perhaps" is neither 1 nor 0'],
    ["WEBFLOW_API_BASE_URL", "api.webflow.com", "is not an http(s) URL"],
    ["WEBFLOW_API_BASE_URL", "ftp://api.webflow.com", "is not an http(s) URL"],
    ["WEBFLOW_UPLOAD_HOSTS", "*.example.com", ""],
    ["WEBFLOW_UPLOAD_HOSTS", "https://example.com", ""],
    ["WEBFLOW_URL_HOSTS", "dam:0", ""],
  ])("refuses %s=%j, names it and says what is wrong", (name, value, why) => {
    expect(() => readConfig([], { [name]: value })).toThrow(ConfigError);
    expect(() => readConfig([], { [name]: value })).toThrow(`${name} ${why}`);
  });

  it.each([
    ["SITE_ID", "my-site", { siteId: undefined }],
    ["WEBFLOW_LOG_LEVEL", "loud", { logLevel: "info" }],
    ["WEBFLOW_CALL_SECONDS", "soon", { callSeconds: 45 }],
    ["WEBFLOW_CALL_SECONDS", "5", { callSeconds: 45 }],
  ])("starts without %s=%j, and says that it counts for nothing", (name, value, settings) => {
    const config = readConfig([], { [name]: value });
    expect(config).toMatchObject(settings);
    expect(config.notes).toEqual([expect.stringContaining(`${name} is "${value}"`)]);
  });

  it("ignores another program's SITE_ID when its own variable is set", () => {
    const config = readConfig([], { WEBFLOW_SITE_ID: SITE, SITE_ID: "my-site" });
    expect(config).toMatchObject({ siteId: SITE, notes: [] });
  });

  it("reads the log level in any case, and values in quotes", () => {
    const config = readConfig(['"/a b"'], {
      WEBFLOW_LOG_LEVEL: "DEBUG",
      WEBFLOW_ASSET_DIRS: `"/c${delimiter}/d"`,
      WEBFLOW_SITE_ID: `"${SITE}"`,
      WEBFLOW_READ_ONLY: "'1'",
    });
    expect(config).toMatchObject({
      logLevel: "debug",
      siteId: SITE,
      readOnly: true,
      allowedDirectories: ["/a b", "/c", "/d"],
      notes: [],
    });
  });

  it("lists the directories that the client did not fill in", () => {
    const unfilled = "$" + "{user_config.directories}";
    expect(readConfig([unfilled, "/a"], {})).toMatchObject({
      allowedDirectories: ["/a"],
      unfilledDirectories: [unfilled],
    });
  });

  it.each([
    [' "abc" '],
    ["'abc'"],
    ["Bearer abc"],
    ["bearer  'abc'\n"],
    ["Authorization: Bearer abc"],
    ["\u201cabc\u201d"],
    ["\tabc\r\n"],
  ])("mends a token that was pasted as %j", (pasted) => {
    expect(readConfig([], { WEBFLOW_TOKEN: pasted })).toMatchObject({
      token: "abc",
      tokenProblem: undefined,
    });
  });

  it.each([
    "$WEBFLOW_TOKEN",
    "$" + "{env:WEBFLOW_TOKEN}",
    "%WEBFLOW_TOKEN%",
    "{env:WEBFLOW_TOKEN}",
    "<token>",
    "undefined",
    "null",
    "your-site-token",
    "YOUR_API_TOKEN",
  ])("says of %j that it is not a token, and what it is", (pasted) => {
    const config = readConfig([], { WEBFLOW_TOKEN: pasted });
    expect(config.token).toBeUndefined();
    expect(config.tokenProblem).toContain(`WEBFLOW_TOKEN is`);
    expect(config.tokenProblem).toContain(`"${pasted}"`);
  });

  it.each([
    "secret token",
    "two\nlines-secret",
    "secr\u00e9t",
  ])("says of %j that it is not a token, and does not repeat it", (pasted) => {
    const { token, tokenProblem } = readConfig([], { WEBFLOW_TOKEN: pasted });
    expect(token).toBeUndefined();
    expect(tokenProblem).toMatch(/^WEBFLOW_TOKEN contains (?!.*secr)/);
  });

  it("takes the token of the other spelling where one is a placeholder", () => {
    expect(readConfig([], { WEBFLOW_TOKEN: "undefined", WEBFLOW_API_TOKEN: "abc" }).token).toBe("abc");
  });

  it("takes proxies as curl does: in either case, and without a scheme", () => {
    const { proxies } = readConfig([], {
      https_proxy: "127.0.0.1:7890",
      HTTP_PROXY: "http://u:p@proxy:8080",
    });
    expect(proxies.forHttps).toEqual({ variable: "https_proxy", url: "http://127.0.0.1:7890" });
    expect(proxies.forHttp).toEqual({ variable: "HTTP_PROXY", url: "http://u:p@proxy:8080" });
  });

  it.each([
    "socks5://127.0.0.1:1080",
    "socks5h://127.0.0.1:1080",
    "http://",
    "ftp://proxy",
  ])("says of the proxy %s that it cannot be used", (value) => {
    const { proxies } = readConfig([], { HTTPS_PROXY: value });
    expect(proxies.forHttps).toEqual({ variable: "HTTPS_PROXY", problem: expect.any(String) });
  });

  it("does not keep --demo from starting with settings that the emulator replaces", () => {
    const config = readConfig(["--demo"], { WEBFLOW_SITE_ID: "my-site", WEBFLOW_API_BASE_URL: "nowhere" });
    expect(config).toMatchObject({ demo: true, siteId: undefined });
  });

  it("does not keep --help and --version from answering", () => {
    expect(readConfig(["--help"], { WEBFLOW_READ_ONLY: "perhaps" }).command).toBe("help");
    expect(readConfig(["--version"], { WEBFLOW_READ_ONLY: "perhaps" }).command).toBe("version");
  });
});
