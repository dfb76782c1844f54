import { describe, expect, it } from "vitest";
import type { Downloader, Probe } from "../../src/sources/web/download.js";
import {
  compareAnyUrl,
  createHostedFileComparison,
  type HostedState,
} from "../../src/uploads/hosted-file.js";
import { callContext } from "../builders/call.js";

const FACTS = { md5: "a".repeat(32), size: 5 };
const OTHER_MD5 = "b".repeat(32);
const URL = "https://cdn.example/a+b.png?x=1+2";

/** A host that answers a look like this, and a download with bytes of this MD5. */
function hosting(probe: Partial<Probe> | Error, md5 = FACTS.md5) {
  const asked: string[] = [];
  let downloads = 0;
  const downloader = {
    async probe(url: string) {
      asked.push(url);
      if (probe instanceof Error) throw probe;
      return { status: 200, contentType: "image/png", ...probe };
    },
    async download(_url: string, _call: unknown, { maxBytes }: { maxBytes: number }) {
      downloads += 1;
      expect(maxBytes).toBe(FACTS.size + 1);
      return { md5 };
    },
  } as unknown as Downloader;
  const hosted = createHostedFileComparison(downloader);
  return {
    compare: (url: string | undefined = URL) => hosted.compare(url, FACTS, callContext()),
    md5: () => hosted.md5At(URL, FACTS, callContext()),
    unasked: () => hosted.compare(undefined, FACTS, callContext()),
    asked,
    downloads: () => downloads,
  };
}

const DENIED = "<Error><Code>AccessDenied</Code></Error>";
const NO_KEY = "<Error><Code>NoSuchKey</Code></Error>";

describe("a hosted file", () => {
  it("is the same by an ETag that is its MD5, in any case, without a download", async () => {
    const { compare, downloads } = hosting({ etag: FACTS.md5.toUpperCase() });
    expect([await compare(), downloads()]).toEqual(["same", 0]);
  });

  it("is another one by its length, without a download", async () => {
    const { compare, downloads } = hosting({ etag: OTHER_MD5, contentLength: 6 });
    expect([await compare(), downloads()]).toEqual(["different", 0]);
  });

  it.each([
    [FACTS.md5, "same"],
    [OTHER_MD5, "different"],
  ])("is downloaded where neither tells: MD5 %s is %s", async (md5, state) => {
    for (const contentLength of [{}, { contentLength: 5 }]) {
      const { compare, downloads } = hosting({ etag: "not-an-md5", ...contentLength }, md5);
      expect([await compare(), downloads()]).toEqual([state, 1]);
    }
  });

  it.each([
    [403, "application/xml", DENIED],
    [404, "application/xml", NO_KEY],
    [404, "text/html", NO_KEY],
    [404, "text/plain", "nothing here"],
    [404, "", undefined],
  ])("is absent by what a storage answers: %d %s %s", async (status, contentType, errorText) => {
    const { compare } = hosting({ status, contentType, ...(errorText && { errorText }) });
    expect(await compare()).toBe("absent");
  });

  it.each([
    [403, "application/xml", "<Error><Code>SlowDown</Code></Error>"],
    [403, "text/plain", "nothing here"],
    [404, "text/html; charset=utf-8", "nothing here"],
    [404, "text/plain", "\n <!DOCTYPE html>"],
    [404, "text/plain", "<html>"],
    [500, "application/xml", NO_KEY],
    [206, "image/png", undefined],
    [200, "text/html", undefined],
    [200, "application/xhtml+xml", undefined],
  ])("is not known by what somebody else answers: %d %s %s", async (status, contentType, errorText) => {
    const { compare, downloads } = hosting({ status, contentType, ...(errorText && { errorText }) });
    expect([await compare(), downloads()]).toEqual(["unknown", 0]);
  });

  it("is not known where it has no URL, or cannot be reached", async () => {
    expect(await hosting({}).unasked()).toBe("unknown");
    expect(await hosting(new Error("it broke")).compare()).toBe("unknown");
  });

  it("is asked for with its plus signs encoded, which are literal in a path", async () => {
    const { compare, asked } = hosting({ etag: FACTS.md5 });
    await compare();
    await compare("https://cdn.example/a+b+c.png");
    await compare("https://cdn.example/a.png?x=1?y=2");
    expect(asked).toEqual([
      "https://cdn.example/a%2Bb.png?x=1+2",
      "https://cdn.example/a%2Bb%2Bc.png",
      "https://cdn.example/a.png?x=1?y=2",
    ]);
  });

  it("tells its MD5 as far as it is known", async () => {
    expect(await hosting({ etag: FACTS.md5 }).md5()).toBe(FACTS.md5);
    const { md5, asked } = hosting({}, OTHER_MD5);
    expect([await md5(), asked]).toEqual([OTHER_MD5, ["https://cdn.example/a%2Bb.png?x=1+2"]]);
    expect(await hosting({ contentLength: 6 }).md5()).toBeUndefined();
  });
});

describe("a file under several URLs", () => {
  const compare = async (...states: HostedState[]) => {
    const compared: number[] = [];
    const hostedFiles = {
      async compare(url: string | undefined, file: { size: number }) {
        compared.push(file.size);
        return states[Number(url)] ?? "unknown";
      },
      md5At: async () => undefined,
    };
    const urls = states.map((_, index) => String(index));
    const state = await compareAnyUrl(
      hostedFiles,
      urls,
      { md5: FACTS.md5, bytes: Buffer.from("bytes") },
      callContext(),
    );
    expect(new Set(compared)).toEqual(new Set(states.length > 0 ? [5] : []));
    return [state, compared.length];
  };

  it("is the same where one of them serves it, and the rest is not asked", async () => {
    expect(await compare("different", "same", "absent")).toEqual(["same", 2]);
  });

  it("is another one where one says so, absent where one says so, and else not known", async () => {
    expect(await compare("absent", "different")).toEqual(["different", 2]);
    expect(await compare("unknown", "absent")).toEqual(["absent", 2]);
    expect(await compare("unknown")).toEqual(["unknown", 1]);
    expect(await compare()).toEqual(["unknown", 0]);
  });
});
