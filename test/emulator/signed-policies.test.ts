import { createHash } from "node:crypto";
import { S3Client } from "@aws-sdk/client-s3";
import { createPresignedPost } from "@aws-sdk/s3-presigned-post";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { WebflowClient } from "webflow-api";
import { type Emulator, startEmulator } from "../../src/emulator/emulator.js";
import { pngBytes } from "../builders/bytes.js";
import { createAsset, element, formOf, postForm } from "../builders/emulator-client.js";

const TEXT = Buffer.from("the bytes of the file");
let emulator: Emulator;

beforeEach(async () => {
  emulator = await startEmulator();
});
afterEach(() => emulator.close());

type Conditions = NonNullable<Parameters<typeof createPresignedPost>[1]["Conditions"]>;

/** The fields of a form that the AWS SDK signs with the emulator's keys. */
async function signedByTheSdk(form: {
  key: string;
  fields?: Record<string, string>;
  conditions?: Conditions;
  seconds?: number;
}): Promise<Record<string, string>> {
  const { accessKeyId, secretAccessKey, region, bucket } = emulator.s3Credentials;
  const client = new S3Client({ region, credentials: { accessKeyId, secretAccessKey } });
  const { fields } = await createPresignedPost(client, {
    Bucket: bucket,
    Key: form.key,
    Fields: form.fields ?? {},
    Conditions: form.conditions ?? [],
    Expires: form.seconds ?? 3_600,
  });
  client.destroy();
  return fields;
}

function upload(fields: Record<string, string>, bytes = pngBytes()) {
  return postForm(`http://${emulator.uploadHost}/`, formOf(fields, bytes));
}

describe("a policy signed by the AWS SDK with the emulator's keys", () => {
  it("is accepted, and answered 204 without a document when no status is asked for", async () => {
    const { status, text, headers } = await upload(await signedByTheSdk({ key: "site/a.png" }));

    expect(status).toBe(204);
    expect(text).toBe("");
    expect(headers.get("etag")).toMatch(/^"[0-9a-f]{32}"$/);
    expect(emulator.database.object("site/a.png")?.bytes).toEqual(pngBytes());
  });

  it.each([
    ["200", 200],
    ["201", 201],
    ["204", 204],
    ["418", 204],
  ])("a signed policy that asks for success_action_status %s is answered %i", async (asked, given) => {
    const fields = await signedByTheSdk({ key: "site/a.png", fields: { success_action_status: asked } });

    expect((await upload(fields)).status).toBe(given);
  });

  it("stores a file of no declared type as binary/octet-stream", async () => {
    await upload(await signedByTheSdk({ key: "site/a.png" }));

    expect(emulator.database.object("site/a.png")?.contentType).toBe("binary/octet-stream");
  });

  it("has the file name variable of its key replaced by the file's name before it is compared", async () => {
    const { status } = await upload(await signedByTheSdk({ key: "site/$" + "{filename}" }));

    expect(status).toBe(204);
    expect(emulator.database.hasObject("site/picture.png")).toBe(true);
  });

  it("lets a field begin with what it says", async () => {
    const conditions: Conditions = [["starts-with", "$Content-Type", "image/"]];
    const fields = await signedByTheSdk({ key: "site/a.png", conditions });

    expect((await upload({ ...fields, "content-type": "image/png" })).status).toBe(204);
    const refused = await upload({ ...fields, "content-type": "text/html" });
    expect(element(refused.text, "Message")).toContain('["starts-with", "$Content-Type", "image/"]');
  });

  it.each([
    [9, "EntityTooSmall", "MinSizeAllowed"],
    [21, "EntityTooLarge", "MaxSizeAllowed"],
  ])("a signed policy that allows 10 to 20 bytes refuses %i: %s", async (size, code, detail) => {
    const conditions: Conditions = [["content-length-range", 10, 20]];
    const fields = await signedByTheSdk({ key: "site/a.png", conditions });

    const { status, text } = await upload(fields, Buffer.alloc(size));

    expect(status).toBe(400);
    expect(element(text, "Code")).toBe(code);
    expect(element(text, "ProposedSize")).toBe(String(size));
    expect(element(text, detail)).toBeDefined();
  });

  it.each([10, 20])("a signed policy that allows 10 to 20 bytes takes %i", async (size) => {
    const conditions: Conditions = [["content-length-range", 10, 20]];
    const fields = await signedByTheSdk({ key: "site/a.png", conditions });

    expect((await upload(fields, Buffer.alloc(size))).status).toBe(204);
  });

  it("is refused when it has expired", async () => {
    const { status, text } = await upload(await signedByTheSdk({ key: "site/a.png", seconds: -1 }));

    expect(status).toBe(403);
    expect(element(text, "Message")).toBe("Invalid according to Policy: Policy expired.");
  });

  it.each([
    ["that is right", createHash("md5").update(TEXT).digest("base64"), 204, undefined],
    ["of other bytes", "1B2M2Y8AsgTpgAmY7PhCfg==", 400, "BadDigest"],
    ["that is none", "hello", 400, "InvalidDigest"],
  ])("a signed policy that names a Content-MD5 %s is answered as S3 does", async (_, contentMd5, status, code) => {
    const fields = await signedByTheSdk({ key: "site/a.txt", fields: { "Content-MD5": contentMd5 } });

    const answer = await upload(fields, TEXT);

    expect([answer.status, element(answer.text, "Code")]).toEqual([status, code]);
  });

  it("has the conditions and fields, in their order, of what stage 1 signs for the same key", async () => {
    const { uploadDetails } = await createAsset(emulator, pngBytes());
    const { key = "" } = uploadDetails;
    const fields = await signedByTheSdk({
      key,
      fields: { acl: "public-read" },
      conditions: [
        ["starts-with", "$key", `${emulator.siteId}/`],
        { "cache-control": "max-age=31536000" },
        { "Content-Type": "image/png" },
        { success_action_status: "201" },
        ["starts-with", "$Content-Type", "image/png"],
        ["content-length-range", 0, 31_457_280],
      ],
    });

    expect(withoutTimes(uploadDetails["Policy"])).toBe(withoutTimes(fields["Policy"]));
    expect(Object.keys(uploadDetails)).toEqual([
      ...Object.keys(fields),
      "success_action_status",
      "content-type",
      "Cache-Control",
    ]);
  });
});

/** The JSON of a base64 policy but for the seconds in it. */
function withoutTimes(policy = ""): string {
  return Buffer.from(policy, "base64")
    .toString()
    .replace(/T[\d:]+Z/g, "T");
}

describe("the SDK of Webflow", () => {
  it("creates and uploads an asset with its own helper", async () => {
    const webflow = new WebflowClient({ accessToken: emulator.token, baseUrl: emulator.apiBaseUrl } as never);
    const file = new Uint8Array(pngBytes()).buffer;

    const asset = await webflow.assets.utilities.createAndUpload(emulator.siteId, {
      file,
      fileName: "a.png",
    });

    expect(emulator.database.assets(emulator.siteId)).toMatchObject([
      { id: asset.id, originalFileName: "a.png", hasBytes: true, size: pngBytes().length },
    ]);
  });
});
