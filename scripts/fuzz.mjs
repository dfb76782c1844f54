import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { parseArgs } from "node:util";
import { loadTypeScript } from "./load-typescript.mjs";

/*
 * `npm run fuzz`: mutates files of every kind through the built server, and reports what costs it over 2 s of the
 * processor (its optimizer's process apart) or 300 MB, what it does not answer, and what ends it.
 * `npm run fuzz -- --seed 7 --minutes 1` repeats a run. Linux only, because it reads /proc. Not part of CI.
 */

const MOST_CPU_SECONDS = 2;
const MOST_BYTES = 300 * 1024 * 1024;
const ANSWER_MS = 60_000;
const TICKS_PER_SECOND = 100;

const { values } = parseArgs({
  options: { seed: { type: "string", default: "1" }, minutes: { type: "string", default: "10" } },
});
const random = randomFrom(Number(values.seed));
const seeds = await seedFiles();
const directory = mkdtempSync(join(tmpdir(), "fuzz-"));
const endsAt = Date.now() + Number(values.minutes) * 60_000;
const outcomes = new Map();
let findings = 0;
let files = 0;

let server = await startServer();
while (Date.now() < endsAt) {
  const [name, seed] = pick(seeds);
  const bytes = mutated(seed);
  const path = join(directory, `${files}-${name}`);
  writeFileSync(path, bytes);
  files += 1;
  const before = server.cpuSeconds();
  const optimize = random() < 0.3;
  const outcome = await server.judge(path, optimize);
  outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
  const cpuSeconds = server.cpuSeconds() - before;
  const isFinding =
    outcome === "ended" ||
    outcome === "no answer" ||
    outcome === "INTERNAL" ||
    cpuSeconds > MOST_CPU_SECONDS ||
    server.peakBytes() > MOST_BYTES;
  if (!isFinding) {
    rmSync(path);
    continue;
  }
  findings += 1;
  const megabytes = Math.round(server.peakBytes() / 1e6);
  console.log(
    `${path}: ${outcome}, ${cpuSeconds.toFixed(1)} s, ${megabytes} MB${optimize ? ", optimize" : ""}`,
  );
  server.end();
  server = await startServer();
}
server.end();
console.log(`${files} files, ${findings} findings`, Object.fromEntries(outcomes));
if (findings === 0) rmSync(directory, { recursive: true });
process.exit(findings === 0 ? 0 : 1);

/** A file of each kind by its name, friendly and hostile ones. */
async function seedFiles() {
  const friendly = await loadTypeScript("test/builders/bytes.ts");
  const hostile = await loadTypeScript("test/builders/hostile-files.ts");
  const { default: sharp } = await import("sharp");
  const picture = sharp({ create: { width: 64, height: 48, channels: 3, background: "teal" } });
  const formats = ["jpeg", "png", "webp", "avif", "tiff", "gif"];
  const exif = { IFD0: { Make: "Maker" }, IFD3: { GPSLatitudeRef: "N", GPSLatitude: "48/1 51/1 30/1" } };
  const pictures = await Promise.all(
    formats.map(async (format) => [
      `picture.${format}`,
      await picture.clone().withExif(exif).toFormat(format).toBuffer(),
    ]),
  );
  const [, jpeg] = pictures[0];
  return [
    ...pictures,
    ["document.pdf", friendly.pdfBytes(500)],
    ["document.docx", friendly.officeBytes()],
    ["document.odt", friendly.openDocumentBytes("text")],
    ["document.doc", friendly.compoundFileBytes(["WordDocument", "1Table"])],
    ["animation.json", friendly.lottieJson()],
    ["animation.lottie", friendly.dotLottieBytes()],
    ["image.svg", friendly.svgBytes('<a href="https://example.com"><style>@import "x"</style></a>')],
    ["image.bmp", friendly.bmpBytes()],
    ["table.csv", Buffer.from("a;b\n1;2\n")],
    ["page.html", friendly.htmlBytes()],
    ["claims.docx", hostile.zipWithClaimedEntries()],
    ["often.docx", hostile.zipOfOneNameOften(2_000)],
    ["tags.svg", hostile.svgOfWrongEndTags(500)],
    ["entities.svg", hostile.svgOfOpenEntities(2_000)],
    ["sectors.doc", hostile.compoundFileOfOneSmallSector(200)],
    ["texts.png", hostile.pngOfPackedTexts(20)],
    ["circle.jpg", hostile.jpegOfCircularExif(jpeg, 60)],
  ];
}

/** One to eight changes: bytes flipped, cut, doubled, moved, or numbers set to the ends of their range. */
function mutated(seed) {
  let bytes = Buffer.from(seed);
  for (let changes = 1 + below(8); changes > 0 && bytes.length > 8; changes -= 1) {
    const at = below(bytes.length - 4);
    const length = 1 + below(Math.min(bytes.length - at, 4_096));
    const part = bytes.subarray(at, at + length);
    switch (below(6)) {
      case 0:
        bytes[at] = below(256);
        break;
      case 1:
        bytes.writeUInt32LE(pick([0, 1, 0x7fffffff, 0x80000000, 0xfffffffe, 0xffffffff]), at);
        break;
      case 2:
        bytes.writeUInt16BE(pick([0, 1, 0x7fff, 0xffff]), at);
        break;
      case 3:
        bytes = Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + length)]);
        break;
      case 4:
        bytes = Buffer.concat([
          bytes.subarray(0, at),
          ...Array(1 + below(500)).fill(part),
          bytes.subarray(at),
        ]);
        break;
      default:
        bytes = Buffer.concat([bytes, part]);
    }
    if (bytes.length > 3_000_000) bytes = bytes.subarray(0, 3_000_000);
  }
  return bytes;
}

async function startServer() {
  const child = spawn(process.execPath, ["dist/main.js", "--demo", directory], {
    env: { PATH: process.env.PATH, HOME: directory, WEBFLOW_LOG_LEVEL: "silent" },
    stdio: ["pipe", "pipe", "ignore"],
  });
  const waiting = new Map();
  let id = 0;
  const ended = new Promise((resolve) => {
    child.on("exit", () => resolve({ ended: true }));
  });
  createInterface({ input: child.stdout }).on("line", (line) => {
    const message = JSON.parse(line);
    waiting.get(message.id)?.(message);
  });
  child.stdin.on("error", () => {});
  const request = (method, params) => {
    id += 1;
    const answer = new Promise((resolve) => {
      waiting.set(id, resolve);
    });
    const late = new Promise((resolve) => {
      setTimeout(resolve, ANSWER_MS, { late: true }).unref();
    });
    child.stdin.write(`${JSON.stringify({ jsonrpc: "2.0", id, method, params })}\n`);
    return Promise.race([answer, ended, late]);
  };
  const clientInfo = { name: "fuzz", version: "1" };
  await request("initialize", { protocolVersion: "2025-06-18", capabilities: {}, clientInfo });
  child.stdin.write(`${JSON.stringify({ jsonrpc: "2.0", method: "notifications/initialized" })}\n`);
  await request("tools/call", { name: "listFolders", arguments: {} });
  return {
    async judge(source, optimize) {
      const call = { name: "uploadAsset", arguments: { source, optimize, dryRun: true } };
      const { ended: hasEnded, late, result } = await request("tools/call", call);
      if (hasEnded) return "ended";
      if (late) return "no answer";
      return result.isError ? (/^\[(\w+)\]/.exec(result.content[0].text)?.[1] ?? "?") : "planned";
    },
    cpuSeconds() {
      const fields = proc(child.pid, "stat")
        .replace(/^.*\) /s, "")
        .split(" ");
      return (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND || 0;
    },
    peakBytes: () => Number(/VmHWM:\s+(\d+) kB/.exec(proc(child.pid, "status"))?.[1] ?? 0) * 1024,
    end: () => child.stdin.end(),
  };
}

function proc(pid, file) {
  try {
    return readFileSync(`/proc/${pid}/${file}`, "utf8");
  } catch {
    return "";
  }
}

function pick(list) {
  return list[below(list.length)];
}

function below(limit) {
  return Math.floor(random() * limit);
}

/** Mulberry32: the same numbers for the same seed. */
function randomFrom(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}
