import { createHash } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Emulator, startEmulator } from "../../src/emulator/emulator.js";
import { pngBytes } from "../builders/bytes.js";
import {
  createAsset,
  element,
  type FormPart,
  formOf,
  postForm,
  type StageOne,
} from "../builders/emulator-client.js";

// Source: AWS, "POST Object" and "POST Policy"; the messages are those recorded from S3.

let emulator: Emulator;
let made = 0;

beforeAll(async () => {
  emulator = await startEmulator({
    switches: { rateLimit: { limit: 1_000, windowMs: 60_000, sliding: false } },
  });
});
afterAll(() => emulator.close());

/** Stage 1 for a picture that no other test has. */
async function freshAsset(): Promise<{ asset: StageOne; bytes: Buffer; parts: FormPart[] }> {
  made += 1;
  const bytes = Buffer.concat([pngBytes(), Buffer.from(String(made))]);
  const asset = await createAsset(emulator, bytes);
  return { asset, bytes, parts: formOf(asset.uploadDetails, bytes) };
}

function without(parts: readonly FormPart[], ...names: string[]): FormPart[] {
  return parts.filter(([name]) => !names.includes(name));
}

function withValue(parts: readonly FormPart[], changed: string, value: string): FormPart[] {
  return parts.map((part) => (part[0] === changed ? [changed, value] : part));
}

function storedBytes(asset: StageOne): Buffer | undefined {
  return emulator.database.object(asset.uploadDetails["key"] ?? "")?.bytes;
}

describe("a form as Webflow signed it", () => {
  it("is answered 201 with the location, bucket, key and ETag of what is stored", async () => {
    const { asset, bytes, parts } = await freshAsset();

    const { status, headers, text } = await postForm(asset.uploadUrl, parts);

    const etag = `"${createHash("md5").update(bytes).digest("hex")}"`;
    expect(status).toBe(201);
    expect(headers.get("etag")).toBe(etag);
    expect(element(text, "ETag")).toBe(etag);
    expect(element(text, "Bucket")).toBe(asset.uploadDetails["bucket"]);
    expect(element(text, "Key")).toBe(asset.uploadDetails["key"]);
    expect(element(text, "Location")).toBe(headers.get("location"));
    expect(storedBytes(asset)).toEqual(bytes);
  });

  it("is taken with its fields in any order and any case, and without a bucket field", async () => {
    const { asset, bytes } = await freshAsset();
    const { bucket: _, ...fields } = asset.uploadDetails;
    const shuffled = Object.entries(fields)
      .reverse()
      .map(([name, value]): FormPart => [name.toUpperCase(), value]);

    const { status } = await postForm(asset.uploadUrl, [...shuffled, ["File", bytes, "x.png"]]);

    expect(status).toBe(201);
  });

  it("stores the Content-Type of the field, not that of the file part", async () => {
    const { asset, parts } = await freshAsset();

    await postForm(asset.uploadUrl, parts);

    expect(emulator.database.object(asset.uploadDetails["key"] ?? "")?.contentType).toBe("image/png");
  });

  it("overwrites what an earlier form stored under the key", async () => {
    const { asset, parts } = await freshAsset();
    await postForm(asset.uploadUrl, parts);

    await postForm(asset.uploadUrl, formOf(asset.uploadDetails, Buffer.from("other bytes")));

    expect(storedBytes(asset)?.toString()).toBe("other bytes");
  });

  it("takes a file field without a file name", async () => {
    const { asset, parts } = await freshAsset();

    const { status } = await postForm(asset.uploadUrl, [...without(parts, "file"), ["file", "text"]]);

    expect(status).toBe(201);
    expect(storedBytes(asset)?.toString()).toBe("text");
  });

  it("may hold fields that begin with x-ignore-", async () => {
    const { asset, parts } = await freshAsset();

    const { status } = await postForm(asset.uploadUrl, [["x-ignore-note", "mine"], ...parts]);

    expect(status).toBe(201);
  });
});

describe("what stands below the file", () => {
  it("is ignored", async () => {
    const { asset, bytes, parts } = await freshAsset();

    const { status } = await postForm(asset.uploadUrl, [
      ...parts,
      ["extra", "1"],
      ["file", "second", "b.png"],
    ]);

    expect(status).toBe(201);
    expect(storedBytes(asset)).toEqual(bytes);
  });

  it("is missing where it was needed", async () => {
    const { asset, parts } = await freshAsset();
    const signature: FormPart = ["X-Amz-Signature", asset.uploadDetails["X-Amz-Signature"] ?? ""];

    const { status, text } = await postForm(asset.uploadUrl, [
      ...without(parts, "X-Amz-Signature"),
      signature,
    ]);

    expect(status).toBe(400);
    expect(element(text, "ArgumentName")).toBe("X-Amz-Signature");
  });
});

describe("a form that S3 refuses", () => {
  interface Refusal {
    readonly name: string;
    readonly change: (parts: FormPart[]) => FormPart[];
    readonly status: number;
    readonly code: string;
    readonly message: string | RegExp;
  }

  const missing = (field: string) =>
    `Bucket POST must contain a field named '${field}'.  If it is specified, please check the order of the fields.`;
  const failed = (condition: string) => `Invalid according to Policy: Policy Condition failed: ${condition}`;
  const signatureFields = ["X-Amz-Signature", "X-Amz-Algorithm", "X-Amz-Credential", "X-Amz-Date"];

  const refusals: Refusal[] = [
    {
      name: "without a key",
      change: (parts) => without(parts, "key"),
      status: 400,
      code: "InvalidArgument",
      message: missing("key"),
    },
    ...signatureFields.map((field) => ({
      name: `without ${field}`,
      change: (parts: FormPart[]) => without(parts, field),
      status: 400,
      code: "InvalidArgument",
      message: missing(field),
    })),
    {
      name: "without any field of the signature",
      change: (parts) => without(parts, ...signatureFields),
      status: 403,
      code: "AccessDenied",
      message: "Access Denied",
    },
    {
      name: "without a policy",
      change: (parts) => without(parts, "Policy"),
      status: 403,
      code: "AccessDenied",
      message: "Access Denied",
    },
    {
      name: "without a file",
      change: (parts) => without(parts, "file"),
      status: 400,
      code: "InvalidArgument",
      message: "POST requires exactly one file upload per request.",
    },
    {
      name: "with another algorithm",
      change: (parts) => withValue(parts, "X-Amz-Algorithm", "AWS4-HMAC-SHA1"),
      status: 400,
      code: "InvalidArgument",
      message: /X-Amz-Algorithm/,
    },
    {
      name: "with a credential that is none",
      change: (parts) => withValue(parts, "X-Amz-Credential", "AKIA/20260101/us-east-1"),
      status: 400,
      code: "InvalidArgument",
      message: /X-Amz-Credential/,
    },
    {
      name: "with an access key that nobody has",
      change: (parts) => withValue(parts, "X-Amz-Credential", "AKIA0/20260101/us-east-1/s3/aws4_request"),
      status: 403,
      code: "InvalidAccessKeyId",
      message: /does not exist in our records/,
    },
    {
      name: "for another region",
      change: (parts) =>
        parts.map(([name, value, file]) => [
          name,
          name === "X-Amz-Credential" ? String(value).replace("us-east-1", "eu-west-1") : value,
          file,
        ]) as FormPart[],
      status: 400,
      code: "AuthorizationQueryParametersError",
      message: /expecting 'us-east-1'/,
    },
    {
      name: "signed on another day than it says",
      change: (parts) => withValue(parts, "X-Amz-Date", "20200101T000000Z"),
      status: 400,
      code: "InvalidArgument",
      message: /X-Amz-Date/,
    },
    {
      name: "with a policy that was tampered with",
      change: (parts) =>
        withValue(
          parts,
          "Policy",
          Buffer.from('{"expiration":"2099-01-01T00:00:00Z","conditions":[]}').toString("base64"),
        ),
      status: 403,
      code: "SignatureDoesNotMatch",
      message: /^The request signature we calculated does not match the signature you provided\./,
    },
    {
      name: "with another signature",
      change: (parts) => withValue(parts, "X-Amz-Signature", "0".repeat(64)),
      status: 403,
      code: "SignatureDoesNotMatch",
      message: /^The request signature we calculated/,
    },
    {
      name: "with another Content-Type",
      change: (parts) => withValue(parts, "content-type", "image/PNG"),
      status: 403,
      code: "AccessDenied",
      message: failed('["eq", "$Content-Type", "image/png"]'),
    },
    {
      name: "with a key outside the site",
      change: (parts) => withValue(parts, "key", "elsewhere/picture.png"),
      status: 403,
      code: "AccessDenied",
      message: /Policy Condition failed: \["starts-with", "\$key", "[0-9a-f]{24}\/"\]/,
    },
    {
      name: "with another key of the site",
      change: (parts) =>
        parts.map(([name, value, file]) => [name, name === "key" ? `${value}2` : value, file]) as FormPart[],
      status: 403,
      code: "AccessDenied",
      message: /Policy Condition failed: \["eq", "\$key"/,
    },
    {
      name: "for another bucket",
      change: (parts) => withValue(parts, "bucket", "somebody-elses"),
      status: 403,
      code: "AccessDenied",
      message: failed('["eq", "$bucket", "webflow-emulated-assets"]'),
    },
    {
      name: "without a field that the policy names",
      change: (parts) => without(parts, "Cache-Control"),
      status: 403,
      code: "AccessDenied",
      message: failed('["eq", "$cache-control", "max-age=31536000"]'),
    },
    {
      name: "with a field that the policy does not name",
      change: (parts) => [["x-amz-meta-author", "me"], ...parts],
      status: 403,
      code: "AccessDenied",
      message: "Invalid according to Policy: Extra input fields: x-amz-meta-author",
    },
    {
      name: "with a null security token that was sent as text",
      change: (parts) => [["X-Amz-Security-Token", "null"], ...parts],
      status: 403,
      code: "AccessDenied",
      message: "Invalid according to Policy: Extra input fields: x-amz-security-token",
    },
    {
      name: "with the SDK's own field names",
      change: (parts) =>
        parts.map(([name, value, file]) => [
          name === "X-Amz-Signature" ? "xAmzSignature" : name,
          value,
          file,
        ]) as FormPart[],
      status: 400,
      code: "InvalidArgument",
      message: missing("X-Amz-Signature"),
    },
    {
      name: "with more than 20 KB in front of the file",
      change: (parts) => [["x-ignore-ballast", "x".repeat(20_481)], ...parts],
      status: 400,
      code: "MaxPostPreDataLengthExceeded",
      message: /fields preceding the upload file were too large/,
    },
  ];

  it.each(refusals)("$name: $status $code", async ({ change, status, code, message }) => {
    const { asset, parts } = await freshAsset();

    const answer = await postForm(asset.uploadUrl, change(parts));

    expect(answer.status).toBe(status);
    expect(element(answer.text, "Code")).toBe(code);
    if (typeof message === "string") expect(element(answer.text, "Message")).toBe(message);
    else expect(element(answer.text, "Message")).toMatch(message);
    expect(element(answer.text, "RequestId")).toBe(answer.headers.get("x-amz-request-id"));
    expect(element(answer.text, "HostId")).toBe(answer.headers.get("x-amz-id-2"));
    expect(storedBytes(asset)).toBeUndefined();
  });

  it("after its hour: 403 AccessDenied", async () => {
    const { asset, parts } = await freshAsset();
    emulator.switches.clockOffsetMs = 3_600_000 + 1_000;

    const { status, text } = await postForm(asset.uploadUrl, parts);

    emulator.switches.clockOffsetMs = 0;
    expect(status).toBe(403);
    expect(element(text, "Message")).toBe("Invalid according to Policy: Policy expired.");
  });

  it("is told what S3 compared when the signature does not match", async () => {
    const { asset, parts } = await freshAsset();
    const signature = "f".repeat(64);

    const { text } = await postForm(asset.uploadUrl, withValue(parts, "X-Amz-Signature", signature));

    expect(element(text, "AWSAccessKeyId")).toBe(emulator.s3Credentials.accessKeyId);
    expect(element(text, "SignatureProvided")).toBe(signature);
    expect(element(text, "StringToSign")).toBe(asset.uploadDetails["Policy"]);
    expect(element(text, "StringToSignBytes")).toMatch(/^65 79 4a/);
  });

  it("is refused for its file only after its fields are in order", async () => {
    const { asset, parts } = await freshAsset();
    const tooLarge = withValue(parts, "X-Amz-Signature", "0".repeat(64)).map(
      (part): FormPart => (part[0] === "file" ? ["file", Buffer.alloc(31_457_281), "big.png"] : part),
    );

    const { text } = await postForm(asset.uploadUrl, tooLarge);

    expect(element(text, "Code")).toBe("SignatureDoesNotMatch");
  });
});

describe("the size of the file", () => {
  it("may be 30 MiB", async () => {
    const { asset } = await freshAsset();

    const { status } = await postForm(asset.uploadUrl, formOf(asset.uploadDetails, Buffer.alloc(31_457_280)));

    expect(status).toBe(201);
  });

  it("may not be a byte more", async () => {
    const { asset } = await freshAsset();

    const { status, text } = await postForm(
      asset.uploadUrl,
      formOf(asset.uploadDetails, Buffer.alloc(31_457_281)),
    );

    expect(status).toBe(400);
    expect(element(text, "Code")).toBe("EntityTooLarge");
    expect(element(text, "ProposedSize")).toBe("31457281");
    expect(element(text, "MaxSizeAllowed")).toBe("31457280");
    expect(storedBytes(asset)).toBeUndefined();
  });

  it("may be nothing", async () => {
    const { asset } = await freshAsset();

    const { status } = await postForm(asset.uploadUrl, formOf(asset.uploadDetails, Buffer.alloc(0)));

    expect(status).toBe(201);
    expect(storedBytes(asset)).toHaveLength(0);
  });
});
