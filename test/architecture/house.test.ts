import { readFileSync } from "node:fs";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { findCircle, findTwoWayFolders, readModules, roomOf, type SourceModule } from "./imports.js";

/** Rooms by floor, bottom up: a room imports rooms of lower floors only. */
const FLOORS = [
  ["core", "contract", "emulator"],
  ["gallery"],
  ["webflow", "files", "references", "demo"],
  ["sources", "pictures", "folders"],
  ["inspection"],
  ["cli", "library"],
  ["uses"],
  ["uploads"],
  ["sync"],
  ["service"],
  ["tools"],
  ["server"],
  ["main"],
];
/** Rooms that do not belong to the server: they are as large as what they stand for. */
const BESIDE_THE_SERVER = ["emulator", "gallery", "demo"];
const LARGEST_ROOM = 0.15;
const MOST_LOOSE_FILES = 16;

const SOURCES = fileURLToPath(new URL("../../src", import.meta.url));
const modules = readModules(SOURCES);

test("every room of src has its floor", () => {
  expect([...new Set(modules.map(({ path }) => roomOf(path)))].filter((room) => floorOf(room) < 0)).toEqual(
    [],
  );
});

test("imports lead to the same room or to a lower floor", () => {
  const upward = modules.flatMap(({ path, imports }) =>
    imports
      .filter((imported) => roomOf(imported) !== roomOf(path))
      .filter((imported) => floorOf(roomOf(imported)) >= floorOf(roomOf(path)))
      .map((imported) => `${path} -> ${imported}`),
  );
  expect(upward).toEqual([]);
});

test("no file imports itself in a circle", () => {
  expect(findCircle(modules)).toBeUndefined();
});

test("no two folders import each other", () => {
  expect(findTwoWayFolders(modules)).toEqual([]);
});

test("no room of the server holds over 15 % of the server's lines", () => {
  const server = modules.filter(({ path }) => !BESIDE_THE_SERVER.includes(roomOf(path)));
  const total = countLines(server);
  const large = [...new Set(server.map(({ path }) => roomOf(path)))].filter(
    (room) => countLines(server.filter(({ path }) => roomOf(path) === room)) > total * LARGEST_ROOM,
  );
  expect(large).toEqual([]);
});

test("no folder has over 16 files lying loose in it", () => {
  const folders = [...new Set(modules.map(({ path }) => dirname(path)))];
  const crowded = folders.filter(
    (folder) => modules.filter(({ path }) => dirname(path) === folder).length > MOST_LOOSE_FILES,
  );
  expect(crowded).toEqual([]);
});

test("only the server and the demo's client know the MCP SDK, and only one file knows webflow-api", () => {
  expect(importersOf("@modelcontextprotocol/sdk").filter((path) => !/^(server|demo)\//.test(path))).toEqual(
    [],
  );
  expect(importersOf("webflow-api")).toEqual(["webflow/data-api/sdk.ts"]);
});

test("foreign bytes are examined only in the inspector's thread and the optimizer's process", () => {
  const looks = ["files/detect-type.ts", "pictures/metadata/private-data.ts", "pictures/picture-format.ts"];
  const rooms = ["files", "pictures", "inspection", "emulator", "gallery"];
  const elsewhere = modules.filter(
    ({ path, imports }) =>
      !rooms.includes(roomOf(path)) && imports.some((imported) => looks.includes(imported)),
  );
  expect(elsewhere.map(({ path }) => path)).toEqual([]);
});

test("CONTRIBUTING lists every room of src", () => {
  const page = readFileSync(fileURLToPath(new URL("../../CONTRIBUTING.md", import.meta.url)), "utf8");
  const rooms = [...new Set(modules.map(({ path }) => roomOf(path)))].filter((room) => room !== "main");
  expect(rooms.filter((room) => !page.includes(`| \`src/${room}/\``))).toEqual([]);
});

test("a circle, a two-way pair of folders and an upward import are found when there is one", () => {
  const broken: SourceModule[] = [
    { path: "a/one.ts", lines: 1, imports: ["b/two.ts"] },
    { path: "b/two.ts", lines: 1, imports: ["a/three.ts"] },
    { path: "a/three.ts", lines: 1, imports: ["a/one.ts"] },
  ];
  expect(findCircle(broken)).toEqual(["a/one.ts", "b/two.ts", "a/three.ts", "a/one.ts"]);
  expect(findTwoWayFolders(broken)).toEqual(["a <-> b"]);
});

function floorOf(room: string): number {
  return FLOORS.findIndex((rooms) => rooms.includes(room));
}

function countLines(of: readonly SourceModule[]): number {
  return of.reduce((sum, { lines }) => sum + lines, 0);
}

function importersOf(name: string): string[] {
  const pattern = new RegExp(`(?:from|import)\\s*\\(?\\s*"${name}[/"]`);
  return modules
    .map(({ path }) => path)
    .filter((path) => pattern.test(readFileSync(`${SOURCES}/${path}`, "utf8")));
}
