import { mkdtemp, readdir, rm, stat, symlink, utimes, writeFile } from "node:fs/promises";
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

// What was begun in the background may still write.
afterEach(() => rm(directory, { recursive: true, force: true, maxRetries: 20, retryDelay: 20 }));

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

test("a process that left leaves no file, and one that takes part has one for its owner alone", async () => {
  const one = participant();
  one.count();
  const inDirectory = () => readdir(join(directory, "token"));
  await expect.poll(inDirectory).toHaveLength(1);
  const [name = ""] = await inDirectory();
  if (process.platform !== "win32") {
    expect((await stat(join(directory, "token", name))).mode & 0o777).toBe(0o600);
    expect((await stat(join(directory, "token"))).mode & 0o777).toBe(0o700);
  }
  await one.leave();
  expect(await inDirectory()).toEqual([]);
});

/** A participant in a directory of its own, of which its first look knows nobody else. */
async function aloneAtFirst() {
  const own = await mkdtemp(join(directory, "alone-"));
  const one = createParticipants(own, () => clock);
  one.count();
  await one.leave();
  return { one, own };
}

/** What a participant finds among files of these ages in seconds. */
async function lookAmong(ages: Record<string, number>) {
  const { one, own } = await aloneAtFirst();
  for (const [name, age] of Object.entries(ages)) {
    const file = join(own, name);
    await writeFile(file, "");
    await utimes(file, clock / 1_000 - age, clock / 1_000 - age);
  }
  clock += 1_000;
  one.count();
  await one.leave();
  return { count: one.count(), left: (await readdir(own)).sort() };
}

const NAME = "0123456789abcdef";
const OTHER = NAME.replace("0", "f");

test("a file of less than fifteen seconds counts, and an older one is kept for a while", async () => {
  expect(await lookAmong({ [NAME]: 13, [OTHER]: 15 })).toEqual({ count: 2, left: [NAME, OTHER] });
});

test("a file of more than two and a half minutes is removed", async () => {
  expect(await lookAmong({ [NAME]: 148, [OTHER]: 152 })).toEqual({ count: 1, left: [NAME] });
});

test("a file of another name is neither counted nor removed, however old it is", async () => {
  const names = [`${NAME}0`, `x${NAME}`];
  expect(await lookAmong(Object.fromEntries(names.map((name) => [name, 1])))).toEqual({
    count: 1,
    left: names,
  });
  expect((await lookAmong(Object.fromEntries(names.map((name) => [name, 200])))).left).toEqual(names);
});

test.skipIf(process.platform === "win32")(
  "a file that is gone while it is looked at counts not",
  async () => {
    const one = participant();
    one.count();
    await expect.poll(() => readdir(join(directory, "token"))).toHaveLength(1);
    await symlink(join(directory, "gone"), join(directory, "token", NAME));
    clock += 1_000;
    one.count();
    await one.leave();
    expect(one.count()).toBe(1);
  },
);

/** How many are known after steps of so many milliseconds, before each of which one more process has come. */
async function knownAfter(...steps: number[]) {
  const { one, own } = await aloneAtFirst();
  const known: number[] = [];
  for (const [index, step] of steps.entries()) {
    const file = join(own, NAME.replace("0", String(index)));
    clock += step;
    await writeFile(file, "");
    await utimes(file, clock / 1_000, clock / 1_000);
    one.count();
    // Awaits what is done in the background.
    await one.leave();
    known.push(one.count());
  }
  return known;
}

test("processes look for each other all the time at first, and once a second later", async () => {
  expect(await knownAfter(40, 39, 1)).toEqual([2, 2, 4]);
  expect(await knownAfter(1_000, 999, 1)).toEqual([2, 2, 4]);
});

test("a process that has not called for five seconds begins anew", async () => {
  expect(await knownAfter(1_000, 5_001, 40)).toEqual([2, 3, 4]);
  expect(await knownAfter(1_000, 5_000, 40)).toEqual([2, 3, 3]);
});

test("a process marks its presence every five seconds", async () => {
  const one = participant();
  one.count();
  const own = async () => {
    const [name = ""] = await readdir(join(directory, "token"));
    return (await stat(join(directory, "token", name))).mtimeMs;
  };
  await expect.poll(() => readdir(join(directory, "token"))).toHaveLength(1);
  const first = await expect.poll(own).toBeCloseTo(clock, -1).then(own);
  for (const [step, age] of [
    [4_999, 0],
    [1, 5_000],
  ] as const) {
    clock += step;
    one.count();
    await expect.poll(own).toBeCloseTo(first + age, -1);
  }
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
