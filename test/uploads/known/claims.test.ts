import { spawnSync } from "node:child_process";
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeEach, expect, test } from "vitest";
import { createClaims } from "../../../src/uploads/known/claims.js";

const SITE = "b".repeat(24);
const MD5 = "0".repeat(32);
const HOUR = 3_600;

let directory: string;

beforeEach(() => {
  directory = join(mkdtempSync(join(tmpdir(), "claims-")), "uploads");
});

/** As another process on this machine would. */
function take(md5 = MD5) {
  return createClaims(directory).take(SITE, md5);
}

function age(hours: number, ...paths: string[]): void {
  const then = Date.now() / 1000 - hours * HOUR;
  for (const path of paths) utimesSync(path, then, then);
}

/** The path of the one directory that there is, and of the one claim in it. */
function onlyClaim(): { process: string; claim: string } {
  const process = join(directory, readdirSync(directory)[0] ?? "");
  return { process, claim: join(process, readdirSync(process)[0] ?? "") };
}

test("a claim of bytes is shared with whoever else has claimed the same bytes, until that is released", async () => {
  const own = await take();
  expect(await own.isShared()).toBe(false);
  const other = await take();
  expect([await own.isShared(), await other.isShared()]).toEqual([true, true]);
  await other.release();
  expect(await own.isShared()).toBe(false);
});

test("a claim of bytes that comes while others are looked for is seen by whoever asks after it", async () => {
  const own = await take();
  const { process: ownDirectory } = onlyClaim();
  await take();
  const [theirs = ""] = readdirSync(directory).filter((name) => join(directory, name) !== ownDirectory);
  const aside = join(directory, "..", theirs);
  renameSync(join(directory, theirs), aside);
  const before = own.isShared();
  for (let turn = 0; turn < 3; turn += 1) await Promise.resolve();
  renameSync(aside, join(directory, theirs));
  expect(await own.isShared()).toBe(true);
  await before;
});

test("a claim of bytes is not shared with claims of other bytes, or of another site", async () => {
  const own = await take();
  await take("1".repeat(32));
  await createClaims(directory).take("c".repeat(24), MD5);
  expect(await own.isShared()).toBe(false);
});

test("a claim of bytes of a process that has ended counts no more", async () => {
  await take();
  const { process: left } = onlyClaim();
  const { pid } = spawnSync(process.execPath, ["--version"]);
  renameSync(left, left.replace(`${process.pid}-`, `${pid}-`));
  const own = await take();
  expect(await own.isShared()).toBe(false);
});

test("a claim of bytes of hours ago counts no more", async () => {
  await take();
  const { claim } = onlyClaim();
  age(3, claim);
  expect(await (await take()).isShared()).toBe(false);
});

test("a claim of bytes of almost two hours ago counts", async () => {
  await take();
  const { claim } = onlyClaim();
  age(2 - 1 / 60, claim);
  expect(await (await take()).isShared()).toBe(true);
});

test.skipIf(process.platform === "win32")("a claim of bytes is its owner's alone", async () => {
  await take();
  const { process: left, claim } = onlyClaim();
  expect(statSync(left).mode & 0o777).toBe(0o700);
  expect(statSync(claim).mode & 0o777).toBe(0o700);
});

test("a process leaves nothing behind when all of its claims are released", async () => {
  const claims = createClaims(directory);
  const [first, second] = [await claims.take(SITE, MD5), await claims.take(SITE, "1".repeat(32))];
  await first.release();
  expect(readdirSync(directory)).toHaveLength(1);
  await second.release();
  expect(readdirSync(directory)).toEqual([]);
});

test("a claim of bytes can be seen, although the directory of its process is removed whenever nothing is claimed", async () => {
  const claims = createClaims(directory);
  const other = await take();
  for (let round = 0; round < 30; round += 1) {
    const before = await claims.take(SITE, "1".repeat(32));
    const released = before.release();
    // At every moment of the release, sooner or later.
    for (let turn = 0; turn < round % 10; turn += 1) await new Promise(setImmediate);
    const claim = await claims.take(SITE, MD5);
    expect(await other.isShared()).toBe(true);
    await Promise.all([released, claim.release()]);
  }
});

test("a claim of bytes can be seen after somebody removed the directory with the claim before it", async () => {
  const claims = createClaims(directory);
  const lost = await claims.take(SITE, "1".repeat(32));
  rmSync(directory, { recursive: true });
  await lost.release();
  await claims.take(SITE, MD5);
  expect(await (await take()).isShared()).toBe(true);
});

test("a claim of bytes of hours ago is removed with the first claim of a process, and nothing else", async () => {
  await take();
  const { process: old } = onlyClaim();
  const others = ["notes.txt", `x${old.slice(directory.length + 1)}`];
  for (const one of others) mkdirSync(join(directory, one));
  writeFileSync(join(directory, "file.txt"), "");
  age(3, old, ...[...others, "file.txt"].map((one) => join(directory, one)));
  await take("2".repeat(32));
  expect(readdirSync(directory)).toEqual(expect.arrayContaining([...others, "file.txt"]));
  expect(readdirSync(directory)).toHaveLength(4);
  expect(readdirSync(directory)).not.toContain(old.slice(directory.length + 1));
});

test("a claim of bytes stops nobody where it cannot be written", async () => {
  const claims = createClaims(join(process.execPath, "no-directory"));
  const own = await claims.take(SITE, MD5);
  expect(await own.isShared()).toBe(false);
  await own.release();
});
