import { createHash, randomBytes } from "node:crypto";
import { mkdir, readdir, rm, rmdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { errorCode } from "../../core/errors.js";

/** Which bytes the processes of this machine are bringing to which site at the moment. */
export interface Claims {
  /** Resolves when the others can see the claim; what cannot be written protects nobody and costs nothing. */
  take(siteId: string, md5: string): Promise<Claim>;
}

export interface Claim {
  /** Whether another process is at work on the same bytes: Webflow gives both of them the same record. */
  isShared(): Promise<boolean>;
  release(): Promise<void>;
}

/** No upload waits longer than its form is valid, nor an outage that it sits out much longer than that. */
const STALE_AFTER_MS = 2 * 3_600_000;
const PROCESS_NAME = /^(\d+)-[0-9a-f]{12}$/;

/**
 * Each process has a sub-directory of `directory` while it claims something, named after its id, and an empty one in
 * that for each claim, named after the bytes: unlike a file, it is made in one step. A process claims the same bytes
 * once at a time.
 */
export function createClaims(directory: string): Claims {
  const ownName = `${process.pid}-${randomBytes(6).toString("hex")}`;
  const ownDirectory = join(directory, ownName);
  let held = 0;
  let made: Promise<unknown> | undefined;
  let removed: Promise<unknown> = Promise.resolve();
  let tidied: Promise<void> | undefined;

  /** The look under way, and the next one, for all who ask before it begins: a batch asks after each of its files. */
  let looking: Promise<unknown> = Promise.resolve();
  let nextLook: Promise<string[]> | undefined;

  function namesOfOthers(): Promise<string[]> {
    nextLook ??= looking.then(() => {
      nextLook = undefined;
      const look = readdir(directory);
      looking = look.catch(() => {});
      return look.then((names) => names.filter((name) => name !== ownName && PROCESS_NAME.test(name)));
    });
    return nextLook;
  }

  /** Removes what killed processes left, by its age alone: those of another container are not seen from here. */
  async function tidy(): Promise<void> {
    const paths = (await namesOfOthers()).map((name) => join(directory, name));
    for (const path of paths) if (!(await isRecent(path))) await rm(path, { recursive: true, force: true });
  }

  async function write(path: string): Promise<void> {
    made ??= removed.then(() => mkdir(ownDirectory, { recursive: true, mode: 0o700 }));
    await made;
    await mkdir(path, { mode: 0o700 });
    tidied ??= tidy().catch(() => {});
    await tidied;
  }

  async function remove(path: string): Promise<void> {
    held -= 1;
    // Somebody may have removed it with the whole directory, which the next claim then makes again.
    await rmdir(path).catch(() => {});
    if (held > 0) return;
    made = undefined;
    removed = rmdir(ownDirectory).catch(() => {});
    await removed;
  }

  async function isClaimedByOthers(bytes: string): Promise<boolean> {
    const alive = (await namesOfOthers()).filter(isAlive);
    const claims = await Promise.all(alive.map((name) => isRecent(join(directory, name, bytes))));
    return claims.includes(true);
  }

  return {
    async take(siteId, md5) {
      const bytes = createHash("sha256").update(`${siteId}/${md5}`).digest("hex").slice(0, 32);
      const path = join(ownDirectory, bytes);
      held += 1;
      await write(path).catch(() => {});
      return {
        isShared: () => isClaimedByOthers(bytes).catch(() => false),
        release: () => remove(path).catch(() => {}),
      };
    },
  };
}

/** Whether something is there, and no older than an upload may take. */
async function isRecent(path: string): Promise<boolean> {
  const modified = await stat(path).then(
    ({ mtimeMs }) => mtimeMs,
    () => Number.NEGATIVE_INFINITY,
  );
  return Date.now() - modified < STALE_AFTER_MS;
}

function isAlive(name: string): boolean {
  const [, pid] = PROCESS_NAME.exec(name) ?? [];
  try {
    return process.kill(Number(pid), 0);
  } catch (error) {
    return errorCode(error) === "EPERM";
  }
}

/** For a claim that nobody else can see. */
export const UNSHARED: Claim = { isShared: async () => false, release: async () => {} };

/** For those who are alone. */
export const NO_CLAIMS: Claims = { take: async () => UNSHARED };
