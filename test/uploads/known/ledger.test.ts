import { mkdtemp, readFile, rm, stat, symlink, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createLogger } from "../../../src/core/logger.js";
import { createLedger, ledgerKeysOf, NO_LEDGER, optimizedKey } from "../../../src/uploads/known/ledger.js";

const SITE = "a".repeat(24);
const ENTRY = { id: "b".repeat(24), size: 7 };

let directory: string;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "ledger-"));
});

afterEach(() => rm(directory, { recursive: true, force: true }));

function aLedger() {
  return createLedger(directory, createLogger("silent"));
}

describe("the ledger", () => {
  it("remembers an upload from one process to the next", async () => {
    const ledger = aLedger();
    void ledger.record(SITE, ["md5"], ENTRY);
    await ledger.flush();
    expect(await ledger.find(SITE, "md5")).toEqual(ENTRY);
    expect(await aLedger().find(SITE, "md5")).toEqual(ENTRY);
    expect(await aLedger().find("c".repeat(24), "md5")).toBeUndefined();
  });

  it("keeps what another process wrote in the meantime", async () => {
    const [one, other] = [aLedger(), aLedger()];
    void one.record(SITE, ["one"], ENTRY);
    void other.record(SITE, ["other"], ENTRY);
    await one.flush();
    await other.flush();
    expect(await aLedger().find(SITE, "one")).toEqual(ENTRY);
    expect(await aLedger().find(SITE, "other")).toEqual(ENTRY);
  });

  it("passes over a line that a crash cut short, and keeps the others", async () => {
    const whole = JSON.stringify({ key: "md5", ...ENTRY });
    await writeFile(join(directory, `${SITE}.jsonl`), `${whole}\n{"key":"cut","id":"bb`);
    expect(await aLedger().find(SITE, "md5")).toEqual(ENTRY);
    expect(await aLedger().find(SITE, "cut")).toBeUndefined();
  });

  it.skipIf(process.platform === "win32")("is read and written by its owner alone", async () => {
    const ledger = aLedger();
    await ledger.record(SITE, ["md5"], ENTRY);
    expect((await stat(directory)).mode & 0o777).toBe(0o700);
    expect((await stat(join(directory, `${SITE}.jsonl`))).mode & 0o777).toBe(0o600);
  });

  it.skipIf(process.platform === "win32")("neither reads nor writes through a link", async () => {
    const elsewhere = join(directory, "elsewhere");
    await writeFile(elsewhere, JSON.stringify({ key: "md5", ...ENTRY }));
    await symlink(elsewhere, join(directory, `${SITE}.jsonl`));
    const ledger = aLedger();
    expect(await ledger.find(SITE, "md5")).toBeUndefined();
    await ledger.record(SITE, ["other"], ENTRY);
    expect(await readFile(elsewhere, "utf8")).not.toContain("other");
  });

  it("reads no file of more than 50 MB", async () => {
    const file = join(directory, `${SITE}.jsonl`);
    await writeFile(file, `${JSON.stringify({ key: "md5", ...ENTRY })}\n`);
    await truncate(file, 50 * 1024 * 1024 + 1);
    expect(await aLedger().find(SITE, "md5")).toBeUndefined();
  });

  it("writes an upload once, however often it is recorded", async () => {
    const ledger = aLedger();
    void ledger.record(SITE, ["md5"], ENTRY);
    void ledger.record(SITE, ["md5"], ENTRY);
    await ledger.flush();
    await ledger.record(SITE, ["md5"], ENTRY);
    const text = await readFile(join(directory, `${SITE}.jsonl`), "utf8");
    expect(text.trim().split("\n")).toHaveLength(1);
  });

  it("does not fail when nothing can be written", async () => {
    const ledger = createLedger(join(directory, "file", "below"), createLogger("silent"));
    await writeFile(join(directory, "file"), "");
    void ledger.record(SITE, ["md5"], ENTRY);
    await expect(ledger.flush()).resolves.toBeUndefined();
  });

  it("makes its directory again after somebody removed it", async () => {
    const ledger = aLedger();
    await ledger.record(SITE, ["first"], ENTRY);
    await rm(directory, { recursive: true });
    await ledger.record(SITE, ["lost"], ENTRY);
    await ledger.record(SITE, ["next"], ENTRY);
    expect(await aLedger().find(SITE, "next")).toEqual(ENTRY);
  });

  it("loses no entry to a line that was cut off when a process was killed", async () => {
    await writeFile(join(directory, `${SITE}.jsonl`), '{"key":"lost","id":"6a6b');
    const ledger = aLedger();
    await ledger.record(SITE, ["md5"], ENTRY);
    expect(await aLedger().find(SITE, "md5")).toEqual(ENTRY);
  });
});

describe("the keys of a file", () => {
  it("are its MD5, or that it was optimized by one recipe, and by any", () => {
    expect(ledgerKeysOf("md5", undefined)).toEqual(["md5"]);
    expect(ledgerKeysOf("md5", "webp")).toEqual([optimizedKey("md5", "webp"), optimizedKey("md5")]);
    expect(new Set(["md5", ...ledgerKeysOf("md5", "webp"), ...ledgerKeysOf("other", "webp")]).size).toBe(5);
  });
});

it("no ledger knows nothing, and takes anything", async () => {
  await NO_LEDGER.record(SITE, ["md5"], ENTRY);
  await NO_LEDGER.flush();
  expect(await NO_LEDGER.find(SITE, "md5")).toBeUndefined();
});
