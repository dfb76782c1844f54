import { spawnSync } from "node:child_process";
import {
  mkdtempSync,
  readdirSync,
  renameSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
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

  it("a claim of bytes of a process that has ended counts no more", async () => {
    await take();
    const [name = ""] = readdirSync(directory);
    const { pid } = spawnSync(process.execPath, ["--version"]);
    renameSync(join(directory, name), join(directory, name.replace(`.${process.pid}-`, `.${pid}-`)));
    const own = await take();
    expect(await own.isShared()).toBe(false);
    expect(readdirSync(directory)).toHaveLength(1);
  });

  it("a claim of bytes of hours ago counts no more, and is removed", async () => {
    const own = await take();
    await take();
    const then = Date.now() / 1000 - 3 * HOUR;
    for (const name of readdirSync(directory)) utimesSync(join(directory, name), then, then);
    expect(await own.isShared()).toBe(false);
    expect(readdirSync(directory)).toHaveLength(1);
  });

  it("a claim of bytes of almost two hours ago counts", async () => {
    const own = await take();
    await take();
    const then = Date.now() / 1000 - 2 * HOUR + 60;
    for (const name of readdirSync(directory)) utimesSync(join(directory, name), then, then);
    expect(await own.isShared()).toBe(true);
  });

  it.skipIf(process.platform === "win32")(
    "is its owner's alone, and one that is gone while it is looked at counts not",
    async () => {
      const own = await take();
      const [name = ""] = readdirSync(directory);
      expect(statSync(join(directory, name)).mode & 0o777).toBe(0o600);
      symlinkSync(join(directory, "gone"), join(directory, name.replace(/-.*/, "-0123456789ab")));
      expect(await own.isShared()).toBe(false);
      expect(await (await take()).isShared()).toBe(true);
    },
  );

  it("a claim of bytes of hours ago is removed with the first claim of a process, whatever its bytes, and nothing else", async () => {
    const [old, young] = [await take(), await take("1".repeat(32))];
    const [name = ""] = readdirSync(directory);
    const others = ["notes.txt", `x${name}`, `${name}.txt`];
    for (const one of others) writeFileSync(join(directory, one), "");
    const then = Date.now() / 1000 - 3 * HOUR;
    for (const one of [name, ...others]) utimesSync(join(directory, one), then, then);
    await take("2".repeat(32));
    expect(readdirSync(directory)).toEqual(expect.arrayContaining(others));
    expect(readdirSync(directory)).toHaveLength(5);
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
