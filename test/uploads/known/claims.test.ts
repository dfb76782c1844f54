import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, renameSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeEach, describe, expect, it } from "vitest";
import { createClaims } from "../../../src/uploads/known/claims.js";

const SITE = "b".repeat(24);
const MD5 = "0".repeat(32);
const HOUR = 3_600;

let directory: string;

beforeEach(() => {
  directory = join(mkdtempSync(join(tmpdir(), "claims-")), "uploads");
});

function take(md5 = MD5) {
  return createClaims(directory).take(SITE, md5);
}

describe("a claim of bytes", () => {
  it("is shared with whoever else has claimed the same bytes, until that is released", async () => {
    const own = await take();
    expect(await own.isShared()).toBe(false);
    const other = await take();
    expect([await own.isShared(), await other.isShared()]).toEqual([true, true]);
    await other.release();
    expect(await own.isShared()).toBe(false);
  });

  it("is not shared with claims of other bytes", async () => {
    const own = await take();
    await take("1".repeat(32));
    expect(await own.isShared()).toBe(false);
  });

  it("of a process that has ended counts no more", async () => {
    await take();
    const [name = ""] = readdirSync(directory);
    const { pid } = spawnSync(process.execPath, ["--version"]);
    renameSync(join(directory, name), join(directory, name.replace(`.${process.pid}-`, `.${pid}-`)));
    const own = await take();
    expect(await own.isShared()).toBe(false);
    expect(readdirSync(directory)).toHaveLength(1);
  });

  it("of hours ago counts no more", async () => {
    await take();
    const [name = ""] = readdirSync(directory);
    const then = Date.now() / 1000 - 3 * HOUR;
    utimesSync(join(directory, name), then, then);
    expect(await (await take()).isShared()).toBe(false);
  });

  it("of hours ago is removed with the first claim of a process, whatever its bytes, and nothing else", async () => {
    const [old, young] = [await take(), await take("1".repeat(32))];
    const [name = ""] = readdirSync(directory);
    writeFileSync(join(directory, "notes.txt"), "");
    const then = Date.now() / 1000 - 3 * HOUR;
    for (const one of [name, "notes.txt"]) utimesSync(join(directory, one), then, then);
    await take("2".repeat(32));
    expect(readdirSync(directory)).toHaveLength(3);
    expect(readdirSync(directory)).not.toContain(name);
    await Promise.all([old.release(), young.release()]);
  });

  it("stops nobody where it cannot be written", async () => {
    const claims = createClaims(join(process.execPath, "no-directory"));
    const own = await claims.take(SITE, MD5);
    expect(await own.isShared()).toBe(false);
    await own.release();
  });
});
