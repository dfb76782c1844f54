import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createLedger } from "../../src/assets/ledger.js";
import { createLogger } from "../../src/log.js";

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
    ledger.record(SITE, "md5", ENTRY);
    expect(await ledger.find(SITE, "md5")).toEqual(ENTRY);
    await ledger.flush();
    expect(await aLedger().find(SITE, "md5")).toEqual(ENTRY);
    expect(await aLedger().find("c".repeat(24), "md5")).toBeUndefined();
  });

  it("keeps what another process wrote in the meantime", async () => {
    const [one, other] = [aLedger(), aLedger()];
    one.record(SITE, "one", ENTRY);
    other.record(SITE, "other", ENTRY);
    await one.flush();
    await other.flush();
    expect(await aLedger().find(SITE, "one")).toEqual(ENTRY);
    expect(await aLedger().find(SITE, "other")).toEqual(ENTRY);
  });

  it("counts a file that cannot be read as empty", async () => {
    await writeFile(join(directory, `${SITE}.json`), '{"version":1,"assets":');
    expect(await aLedger().find(SITE, "md5")).toBeUndefined();
  });

  it("leaves no draft behind", async () => {
    const ledger = aLedger();
    ledger.record(SITE, "md5", ENTRY);
    await ledger.flush();
    expect(await readdir(directory)).toEqual([`${SITE}.json`]);
  });

  it("does not fail when nothing can be written", async () => {
    const ledger = createLedger(join(directory, "file", "below"), createLogger("silent"));
    await writeFile(join(directory, "file"), "");
    ledger.record(SITE, "md5", ENTRY);
    await expect(ledger.flush()).resolves.toBeUndefined();
  });
});
