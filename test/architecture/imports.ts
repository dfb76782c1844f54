import { readdirSync, readFileSync } from "node:fs";
import { dirname, relative, resolve } from "node:path";

/** One TypeScript file of `src/`, by its path from there (`uploads/batch/jobs.ts`), and the files that it imports. */
export interface SourceModule {
  readonly path: string;
  readonly lines: number;
  readonly imports: readonly string[];
}

const IMPORT = /\b(?:from|import)\s*\(?\s*"(\.[^"]+)"/g;

/** Every module of a source directory, with its relative imports resolved; type imports count, too. */
export function readModules(directory: string): SourceModule[] {
  return readdirSync(directory, { recursive: true, encoding: "utf8" })
    .filter((path) => path.endsWith(".ts"))
    .map((path) => path.replaceAll("\\", "/"))
    .sort()
    .map((path) => {
      const text = readFileSync(resolve(directory, path), "utf8");
      const imports = [...text.matchAll(IMPORT)].map(([, specifier = ""]) =>
        relative(directory, resolve(directory, dirname(path), specifier))
          .replaceAll("\\", "/")
          .replace(/\.js$/, ".ts"),
      );
      return { path, lines: text.split("\n").length - 1, imports: imports.filter(isInside) };
    });
}

function isInside(path: string): boolean {
  return path.endsWith(".ts") && !path.startsWith("..");
}

/** The room of a module: the first folder of its path, or `main` for a file that lies loose in `src/`. */
export function roomOf(path: string): string {
  return path.includes("/") ? (path.split("/")[0] ?? "") : "main";
}

/** The paths of the first circle of imports that is found, or undefined. */
export function findCircle(modules: readonly SourceModule[]): string[] | undefined {
  const byPath = new Map(modules.map((module) => [module.path, module]));
  const finished = new Set<string>();

  function visit(path: string, trail: readonly string[]): string[] | undefined {
    if (trail.includes(path)) return [...trail.slice(trail.indexOf(path)), path];
    if (finished.has(path)) return undefined;
    for (const next of byPath.get(path)?.imports ?? []) {
      const circle = visit(next, [...trail, path]);
      if (circle) return circle;
    }
    finished.add(path);
    return undefined;
  }

  for (const { path } of modules) {
    const circle = visit(path, []);
    if (circle) return circle;
  }
  return undefined;
}

/** Pairs of folders that import each other, as `a <-> b`. */
export function findTwoWayFolders(modules: readonly SourceModule[]): string[] {
  const arrows = new Set<string>();
  for (const { path, imports } of modules) {
    for (const imported of imports) arrows.add(`${dirname(path)} -> ${dirname(imported)}`);
  }
  return [...arrows].flatMap((arrow) => {
    const [from = "", to = ""] = arrow.split(" -> ");
    return from < to && arrows.has(`${to} -> ${from}`) ? [`${from} <-> ${to}`] : [];
  });
}
