import { describe, expect, it } from "vitest";
import { NO_PROXIES, type Proxies } from "../../../src/core/proxies.js";
import { explainConnectionFailure } from "../../../src/webflow/wire/connection-failure.js";

const API = new URL("https://api.webflow.com/v2");
const PROXIED: Proxies = {
  forHttps: { variable: "HTTPS_PROXY", url: "http://me:secret@proxy.example:8080" },
  exceptions: "",
};

function failing(code: string): Error {
  return Object.assign(new Error("failed"), { code });
}

function explain(error: unknown, proxies: Proxies = NO_PROXIES) {
  return explainConnectionFailure(error, "the storage", API, proxies);
}

describe("a connection that could not be made", () => {
  it.each([
    ["CERT_HAS_EXPIRED", "is out of date", false, "clock"],
    ["CERT_NOT_YET_VALID", "is out of date", false, "clock"],
    ["SELF_SIGNED_CERT_IN_CHAIN", "is not trusted", false, "NODE_EXTRA_CA_CERTS"],
    ["DEPTH_ZERO_SELF_SIGNED_CERT", "is not trusted", false, "NODE_EXTRA_CA_CERTS"],
    ["UNABLE_TO_VERIFY_LEAF_SIGNATURE", "is not trusted", false, "NODE_EXTRA_CA_CERTS"],
    ["ERR_TLS_CERT_ALTNAME_INVALID", "is not trusted", false, "NODE_EXTRA_CA_CERTS"],
    ["EPROTO", "does not speak TLS", false, "begin with http://"],
    ["ERR_SSL_WRONG_VERSION_NUMBER", "does not speak TLS", false, "begin with http://"],
    ["ENOTFOUND", "could not be resolved", true, "WEBFLOW_API_BASE_URL"],
    ["EAI_AGAIN", "could not be resolved", true, "WEBFLOW_API_BASE_URL"],
    ["ECONNREFUSED", "refused the connection", true, "HTTPS_PROXY"],
    ["UND_ERR_CONNECT_TIMEOUT", "could not be connected to", true, "HTTPS_PROXY"],
    ["ENETUNREACH", "could not be connected to", true, "HTTPS_PROXY"],
  ])("is explained by its code: %s", (code, what, isTransient, next) => {
    const failure = explain(failing(code));
    expect(failure).toMatchObject({ isTransient, mayHaveArrived: false });
    expect(failure.what).toMatch(
      new RegExp(`api\\.webflow\\.com.* ${what} \\(${code}\\)|${what}.*\\(${code}\\)`),
    );
    expect(failure.next).toContain(next);
  });

  it("is explained by the code of its cause, or of the first address that was tried", () => {
    const cause = failing("ECONNREFUSED");
    expect(explain(new Error("fetch failed", { cause })).what).toContain("refused the connection");
    const all = new AggregateError([cause, failing("ENETUNREACH")], "all failed");
    expect(explain(new Error("fetch failed", { cause: all })).what).toContain("refused the connection");
    const coded = Object.assign(new AggregateError([cause]), { code: "ENETUNREACH" });
    expect(explain(coded).what).toContain("could not be connected to (ENETUNREACH)");
  });

  it("names the variable that the user set in vain", () => {
    const { next } = explain(failing("ENOTFOUND"), { ...NO_PROXIES, ignoredVariable: "ALL_PROXY" });
    expect(next).toMatch(/ \(ALL_PROXY is not supported here; HTTPS_PROXY is\)$/);
    expect(explain(failing("ENOTFOUND")).next).not.toContain("not supported");
  });

  it.each(["ENOTFOUND", "ECONNREFUSED", "ETIMEDOUT"])("is the proxy's where one is used: %s", (code) => {
    const { what, next } = explain(failing(code), PROXIED);
    expect(what).toContain("proxy.example:8080");
    expect(what).not.toContain("secret");
    expect(next).toMatch(/HTTPS_PROXY, or remove it/);
  });
});

describe("a proxy that opens no tunnel", () => {
  const refusal = (status: number) =>
    new Error("failed", { cause: new Error(`Proxy response (${status}) !== 200`) });

  it("is told with what it answered", () => {
    expect(explain(refusal(403), PROXIED)).toMatchObject({
      what: expect.stringContaining(
        "(proxy.example:8080) did not connect to the storage (api.webflow.com): it answered 403",
      ),
      next: expect.stringContaining("allow api.webflow.com"),
      isTransient: false,
      mayHaveArrived: false,
    });
    expect(explain(refusal(500), PROXIED)).toMatchObject({ isTransient: true });
    expect(explain(refusal(499), PROXIED)).toMatchObject({ isTransient: false });
  });

  it.each([
    refusal(407),
    new Error("Proxy Authentication Required (407)"),
  ])("a proxy that opens no tunnel and asks for a password is told so, without the one that there is: %s", (error) => {
    const { what, next, isTransient } = explain(error, PROXIED);
    expect([what, isTransient]).toEqual([expect.stringContaining("asks for a user and password"), false]);
    expect(next).not.toContain("secret");
  });

  it("is none where no proxy is used", () => {
    expect(explain(refusal(403)).what).toContain("broke before the answer");
  });
});

describe("a connection that broke", () => {
  it.each([
    [failing("ECONNRESET"), " (ECONNRESET)"],
    [new Error("x"), ""],
    ["no error", ""],
  ])("may have carried the request: %s", (error, shown) => {
    expect(explain(error)).toMatchObject({
      what: `The connection to the storage (api.webflow.com) broke before the answer had arrived${shown}`,
      isTransient: true,
      mayHaveArrived: true,
    });
  });

  it("did where an answer came that is not HTTP", () => {
    const parser = Object.assign(new Error("x"), { name: "HTTPParserError" });
    for (const error of [failing("HPE_INVALID_CONSTANT"), parser]) {
      expect(explain(error)).toMatchObject({
        what: expect.stringContaining("something that is not HTTP (HPE_INVALID"),
        isTransient: true,
        mayHaveArrived: true,
      });
    }
    expect(explain(parser).what).toMatch(/^The storage \(api/);
  });
});
