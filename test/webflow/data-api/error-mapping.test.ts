import { describe, expect, it } from "vitest";
import { AssetError } from "../../../src/core/errors.js";
import {
  isConflict,
  isNotFound,
  isRefusal,
  isTimeOut,
  mayHaveTakenEffect,
  missingToken,
  noAnswer,
  redirectedElsewhere,
  refusedByWebflow,
  reportsFailure,
  type Subject,
  transienceOf,
  unreachable,
  unreadableAnswer,
} from "../../../src/webflow/data-api/error-mapping.js";
import { assertWebflowId, timeOfWebflowId } from "../../../src/webflow/ids.js";

function refused(status: number, body: unknown = {}, subject: Subject = "asset", headers = {}) {
  return refusedByWebflow({ status, headers: new Headers(headers), body }, subject);
}

const said = (code: string, message: string) => ({ code, message });

describe("an answer with an error status", () => {
  it.each([
    [400, "WEBFLOW_REJECTED", false, "change what Webflow objects to"],
    [401, "UNAUTHORIZED", false, "create a token"],
    [402, "WEBFLOW_REJECTED", false, "the billing"],
    [403, "UNAUTHORIZED", false, "create a token"],
    [404, "ASSET_NOT_FOUND", false, "listAssets"],
    [406, "WEBFLOW_REJECTED", false, "changes the headers"],
    [408, "WEBFLOW_UNAVAILABLE", true, "try again"],
    [409, "WEBFLOW_REJECTED", false, "change what Webflow objects to"],
    [423, "WEBFLOW_REJECTED", false, "the site is locked"],
    [451, "WEBFLOW_REJECTED", false, "legal reasons"],
    [499, "WEBFLOW_REJECTED", false, "change what Webflow objects to"],
    [500, "WEBFLOW_UNAVAILABLE", true, "try again"],
    [503, "WEBFLOW_UNAVAILABLE", true, "try again"],
  ])("%i becomes %s, transient: %s, with what to do", (status, code, isTransient, next) => {
    expect(refused(status)).toMatchObject({
      code,
      status,
      isTransient,
      mayHaveTakenEffect: isTransient,
      next: expect.stringContaining(next),
    });
  });

  it("repeats what Webflow says, with its code and its details", () => {
    const body = { ...said("validation_error", "Bad\n name"), details: [{ field: "fileName" }] };
    expect(refused(400, body)).toMatchObject({
      webflowCode: "validation_error",
      message: 'Webflow answered 400 validation_error: Bad name ([{"field":"fileName"}])',
    });
    expect(refused(400, { code: 7, msg: "No" })).toMatchObject({
      webflowCode: undefined,
      message: "Webflow answered 400: No",
    });
    expect(refused(400, { ...said("x", "No"), details: [] }).message).toBe("Webflow answered 400 x: No");
    expect(refused(400, { code: "x" }).message).toBe('Webflow answered 400: {"code":"x"}');
    expect(refused(400, { code: "x", message: null, msg: null }).webflowCode).toBeUndefined();
    expect(refused(400, "plain").message).toBe("Webflow answered 400: plain");
  });

  it("says by its subject what a 404 means", () => {
    expect(refused(404, {}, "site")).toMatchObject({ code: "SITE_NOT_FOUND", status: 404 });
    expect(refused(404, {}, "token")).toMatchObject({ code: "WEBFLOW_REJECTED", status: 404 });
    expect(refused(404, {}, "content")).toMatchObject({ code: "WEBFLOW_REJECTED", status: 404 });
  });

  it.each([
    { errorEnum: "RouteNotFound" },
    { name: "RouteNotFoundError" },
  ])("an answer with an error status that knows no such route is no asset that is missing: %o", (body) => {
    const failure = refused(404, body);
    expect(failure).toMatchObject({ code: "WEBFLOW_REJECTED", next: "check WEBFLOW_API_BASE_URL" });
    expect(isNotFound(failure)).toBe(false);
  });

  it("names the scopes that are missing, or all that are needed", () => {
    const scoped = said("missing_scopes", "OAuthForbidden: missing scopes: 'assets:write', sites:read");
    expect(refused(403, scoped)).toMatchObject({
      code: "MISSING_SCOPE",
      next: expect.stringContaining("also has assets:write, sites:read,"),
    });
    expect(refused(403, said("other", "You are missing a scope"))).toMatchObject({
      code: "MISSING_SCOPE",
      next: expect.stringContaining("assets:read, assets:write and sites:read"),
    });
    expect(refused(403, said("missing_scopes", "no"))).toMatchObject({ code: "MISSING_SCOPE" });
    expect(refused(401, scoped)).toMatchObject({
      code: "MISSING_SCOPE",
      next: expect.stringContaining("also has assets:write, sites:read,"),
    });
  });

  it("tells a token that may not do this from one that is not valid", () => {
    expect(refused(403, said("forbidden", "no")).next).toContain("the token is valid");
    expect(refused(403, said("not_authorized", "no")).next).toContain("create a token");
  });

  it("waits as long as it asks for", () => {
    expect(refused(503, {}, "asset", { "retry-after": "7" })).toMatchObject({ retryAfterMs: 7_000 });
    expect(refused(503).retryAfterMs).toBeUndefined();
    expect(refused(400, {}, "asset", { "retry-after": "7" }).retryAfterMs).toBeUndefined();
  });

  it("an answer with an error status that comes from something in between is not blamed on the token", () => {
    const page = "<!doctype html><title>Access denied</title>";
    expect(refused(403, page)).toMatchObject({
      code: "WEBFLOW_UNAVAILABLE",
      message: 'Something between this server and Webflow answered 403: a page titled "Access denied"',
      isTransient: false,
    });
    expect(refused(429, {}, "asset", { "cf-mitigated": "challenge" })).toMatchObject({
      code: "WEBFLOW_UNAVAILABLE",
      isTransient: false,
    });
    expect(refused(503, {}, "asset", { "cf-mitigated": "challenge" })).toMatchObject({ isTransient: true });
    expect(refused(401, page)).toMatchObject({ code: "UNAUTHORIZED" });
  });

  it.each(["asset", "site"] as const)("does not tell a missing %s by a page", (subject) => {
    const failure = refused(404, "<!doctype html><title>Not here</title>", subject);
    expect(failure).toMatchObject({
      code: "WEBFLOW_UNAVAILABLE",
      next: expect.stringContaining("proxy or filter"),
    });
    expect(isNotFound(failure)).toBe(false);
  });
});

describe("what a failure says of the request", () => {
  const plain = new AssetError("WEBFLOW_REJECTED", "x", "y");
  const conflict = refused(400, said("conflict", "x"));

  it.each([
    ["isRefusal", isRefusal, [refused(400), refused(409), refused(422)], [refused(404), refused(500), plain]],
    ["isConflict", isConflict, [refused(409), conflict], [refused(400), plain]],
    ["isNotFound", isNotFound, [refused(404)], [refused(409), plain]],
    ["isTimeOut", isTimeOut, [noAnswer("x", true)], [noAnswer("x"), refused(408), plain]],
    ["mayHaveTakenEffect", mayHaveTakenEffect, [refused(500), noAnswer("x")], [refused(400), plain]],
  ] as const)("is told by %s", (_, tells, yes, no) => {
    for (const failure of yes) expect(tells(failure)).toBe(true);
    for (const failure of no) expect(tells(failure)).toBe(false);
  });

  it("is that it may succeed a moment later, only where it is known to", () => {
    expect(transienceOf(noAnswer("x"))).toMatchObject({ isTransient: true });
    expect(transienceOf(plain)).toEqual({ isTransient: false });
  });

  it("is that it took no effect where it never arrived, though it may be sent again", () => {
    const failure = { what: "x", next: "y", isTransient: true, mayHaveArrived: false };
    expect(unreachable(failure)).toMatchObject({ isTransient: true, mayHaveTakenEffect: false });
    expect(unreachable({ ...failure, mayHaveArrived: true })).toMatchObject({ mayHaveTakenEffect: true });
  });
});

describe("a successful answer that tells of a failure nevertheless", () => {
  it.each([
    said("internal_error", "No"),
    { ...said("a", "b"), details: [] },
    "<html><p>Sorry</p></html>",
  ])("is an error of Webflow's, or a page: %j", (body) => {
    expect(reportsFailure(body)).toBe(true);
  });

  it.each([
    {},
    { code: "a" },
    { message: "b" },
    { code: 7, message: "b" },
    { code: "a", message: null },
    [],
    "OK",
    null,
    undefined,
  ])("is not %j", (body) => {
    expect(reportsFailure(body)).toBe(false);
  });
});

describe("an answer that cannot be used", () => {
  it("may pass where it is no JSON, and will not where it is of another shape", () => {
    expect(unreadableAnswer(200, "<p>busy</p>")).toMatchObject({
      isTransient: true,
      mayHaveTakenEffect: true,
      next: expect.stringContaining("try again"),
    });
    expect(unreadableAnswer(200, null)).toMatchObject({ isTransient: true });
    expect(unreadableAnswer(200, { a: 1 })).toMatchObject({
      isTransient: false,
      mayHaveTakenEffect: true,
      message: 'Webflow answered 200 with something unexpected: {"a":1}',
      next: expect.stringContaining("update this server"),
    });
  });

  it.each([
    ["https://evil.example/steal?token=1", " to evil.example "],
    ["HTTP://user:secret@evil.example:8080/x", " to evil.example:8080 "],
    ["/elsewhere", "the request (302)"],
    ["see https://evil.example", "the request (302)"],
  ])("is a redirect, of which only the host is told: %s", (location, told) => {
    const { message, isTransient } = redirectedElsewhere(302, location);
    expect(message).toContain(told);
    expect(message).not.toMatch(/secret|steal/);
    expect(isTransient).toBe(false);
  });

  it("never came where there is no token", () => {
    expect(missingToken()).toMatchObject({ code: "UNAUTHORIZED", message: "No Webflow token is set" });
    expect(missingToken("It is empty").message).toBe("It is empty");
  });
});

describe("a Webflow id", () => {
  const id = "6258612D1EE792848F805DA1";

  it("is 24 hex digits, in small letters, and nothing else gets into a path", () => {
    expect(assertWebflowId(id, "assetId")).toBe(id.toLowerCase());
    for (const wrong of ["", id.slice(1), `${id}0`, `../${id}`, `${id}/x`, id.replace("6", "g")]) {
      expect(() => assertWebflowId(wrong, "assetId")).toThrow(
        expect.objectContaining({ code: "INVALID_INPUT", message: expect.stringMatching(/^assetId "/) }),
      );
    }
    expect(() => assertWebflowId("x".repeat(100), "assetId")).toThrow(`"${"x".repeat(60)}"`);
  });

  it("begins with the second in which it was made", () => {
    expect(timeOfWebflowId("6258612d1ee792848f805da1")).toBe(Date.UTC(2022, 3, 14, 18, 0, 13));
  });
});
