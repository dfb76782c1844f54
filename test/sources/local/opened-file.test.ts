import { createHook } from "node:async_hooks";
import {
  chmodSync,
  linkSync,
  readdirSync,
  readlinkSync,
  renameSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { open as openFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { sourceOf } from "../../../src/sources/local/file-path.js";
import { type LocalSourceOptions, readLocalSource } from "../../../src/sources/local/local-source.js";
import { locateAllowed, openAllowedFile } from "../../../src/sources/local/open-allowed-file.js";
import { makeTree } from "../../builders/file-tree.js";
import { codeOf } from "../../builders/outcome.js";

let tree: ReturnType<typeof makeTree>;
let allowed: { given: string; real: string }[];
const at = (name: string): string => join(tree.root, name);

beforeEach(() => {
  tree = makeTree({
    "allowed/photo.txt": "content",
    "allowed/other.txt": "other",
    "outside/secret.txt": "secret",
    "second/only.txt": "second",
  });
  allowed = [at("allowed"), at("second")].map((path) => ({ given: path, real: path }));
});
afterEach(() => {
  vi.restoreAllMocks();
  tree.remove();
});

async function open(path: string): Promise<string> {
  const { handle } = await openAllowedFile(path, allowed);
  const content = await handle.readFile("utf8");
  await handle.close();
  return content;
}

/** Where the kernel does not tell where an open file lies; `meddle` acts after it was opened and before it is looked for. */
function withoutKernel(meddle: () => void = () => {}): void {
  let isMeddled = false;
  vi.spyOn(process, "platform", "get").mockImplementation(() => {
    // Whatever else asks for the platform meanwhile, the file is open when this function does.
    if (!isMeddled && new Error().stack?.includes("isHandleAllowed")) {
      isMeddled = true;
      meddle();
    }
    return "freebsd";
  });
}

/** How many requests `work` makes of the file system. */
async function countingRequests(work: () => Promise<void>): Promise<number> {
  let count = 0;
  const hook = createHook({
    init(_id, type) {
      if (type === "FSREQPROMISE") count += 1;
    },
  }).enable();
  await work().finally(() => hook.disable());
  return count;
}

/** How many open files of this process are that one, where the kernel tells. */
function timesOpen(path: string): number {
  if (process.platform !== "linux") return 0;
  const targets = readdirSync("/proc/self/fd").map((fd) => {
    try {
      return readlinkSync(`/proc/self/fd/${fd}`);
    } catch {
      return "";
    }
  });
  return targets.filter((target) => target === path).length;
}

describe("an opened file", () => {
  it("an opened file that lies in an allowed directory is given", async () => {
    expect(await open(at("allowed/photo.txt"))).toBe("content");
  });

  it("an opened file that lies outside is refused, and closed", async () => {
    expect(await codeOf(open(at("outside/secret.txt")))).toBe("SOURCE_NOT_ALLOWED");
    expect(timesOpen(at("outside/secret.txt"))).toBe(0);
  });

  it("an opened file that is not there any more is not found", async () => {
    expect(await codeOf(open(at("allowed/gone.txt")))).toBe("SOURCE_NOT_FOUND");
    expect(await codeOf(open(at("allowed/photo.txt/gone.txt")))).toBe("SOURCE_NOT_FOUND");
  });

  it("an opened file that has a second name on the disk is refused, because it may come from elsewhere, and closed", async () => {
    linkSync(at("outside/secret.txt"), at("allowed/second-name.txt"));
    await expect(open(at("allowed/second-name.txt"))).rejects.toMatchObject({
      code: "SOURCE_NOT_ALLOWED",
      message: expect.stringContaining("second-name.txt has more than one name"),
      next: expect.stringContaining("plain copy"),
    });
    expect(timesOpen(at("allowed/second-name.txt"))).toBe(0);
  });

  it("an opened file that is a directory, or no file at all, is refused with what to give instead", async () => {
    await expect(open(at("allowed"))).rejects.toMatchObject({
      code: "SOURCE_NOT_ALLOWED",
      message: "The source is a directory",
      next: expect.stringContaining("syncFolder"),
    });
    symlinkSync(at("allowed/photo.txt"), at("allowed/link.txt"));
    await expect(open(at("allowed/link.txt"))).rejects.toMatchObject({
      code: "SOURCE_NOT_ALLOWED",
      message: "The source is not a regular file",
      next: expect.stringContaining("a regular file"),
    });
  });

  it.runIf(process.platform !== "win32")(
    "an opened file that nobody may read is refused with whom to ask",
    async () => {
      chmodSync(tree.root, 0o755);
      chmodSync(at("allowed/photo.txt"), 0);
      const isRoot = process.geteuid?.() === 0;
      if (isRoot) process.seteuid?.("nobody");
      const opened = await open(at("allowed/photo.txt")).catch((error: unknown) => error);
      if (isRoot) process.seteuid?.(0);
      expect(opened).toMatchObject({
        code: "SOURCE_NOT_ALLOWED",
        message: expect.stringContaining("no permission to read"),
        next: expect.stringContaining("ask the user"),
      });
    },
  );

  it("an opened file that the system refuses for any other reason is refused", async () => {
    await expect(open(at(`allowed/${"x".repeat(300)}`))).rejects.toMatchObject({
      code: "SOURCE_NOT_ALLOWED",
      message: expect.stringContaining("only from the allowed directories"),
    });
  });
});

describe("an opened file, where only its path can be asked for where it lies,", () => {
  it("is given when it is still there", async () => {
    withoutKernel();
    expect(await open(at("allowed/photo.txt"))).toBe("content");
  });

  it("is refused when it lies outside", async () => {
    withoutKernel();
    expect(await codeOf(open(at("outside/secret.txt")))).toBe("SOURCE_NOT_ALLOWED");
  });

  it("is refused when its path leads to another file by now", async () => {
    withoutKernel(() => renameSync(at("allowed/other.txt"), at("allowed/photo.txt")));
    expect(await codeOf(open(at("allowed/photo.txt")))).toBe("SOURCE_NOT_ALLOWED");
  });

  it("is refused when its path leads to it, but outside", async () => {
    withoutKernel(() => {
      renameSync(at("allowed/photo.txt"), at("outside/photo.txt"));
      symlinkSync(at("outside/photo.txt"), at("allowed/photo.txt"));
    });
    expect(await codeOf(open(at("allowed/photo.txt")))).toBe("SOURCE_NOT_ALLOWED");
  });

  it("is refused when its path leads nowhere by now", async () => {
    withoutKernel(() => rmSync(at("allowed/photo.txt")));
    expect(await codeOf(open(at("allowed/photo.txt")))).toBe("SOURCE_NOT_ALLOWED");
  });
});

describe("the file that is located", () => {
  it("is the first that exists, in the order of the directories", async () => {
    const candidates = [at("allowed/only.txt"), at("second/only.txt")];
    expect(await locateAllowed(candidates, allowed)).toBe(at("second/only.txt"));
  });

  it("finds a file that is there without listing the directories on its way", async () => {
    const deep = makeTree({ "a/b/c/d/e/photo.txt": "content" });
    const directories = [{ given: deep.root, real: deep.root }];
    const requests = await countingRequests(async () => {
      const path = join(deep.root, "a/b/c/d/e/photo.txt");
      expect(await locateAllowed([path], directories)).toBe(path);
    });
    deep.remove();
    expect(requests).toBe(1);
  });

  it("is none, with the directories that were looked in, where nothing exists", async () => {
    await expect(locateAllowed([at("allowed/none.txt")], allowed)).rejects.toMatchObject({
      code: "SOURCE_NOT_FOUND",
      next: expect.stringContaining(`${at("allowed")}, ${at("second")}`),
    });
  });

  it("is none for a pattern, which is pointed to the tool that takes patterns", async () => {
    await expect(locateAllowed([at("allowed/*.txt")], allowed)).rejects.toMatchObject({
      code: "SOURCE_NOT_FOUND",
      next: expect.stringContaining("include"),
    });
  });

  it("is refused where no directory is allowed", async () => {
    expect(await codeOf(locateAllowed([], []))).toBe("SOURCE_NOT_ALLOWED");
  });

  it("is found by another spelling only where one name alone is spelled so", async () => {
    writeFileSync(at("allowed/a\u00a0b.txt"), "");
    expect(await locateAllowed([at("allowed/a b.txt")], allowed)).toBe(at("allowed/a\u00a0b.txt"));
    writeFileSync(at("allowed/a\u202fb.txt"), "");
    expect(await codeOf(locateAllowed([at("allowed/a b.txt")], allowed))).toBe("SOURCE_NOT_FOUND");
  });

  it("is refused where a link in an allowed directory leads out, whether or not there is anything", async () => {
    symlinkSync(at("outside"), at("allowed/out"));
    symlinkSync(at("nowhere"), at("allowed/dangling"));
    for (const path of ["out/secret.txt", "out/none.txt", "out/none/none.txt", "dangling", "dangling/x.txt"])
      expect(await codeOf(locateAllowed([at(`allowed/${path}`)], allowed))).toBe("SOURCE_NOT_ALLOWED");
  });

  it("is not told apart from nothing behind another spelling of a link that leads out", async () => {
    symlinkSync(at("outside"), at("allowed/a\u00a0b"));
    for (const path of ["a b/secret.txt", "a b/none.txt"])
      expect(await codeOf(locateAllowed([at(`allowed/${path}`)], allowed))).toBe("SOURCE_NOT_FOUND");
  });

  it("is none below a file", async () => {
    expect(await codeOf(locateAllowed([at("allowed/photo.txt/x.txt")], allowed))).toBe("SOURCE_NOT_FOUND");
  });

  it("may be reached by a link from outside, and by none to the outside", async () => {
    symlinkSync(at("allowed"), at("way-in"));
    symlinkSync(at("outside"), at("way-out"));
    expect(await locateAllowed([at("way-in/photo.txt")], allowed)).toBe(at("allowed/photo.txt"));
    expect(await codeOf(locateAllowed([at("way-out/secret.txt")], allowed))).toBe("SOURCE_NOT_ALLOWED");
    expect(await codeOf(locateAllowed([at("way-in/none.txt")], allowed))).toBe("SOURCE_NOT_ALLOWED");
  });
});

describe("a local source", () => {
  function read(path: string, changes: Partial<LocalSourceOptions> = {}) {
    const { signal } = new AbortController();
    return readLocalSource(path, { directories: allowed, maxBytes: 100, signal, ...changes });
  }

  it("is read whole, with its path as its origin, and closed", async () => {
    const file = await read("photo.txt");
    expect(file).toMatchObject({ name: "photo.txt", origin: at("allowed/photo.txt"), notes: [] });
    expect(String(file.bytes)).toBe("content");
    expect(timesOpen(at("allowed/photo.txt"))).toBe(0);
  });

  it.each(["", "x", "xy"])("is read whole where it is as short as %j", async (content) => {
    writeFileSync(at("allowed/short.txt"), content);
    expect(String((await read("short.txt")).bytes)).toBe(content);
  });

  it.each([
    [Object.assign(new Error("i/o"), { code: "EIO" }), "from the disk (EIO)"],
    [new Error("i/o"), "from the disk"],
    [{ code: "EIO" }, "from the disk"],
  ])("is told with what helps where the disk does not give its bytes: %o", async (error, told) => {
    const handle = await openFile(at("allowed/photo.txt"));
    vi.spyOn(Object.getPrototypeOf(handle), "read").mockRejectedValue(error);
    await handle.close();
    await expect(read("photo.txt")).rejects.toMatchObject({
      code: "DOWNLOAD_FAILED",
      message: expect.stringMatching(new RegExp(`${told.replace(/[()]/g, "\\$&")}$`)),
      next: expect.stringContaining("available offline"),
    });
    expect(timesOpen(at("allowed/photo.txt"))).toBe(0);
  });

  it("is refused by its size before anything is admitted", async () => {
    const admit = vi.fn(async () => {});
    expect(await codeOf(read("photo.txt", { maxBytes: 6, admit }))).toBe("FILE_TOO_LARGE");
    expect(admit).not.toHaveBeenCalled();
    expect(String((await read("photo.txt", { maxBytes: 7 })).bytes)).toBe("content");
  });

  it.each([
    ["its time", () => utimesSync(at("allowed/photo.txt"), 1, 1)],
    [
      "its size, but not its time",
      () => {
        utimesSync(at("allowed/photo.txt"), 1, 1);
        writeFileSync(at("allowed/photo.txt"), "shorter".slice(1));
        utimesSync(at("allowed/photo.txt"), 1, 1);
      },
    ],
  ])("is told as changed when %s did while it was read", async (what, change) => {
    if (what.startsWith("its size")) utimesSync(at("allowed/photo.txt"), 1, 1);
    expect(await codeOf(read("photo.txt", { admit: async () => change() }))).toBe("SOURCE_CHANGED");
  });

  it.runIf(process.platform === "linux")("may have a name that is not UTF-8, which is told", async () => {
    const path = Buffer.concat([Buffer.from(at("allowed/gr")), Buffer.from([0xfc, 0x6e])]);
    writeFileSync(path, "green");
    expect(await read(sourceOf(path))).toMatchObject({
      name: "grün",
      origin: "grün",
      notes: ['Its name on the disk is not UTF-8; it was read as "grün".'],
    });
  });
});
