import { execFileSync } from "node:child_process";
import { truncateSync } from "node:fs";
import { createServer, type Server } from "node:net";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type AssetError, type ErrorCode, formatError } from "../../../src/core/errors.js";
import { checkFile } from "../../../src/files/check-file.js";
import { createAllowedDirectories } from "../../../src/sources/local/directories-in-use.js";
import { createSourceReader, type SourceReader } from "../../../src/sources/source-reader.js";
import { htmlBytes, isoMediaBytes, pngBytes, zipBytes } from "../../builders/bytes.js";
import { callContext } from "../../builders/call.js";
import { makeTree } from "../../builders/file-tree.js";
import { codeOf } from "../../builders/outcome.js";
import { patient } from "../../slowness.js";

const SECRET = "the secret that must not leave";
const MAX_MS = patient(2_000);

const tree = makeTree({
  "allowed/photo.png": pngBytes(),
  "allowed/sub/photo.png": pngBytes(),
  "allowed/.env": SECRET,
  "allowed/.photo.png": SECRET,
  "allowed/.ssh/id_rsa.png": SECRET,
  "allowed/sub/.git/photo.png": SECRET,
  "allowed/directory.png": "directory",
  "allowed/link-file.png": { symlink: "../secret.png" },
  "allowed/link-twice.png": { symlink: "link-file.png" },
  "allowed/link-directory": { symlink: "../outside" },
  "allowed/link-root": { symlink: "/" },
  "allowed/sub/link-up": { symlink: "../.." },
  "allowed/link-dot.png": { symlink: ".env" },
  "allowed/link-dot-directory": { symlink: ".ssh" },
  "allowed/link-nowhere.png": { symlink: "../nothing.png" },
  "allowed/link-loop.png": { symlink: "link-loop.png" },
  "allowed/link-environ.png": { symlink: "/proc/self/environ" },
  "allowed/link-zero.png": { symlink: "/dev/zero" },
  "allowed/link-tty.png": { symlink: "/dev/tty" },
  "allowed/empty.png": "",
  "allowed/sparse.png": "",
  "allowed/huge.pdf": "",
  "allowed/secret-named.png": SECRET,
  "allowed/secret-named.jpg": `#!/bin/sh\n${SECRET}`,
  "allowed/secret-named.pdf": SECRET,
  "allowed/secret-named.svg": `${SECRET}<svg/>`,
  "allowed/secret-named.json": JSON.stringify({ secret: SECRET }),
  "allowed/secret-named.docx": zipBytes({ secret: SECRET }),
  "allowed/secret-named.gif": Buffer.from(`\x7fELF\x02\x01\x01${SECRET}`, "latin1"),
  "allowed/secret-named.webp": Buffer.from(`SQLite format 3\0${SECRET}`, "latin1"),
  "allowed/key.txt": `-----BEGIN RSA PRIVATE KEY-----\n${SECRET}`,
  "allowed/key.csv": `\n-----BEGIN PRIVATE KEY-----\n${SECRET}`,
  "allowed/key.pem": SECRET,
  "allowed/id_rsa": SECRET,
  "allowed/page.png": htmlBytes(),
  "allowed/program.exe": Buffer.from(`MZ\x90\0\x03${SECRET}`, "latin1"),
  "allowed/clip.mp4": isoMediaBytes("mp42"),
  "allowed/style.css": "a { color: red }",
  "allowed/script.js": "alert(1)",
  "allowed-evil/photo.png": SECRET,
  "allowed.bak/photo.png": SECRET,
  "allowe/photo.png": SECRET,
  "outside/photo.png": SECRET,
  "secret.png": SECRET,
  "allowed/hard.png": { hardLink: "secret.png" },
  "home/photo.png": SECRET,
  "home/.ssh/id_rsa": SECRET,
});
const root = join(tree.root, "allowed");

let reader: SourceReader;
let socket: Server;

beforeAll(async () => {
  truncateSync(join(root, "sparse.png"), 1024 * 1024);
  truncateSync(join(root, "huge.pdf"), 40 * 1024 ** 3);
  execFileSync("mkfifo", [join(root, "fifo.png")]);
  socket = createServer();
  await new Promise<void>((resolve) => socket.listen(join(root, "socket.png"), resolve));
  reader = createSourceReader({
    allowedDirectories: createAllowedDirectories([root]),
    urlHosts: [],
    homeDirectory: join(tree.root, "home"),
  });
});

afterAll(async () => {
  socket.close();
  await reader.close();
  tree.remove();
});

async function readAndJudge(source: string): Promise<unknown> {
  return checkFile(await reader.read(source, callContext()));
}

const WAYS_OUT: string[] = [
  "../secret.png",
  "./../secret.png",
  "sub/../../secret.png",
  "sub/../../allowed-evil/photo.png",
  "../allowed-evil/photo.png",
  "..",
  "../..",
  "../../../../../../../../etc/passwd",
  ".../secret.png",
  "..\\secret.png",
  `${root}/../secret.png`,
  `${root}/sub/../../secret.png`,
  `${root}//..//secret.png`,
  `${root}-evil/photo.png`,
  `${root}.bak/photo.png`,
  root.slice(0, -1).concat("/photo.png"),
  `${tree.root}/secret.png`,
  `${tree.root}/outside/photo.png`,
  `${tree.root}/outside/no-such-file.png`,
  tree.root,
  "/",
  "/etc/passwd",
  "/etc/shadow",
  "/etc/no-such-file",
  "//etc/passwd",
  "//server/share/photo.png",
  "/proc/self/environ",
  "/proc/self/fd/0",
  "/proc/self/cwd/package.json",
  "/proc/1/root/etc/passwd",
  "/dev/zero",
  "/dev/random",
  "/dev/stdin",
  "/dev/fd/0",
  "/dev/tty",
  "/sys/kernel/notes",
  "~",
  "~/photo.png",
  "~/.ssh/id_rsa",
  "~/../secret.png",
  "~/no-such-file.png",
  "\\\\server\\share\\photo.png",
  "\\\\?\\C:\\Windows\\win.ini",
  "\\\\.\\pipe\\secret",
  "C:\\Windows\\win.ini",
  "c:/Windows/win.ini",
  "file:///etc/passwd",
  "FILE:///etc/passwd",
  " file:///etc/passwd",
  "file:/etc/passwd",
  "file://localhost/etc/passwd",
  "file:////server/share/photo.png",
  "file://server/share/photo.png",
  `file://server${root}/photo.png`,
  `file://${root}/../secret.png`,
  `file://${root}/%2e%2e/secret.png`,
  `file://${root}/%2E%2E/%2e%2e/etc/passwd`,
];

const HIDDEN: string[] = [
  ".env",
  "./.env",
  ".photo.png",
  ".ssh/id_rsa.png",
  ".ssh/no-such-file",
  "sub/.git/photo.png",
  `${root}/.env`,
  `file://${root}/.env`,
  `file://${root}/%2eenv`,
  "..%2fsecret.png",
];

const LINKS: string[] = [
  "link-file.png",
  "link-twice.png",
  "link-directory/photo.png",
  "link-directory/no-such-file.png",
  "link-directory/../secret.png/../../secret.png",
  "link-root/etc/passwd",
  `link-root${tree.root}/secret.png`,
  "sub/link-up/secret.png",
  "link-dot.png",
  "link-dot-directory/id_rsa.png",
  "link-nowhere.png",
  "link-loop.png",
  "link-environ.png",
  "link-zero.png",
  "link-tty.png",
  "hard.png",
];

const NO_FILES: string[] = [".", "sub", root, "directory.png", "fifo.png", "socket.png", `file://${root}`];

const NOT_THERE: string[] = [
  "no-such-file.png",
  "photo.png/photo.png",
  "%2e%2e/secret.png",
  "sub%2f..%2f..%2fsecret.png",
  "%2Fetc%2Fpasswd",
  "\u2024\u2024/secret.png",
  "\uff0e\uff0e/secret.png",
  "~root/photo.png",
  "x".repeat(300),
  `${"a/".repeat(1_000)}photo.png`,
];

const UNREADABLE: string[] = [
  "",
  "   ",
  "\0",
  "photo.png\0",
  "photo.png\0.txt",
  `${root}/photo.png\0/../../secret.png`,
  `file://${root}/photo.png%00.txt`,
  `file://${root}/..%2fsecret.png`,
  `file://${root}/photo.png?x=1`,
  `file://${root}/photo.png#x`,
  "../".repeat(100_000),
];

const CONTENT: [string, ErrorCode][] = [
  ["empty.png", "FILE_EMPTY"],
  ["sparse.png", "TYPE_MISMATCH"],
  ["huge.pdf", "FILE_TOO_LARGE"],
  ["secret-named.png", "TYPE_MISMATCH"],
  ["secret-named.jpg", "TYPE_MISMATCH"],
  ["secret-named.pdf", "TYPE_MISMATCH"],
  ["secret-named.svg", "TYPE_MISMATCH"],
  ["secret-named.json", "TYPE_MISMATCH"],
  ["secret-named.docx", "TYPE_MISMATCH"],
  ["secret-named.gif", "TYPE_MISMATCH"],
  ["secret-named.webp", "TYPE_MISMATCH"],
  ["key.txt", "TYPE_MISMATCH"],
  ["key.csv", "TYPE_MISMATCH"],
  ["key.pem", "TYPE_NOT_SUPPORTED"],
  ["id_rsa", "TYPE_NOT_SUPPORTED"],
  ["page.png", "TYPE_MISMATCH"],
  ["program.exe", "TYPE_NOT_SUPPORTED"],
  ["clip.mp4", "TYPE_NOT_SUPPORTED"],
  ["style.css", "TYPE_NOT_SUPPORTED"],
  ["script.js", "TYPE_NOT_SUPPORTED"],
];

function each(code: ErrorCode, sources: readonly string[]): [string, ErrorCode][] {
  return sources.map((source) => [source, code]);
}

const ATTACKS = [
  ...each("SOURCE_NOT_ALLOWED", [...WAYS_OUT, ...HIDDEN, ...LINKS, ...NO_FILES]),
  ...each("SOURCE_NOT_FOUND", NOT_THERE),
  ...each("INVALID_INPUT", UNREADABLE),
  ...CONTENT,
];

describe("a local source that must not be handed over", () => {
  it.each(ATTACKS.map(([source, code], index) => [index, source.slice(0, 60), code, source] as const))(
    "%i: %j is %s",
    async (_index, _shown, code, source) => {
      expect(await codeOf(readAndJudge(source))).toBe(code);
    },
    MAX_MS,
  );

  it("is refused in words that hold neither its content nor whether it exists", async () => {
    const messages = new Set<string>();
    for (const source of [
      "../secret.png",
      "../nothing.png",
      "link-file.png",
      "link-nowhere.png",
      "/etc/passwd",
    ]) {
      messages.add(await readAndJudge(source).then(String, (error: AssetError) => formatError(error)));
    }
    expect([...messages]).toEqual([expect.stringContaining(`(${root})`)]);
    expect([...messages].join()).not.toContain(SECRET);
  });

  it("is never shown when its name promised another type", async () => {
    for (const [source] of CONTENT) {
      const message = await readAndJudge(source).then(String, (error: AssetError) => formatError(error));
      expect(message).not.toContain(SECRET);
    }
  });

  it("is refused with the way to allow it when no directory is allowed", async () => {
    const closed = createSourceReader({ allowedDirectories: createAllowedDirectories([]), urlHosts: [] });
    await expect(closed.read(`${root}/photo.png`, callContext())).rejects.toMatchObject({
      code: "SOURCE_NOT_ALLOWED",
      next: expect.stringContaining("WEBFLOW_ASSET_DIRS"),
    });
    await closed.close();
  });
});
