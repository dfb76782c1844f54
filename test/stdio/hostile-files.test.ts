import { cp, mkdtemp, rename, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import sharp from "sharp";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  compoundFileOfOneSector,
  compoundFileOfOneSmallSector,
  FILES_OF_EMPTY_PARTS,
  jpegOfCircularExif,
  jsonNestedDeeply,
  jsonOfObjects,
  pngOfNestedNamespaces,
  pngOfPackedTexts,
  svgNestedDeeply,
  svgOfAttributes,
  svgOfElements,
  svgOfOneAttribute,
  svgOfOneLongDeclaration,
  svgOfOpenEntities,
  svgOfWrongEndTags,
  textOfOneInstruction,
  zipOfOneNameOften,
  zipWithClaimedEntries,
} from "../builders/hostile-files.js";
import { type ServerProcess, startServer } from "../builders/server-process.js";
import { patient } from "../slowness.js";

const MEGABYTE = 1024 * 1024;
/** What is used for starting is not counted. */
const MOST_CPU_SECONDS = 2;
const MOST_BYTES = 300 * MEGABYTE;

let directory: string;
let shared: ServerProcess;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "hostile-"));
  shared = await aServer();
});

afterAll(async () => {
  await shared.close();
  await rm(directory, { recursive: true });
});

async function aServer(script = "dist/main.js"): Promise<ServerProcess> {
  const server = startServer({
    command: [process.execPath, script],
    args: ["--demo", directory],
    env: { WEBFLOW_LOG_LEVEL: "error" },
  });
  await server.initialize();
  await server.call("listFolders", {});
  return server;
}

/** As it would be with a hole that nobody knows yet: its inspector spins on a file that says so. */
async function aServerThatSpins(): Promise<ServerProcess> {
  const copy = await mkdtemp(join(directory, "copy-"));
  await cp("dist", copy, { recursive: true });
  await writeFile(join(copy, "package.json"), '{ "type": "module" }');
  await rename(join(copy, "inspector.js"), join(copy, "real-inspector.js"));
  await writeFile(
    join(copy, "inspector.js"),
    `import { parentPort } from "node:worker_threads";
     parentPort.on("message", ({ bytes }) => { while (Buffer.from(bytes).includes("spin")); });
     await import("./real-inspector.js");`,
  );
  return aServer(join(copy, "main.js"));
}

/** What an upload that sends nothing says: `planned`, or the code of the error. */
async function judgedBy(server: ServerProcess, source: string): Promise<string> {
  const { result } = await server.request("tools/call", {
    name: "uploadAsset",
    arguments: { source, dryRun: true },
  });
  return result.isError
    ? (/^\[(\w+)\]/.exec(result.content[0].text)?.[1] ?? "no code")
    : result.structuredContent.status;
}

describe("a file that costs an unwary reader minutes or gigabytes", () => {
  it.each([
    [
      "a ZIP of 200 bytes that claims 4,294,967,280 entries",
      "a.docx",
      zipWithClaimedEntries,
      "TYPE_MISMATCH",
    ],
    ["a ZIP that names one entry 60,000 times", "a.docx", zipOfOneNameOften, "TYPE_MISMATCH"],
    ["an SVG of 5,000 wrong end tags", "a.svg", svgOfWrongEndTags, "TYPE_MISMATCH"],
    ["an SVG nested a million levels deep", "a.svg", svgNestedDeeply, "TYPE_MISMATCH"],
    ["an SVG of 40,000 entities that never end", "a.svg", svgOfOpenEntities, "planned"],
    ["a compound file of one large sector", "a.doc", compoundFileOfOneSector, "TYPE_MISMATCH"],
    ["a compound file of one small sector", "a.doc", compoundFileOfOneSmallSector, "TYPE_MISMATCH"],
    ["an SVG of one attribute of four megabytes", "a.svg", svgOfOneAttribute, "planned"],
    ["an SVG of a million elements", "a.svg", svgOfElements, "TYPE_MISMATCH"],
    ["a text of one instruction of nine megabytes", "a.txt", textOfOneInstruction, "planned"],
    ["an SVG of a declaration that never ends", "a.svg", svgOfOneLongDeclaration, "TYPE_MISMATCH"],
    ["an SVG of 300,000 attributes", "a.svg", svgOfAttributes, "TYPE_MISMATCH"],
    ["JSON of three million objects", "a.json", jsonOfObjects, "TYPE_MISMATCH"],
    ["JSON nested five million levels deep", "a.json", jsonNestedDeeply, "TYPE_MISMATCH"],
    ["a PNG whose texts unpack to gigabytes", "a.png", pngOfPackedTexts, "planned"],
    ["a PNG whose XMP opens 30,000 namespaces", "a.png", pngOfNestedNamespaces, "planned"],
  ])("is answered within seconds: %s", async (_, name, build, outcome) => {
    const source = join(directory, `${build.name}-${name}`);
    await writeFile(source, build());
    const before = shared.cpuSeconds();

    expect(await judgedBy(shared, source)).toBe(outcome);

    expect(shared.cpuSeconds() - before).toBeLessThan(MOST_CPU_SECONDS);
    expect(shared.peakBytes()).toBeLessThan(MOST_BYTES);
  });

  it.each(
    Object.entries(FILES_OF_EMPTY_PARTS),
  )("is read in one go: %s, made of a million empty parts", async (name, build) => {
    const source = join(directory, name);
    await writeFile(source, build());
    const before = shared.cpuSeconds();

    expect(await judgedBy(shared, source)).toBe("planned");

    expect(shared.cpuSeconds() - before).toBeLessThan(MOST_CPU_SECONDS);
    expect(shared.peakBytes()).toBeLessThan(MOST_BYTES);
  });

  it("is no pattern either: one of many stars is refused at once", async () => {
    await expect(
      shared.call("syncFolder", { directory, folder: "Mirror", include: ["*?*?*?*?*?*?*?*?Z"] }),
    ).rejects.toThrow("INVALID_INPUT");
  });

  it("is not decoded with what is wrong in it: a JPEG whose Exif leads to itself", async () => {
    const source = join(directory, "circle.jpg");
    const jpeg = await sharp({ create: { width: 8, height: 8, channels: 3, background: "teal" } })
      .jpeg()
      .toBuffer();
    await writeFile(source, jpegOfCircularExif(jpeg));
    const before = shared.cpuSeconds();
    const { status } = await shared.call("uploadAsset", { source, optimize: true, dryRun: true });
    expect(status).toBe("planned");
    expect(shared.cpuSeconds() - before).toBeLessThan(5);
  });

  it("keeps nobody else waiting: pings and other files are answered meanwhile", async () => {
    const server = await aServerThatSpins();
    const hostile = join(directory, "hostile.svg");
    const friendly = join(directory, "friendly.svg");
    await writeFile(hostile, "<svg>spin</svg>");
    await writeFile(friendly, '<svg xmlns="http://www.w3.org/2000/svg"/>');
    const order: string[] = [];

    const judging = judgedBy(server, hostile).then((outcome) => order.push(outcome));
    await server.request("ping");
    order.push(await judgedBy(server, friendly));
    await server.request("ping");
    order.push("pong");
    await judging;

    // It takes the whole time that a look may take, and is given up; on a busy machine, that is blamed.
    expect(order).toEqual(["planned", "pong", expect.stringMatching(/^(?:TYPE_MISMATCH|TIMED_OUT)$/)]);
    await server.close();
  });

  it.each(["end of input", "SIGTERM"] as const)(
    "does not hold up the end: %s",
    async (how) => {
      const server = await aServerThatSpins();
      const hostile = join(directory, `${how}.svg`);
      await writeFile(hostile, "<svg>spin</svg>");
      judgedBy(server, hostile).catch(() => {});
      await server.request("ping");

      if (how === "SIGTERM") server.child.kill("SIGTERM");
      else server.child.stdin.end();

      expect(await server.exited).toBe(0);
    },
    patient(10_000),
  );
});
