import { describe, expect, it } from "vitest";
import { parseAllowedHosts } from "../../../src/core/allowed-hosts.js";
import type { CreatedAsset } from "../../../src/webflow/data-api/responses.js";
import {
  assertUploadHost,
  hasExpired,
  readPresignedForm,
  signingTime,
} from "../../../src/webflow/storage/presigned-form.js";

const SIGNED_AT = Date.parse("2026-07-30T22:06:13Z");

function aPolicy(expiration: string): string {
  return Buffer.from(JSON.stringify({ expiration, conditions: [] })).toString("base64");
}

const IN_TEN_MINUTES = aPolicy("2026-07-30T22:16:13Z");

/** Stage 1 as the SDK hands it over: some fields in the SDK's spelling, others in S3's. */
function created(changes: Partial<CreatedAsset> = {}, details: Record<string, unknown> = {}): CreatedAsset {
  return {
    id: "6a6bcad5d2a0492c49da9bd1",
    originalFileName: "a.css",
    contentType: "text/css",
    hostedUrl: undefined,
    assetUrl: undefined,
    uploadUrl: "https://webflow-prod-assets.s3.amazonaws.com/",
    parentFolder: undefined,
    createdOn: undefined,
    uploadDetails: {
      acl: "public-read",
      bucket: "webflow-prod-assets",
      xAmzAlgorithm: "AWS4-HMAC-SHA256",
      xAmzCredential: "AKID/20260730/us-east-1/s3/aws4_request",
      xAmzDate: "20260730T220613Z",
      key: "site/6a6bcad5d2a0492c49da9bd1_a.css",
      policy: aPolicy("2026-07-30T23:06:13Z"),
      xAmzSignature: "abc",
      successActionStatus: "201",
      contentType: "text/css",
      cacheControl: "max-age=31536000",
      ...details,
    },
    ...changes,
  };
}

describe("readPresignedForm", () => {
  it("gives every field S3's own name and value, in the order given", () => {
    const form = readPresignedForm(created({}, { "X-Amz-Meta-Later": "kept" }));
    expect([...(form?.fields ?? [])]).toEqual([
      ["acl", "public-read"],
      ["bucket", "webflow-prod-assets"],
      ["X-Amz-Algorithm", "AWS4-HMAC-SHA256"],
      ["X-Amz-Credential", "AKID/20260730/us-east-1/s3/aws4_request"],
      ["X-Amz-Date", "20260730T220613Z"],
      ["key", "site/6a6bcad5d2a0492c49da9bd1_a.css"],
      ["Policy", aPolicy("2026-07-30T23:06:13Z")],
      ["X-Amz-Signature", "abc"],
      ["success_action_status", "201"],
      ["content-type", "text/css"],
      ["Cache-Control", "max-age=31536000"],
      ["X-Amz-Meta-Later", "kept"],
    ]);
  });

  it("leaves out a null security token instead of sending the text null", () => {
    const form = readPresignedForm(created({}, { "X-Amz-Security-Token": null }));
    expect(form?.fields.has("X-Amz-Security-Token")).toBe(false);
  });

  it("is undefined without upload details or without a URL", () => {
    expect(readPresignedForm(created({ uploadDetails: undefined }))).toBeUndefined();
    expect(readPresignedForm(created({ uploadUrl: undefined }))).toBeUndefined();
    expect(readPresignedForm(created({ uploadUrl: "no url" }))).toBeUndefined();
    expect(readPresignedForm(created({ uploadDetails: {} }))).toBeUndefined();
    expect(readPresignedForm(created({ uploadDetails: { key: null, policy: {} } }))).toBeUndefined();
  });

  it("sends a number as text, and nothing that is neither", () => {
    const form = readPresignedForm(created({}, { successActionStatus: 201, flag: true, list: ["a"] }));
    expect(form?.fields.get("success_action_status")).toBe("201");
    expect(form?.fields.has("flag")).toBe(false);
    expect(form?.fields.has("list")).toBe(false);
  });

  it("finds key and type whatever their case, as S3 does", () => {
    const uploadDetails = { KEY: "a/b.css", "Content-Type": "text/css" };
    expect(readPresignedForm(created({ uploadDetails }))).toMatchObject({
      key: "a/b.css",
      contentType: "text/css",
    });
  });

  it.each([
    ["no policy", { policy: null }],
    ["a policy that is no JSON", { policy: "????" }],
    ["a policy without an expiration", { policy: Buffer.from("{}").toString("base64") }],
    ["an expiration that is no date", { policy: aPolicy("soon") }],
    ["no time of signing", { policy: IN_TEN_MINUTES, xAmzDate: null }],
    ["a time of signing in another form", { policy: IN_TEN_MINUTES, xAmzDate: "2026-07-30T22:06:13Z" }],
    ["something before the time of signing", { policy: IN_TEN_MINUTES, xAmzDate: "x20260730T220613Z" }],
    ["something after the time of signing", { policy: IN_TEN_MINUTES, xAmzDate: "20260730T220613Z+1" }],
  ])("counts on the usual hour where the form has %s", (_, details) => {
    expect(readPresignedForm(created({}, details), 1_000_000)?.expiresAt).toBe(1_000_000 + 3_600_000);
  });

  it("believes a policy that gives less than an hour", () => {
    const form = readPresignedForm(created({}, { policy: IN_TEN_MINUTES }), 1_000_000);
    expect(form?.expiresAt).toBe(1_000_000 + 600_000);
  });

  it("counts a form as expired half a minute before it is, and not earlier", () => {
    const expiring = (ms: number) => {
      const form = readPresignedForm(created(), Date.now() - 3_600_000 + ms);
      return form && hasExpired(form);
    };
    expect(expiring(25_000)).toBe(true);
    expect(expiring(60_000)).toBe(false);
  });

  it("counts the hour of the form from its arrival, so that a wrong clock does no harm", () => {
    const form = readPresignedForm(created(), 1_000_000);
    expect(form).toMatchObject({ expiresAt: 1_000_000 + 3_600_000 });
    expect(signingTime(created())).toBe(SIGNED_AT);
  });

  it("notices a form that was expired when it was signed", () => {
    const form = readPresignedForm(created({}, { policy: aPolicy("2026-07-30T22:06:12Z") }));
    expect(form && hasExpired(form)).toBe(true);
  });
});

describe("assertUploadHost", () => {
  function judge(uploadUrl: string, rules = ""): void {
    const form = readPresignedForm(created({ uploadUrl }));
    if (!form) throw new Error("no form");
    assertUploadHost(form, parseAllowedHosts(rules));
  }

  it.each([
    "http://webflow-prod-assets.s3.amazonaws.com/",
    "https://s3.amazonaws.com.evil.example/",
    "https://evilamazonaws.com/",
    "https://evils3.amazonaws.com/",
    "https://evil_s3.amazonaws.com/",
    "https://user:pass@bucket.s3.amazonaws.com/",
    "https://user@bucket.s3.amazonaws.com/",
    "https://:pass@bucket.s3.amazonaws.com/",
    "https://bucket.s3.amazonaws.com:8443/",
    "https://127.0.0.1/",
    "https://abcdef1234.execute-api.us-east-1.amazonaws.com/",
    "https://ec2-203-0-113-7.compute-1.amazonaws.com/",
    "https://s3-1234567890.us-east-1.elb.amazonaws.com/",
    "https://s3.us-east-1.elb.amazonaws.com/",
    "file:///etc/passwd",
  ])("refuses %s", (url) => {
    expect(() => judge(url)).toThrow(expect.objectContaining({ code: "URL_BLOCKED" }));
  });

  it.each([
    "https://s3.amazonaws.com/bucket",
    "https://s3.eu-central-1.amazonaws.com/bucket",
    "https://s3-us-west-2.amazonaws.com/bucket",
    "https://bucket.with.dots.s3.us-gov-west-1.amazonaws.com/",
    "https://bucket.s3-accelerate.dualstack.amazonaws.com/",
    "https://bucket.s3.cn-north-1.amazonaws.com.cn/",
  ])("takes %s", (url) => {
    expect(() => judge(url)).not.toThrow();
  });

  it("takes S3's hosts over https, and a host that the user opened over http too", () => {
    expect(() => judge("https://webflow-prod-assets.s3.amazonaws.com/")).not.toThrow();
    expect(() => judge("http://127.0.0.1:9000/bucket", "127.0.0.1:9000")).not.toThrow();
    expect(() => judge("https://dam.example/bucket", "dam.example")).not.toThrow();
  });

  it.each([
    "ftp://127.0.0.1/",
    "http://user@127.0.0.1/",
    "http://:pass@127.0.0.1/",
  ])("refuses %s although its host was opened", (url) => {
    expect(() => judge(url, "127.0.0.1")).toThrow(expect.objectContaining({ code: "URL_BLOCKED" }));
  });

  it("opens exactly the port that was named", () => {
    expect(() => judge("http://127.0.0.1:9001/", "127.0.0.1:9000")).toThrow(
      expect.objectContaining({ code: "URL_BLOCKED" }),
    );
  });
});
