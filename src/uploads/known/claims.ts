import { createHash, randomBytes } from "node:crypto";
import { mkdir, readdir, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";

/** Which bytes the processes of this machine are bringing to which site at the moment. */
export interface Claims {
  /** Claims these bytes. Resolves when the others can see it; what cannot be written protects nobody and costs nothing. */
  take(siteId: string, md5: string): Promise<Claim>;
}

export interface Claim {
  /** Whether another process is at work on the same bytes: Webflow gives both of them the same record. */
  isShared(): Promise<boolean>;
  release(): Promise<void>;
}

/** No upload waits longer than its form is valid, nor an outage that it sits out much longer than that. */
const STALE_AFTER_MS = 2 * 3_600_000;
const CLAIM_NAME = /^[0-9a-f]{32}\.\d+-[0-9a-f]{12}$/;

/** Claims that are an empty file each in `directory`, named after the bytes and the process. */
export function createClaims(directory: string): Claims {
  let made: Promise<unknown> | undefined;

  async function isStale(name: string): Promise<boolean> {
    const { mtimeMs } = await stat(join(directory, name));
    return Date.now() - mtimeMs >= STALE_AFTER_MS;
  }

  /** Whether a claim still counts; one that does not is removed. */
  async function counts(name: string): Promise<boolean> {
    const pid = Number(/\.(\d+)-/.exec(name)?.[1]);
    if (!(await isStale(name)) && isAlive(pid)) return true;
    await rm(join(directory, name));
    return false;
  }

  /** Removes what killed processes left behind; by its age alone, since those of another container are not seen from here. */
  async function tidy(): Promise<void> {
    const names = (await readdir(directory)).filter((one) => CLAIM_NAME.test(one));
    for (const name of names)
      if (await isStale(name).catch(() => false)) await rm(join(directory, name), { force: true });
  }

  async function isSharedBeside(own: string, bytes: string): Promise<boolean> {
    const others = (await readdir(directory)).filter((name) => name.startsWith(`${bytes}.`) && name !== own);
    const verdicts = await Promise.all(others.map((name) => counts(name).catch(() => false)));
    return verdicts.includes(true);
  }

  return {
    async take(siteId, md5) {
      const bytes = createHash("sha256").update(`${siteId}/${md5}`).digest("hex").slice(0, 32);
      const own = `${bytes}.${process.pid}-${randomBytes(6).toString("hex")}`;
      made ??= mkdir(directory, { recursive: true, mode: 0o700 }).then(tidy);
      await made.then(() => writeFile(join(directory, own), "", { mode: 0o600 })).catch(() => {});
      return {
        isShared: () => isSharedBeside(own, bytes).catch(() => false),
        release: () => rm(join(directory, own)).catch(() => {}),
      };
    },
  };
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
}

/** For a claim that nobody else can see. */
export const UNSHARED: Claim = { isShared: async () => false, release: async () => {} };

/** For those who are alone. */
export const NO_CLAIMS: Claims = { take: async () => UNSHARED };
