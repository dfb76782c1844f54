import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { createParticipants } from "../../../src/webflow/rate-limit/participants.js";

let directory: string;
let clock: number;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "participants-"));
  clock = Date.now();
});

afterEach(() => rm(directory, { recursive: true, force: true }));

function participant() {
  return createParticipants(join(directory, "token"), () => clock);
}

/** Asks until it says so; a look is taken in the background. */
async function expectCount(of: ReturnType<typeof participant>, wanted: number): Promise<void> {
  await expect
    .poll(() => {
      clock += 1_000;
      return of.count();
    })
    .toBe(wanted);
}

test("a process alone counts itself", async () => {
  await expectCount(participant(), 1);
});

test("processes that call with the same token find each other", async () => {
  const [one, other] = [participant(), participant()];
  other.count();
  await expectCount(one, 2);
});

test("a process that left is not counted any more", async () => {
  const [one, other] = [participant(), participant()];
  other.count();
  await expectCount(one, 2);
  await other.leave();
  await expectCount(one, 1);
});

test("a process that was killed is not counted after a while", async () => {
  const [one, other] = [participant(), participant()];
  other.count();
  await expectCount(one, 2);
  clock += 15_000;
  await expectCount(one, 1);
});

test("other files in the directory are neither counted nor removed", async () => {
  const one = participant();
  one.count();
  await expect.poll(() => readdir(join(directory, "token"))).toHaveLength(1);
  await writeFile(join(directory, "token", "notes.txt"), "");
  clock += 3_600_000;
  await expectCount(one, 1);
  expect(await readdir(join(directory, "token"))).toContain("notes.txt");
});

test("a directory that cannot be made is no failure", async () => {
  await writeFile(join(directory, "token"), "");
  const one = participant();
  await expectCount(one, 1);
  await one.leave();
});
