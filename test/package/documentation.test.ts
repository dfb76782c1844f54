import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import * as z from "zod";
import { ERROR_CODES } from "../../src/core/errors.js";
import { TOOLS } from "../../src/tools/catalog.js";

const PAGES = execFileSync("git", ["ls-files", "-co", "--exclude-standard", "*.md"], { encoding: "utf8" })
  .split("\n")
  .filter((file) => file !== "" && existsSync(file));
/** Named in skills already, and not there yet. */
const AWAITED: string[] = [];
const SKILLS = PAGES.filter((file) => file.endsWith("/SKILL.md"));

/** The anchors that GitHub gives the headings of a page. */
function anchorsOf(text: string): string[] {
  return [...withoutCode(text).matchAll(/^#+ (.+)$/gm)].map(([, heading = ""]) =>
    heading
      .replace(/\[([^\]]*)\]\([^)]*\)/g, "$1")
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\s_-]/gu, "")
      .replaceAll(" ", "-"),
  );
}

function withoutCode(text: string): string {
  return text.replace(/^```.*?^```/gms, "");
}

/** Links and pictures to files of this repository, and to places within them. */
function linksOf(text: string): string[] {
  const prose = withoutCode(text);
  const inline = [
    ...prose.matchAll(/\]\(([^)\s]+)\)/g),
    ...prose.matchAll(/ (?:src|srcset|href)="([^"]+)"/g),
  ];
  return inline.map(([, link = ""]) => link).filter((link) => !/^[a-z]+:/i.test(link));
}

describe("the documentation", () => {
  it.each(PAGES)("has in %s no link to a file or a heading that is not there", (page) => {
    const broken = linksOf(readFileSync(page, "utf8")).filter((link) => {
      const [path = "", anchor] = link.split("#");
      const file = path === "" ? page : join(dirname(page), path);
      if (!existsSync(file)) return !AWAITED.includes(file);
      return anchor !== undefined && !anchorsOf(readFileSync(file, "utf8")).includes(anchor);
    });
    expect(broken).toEqual([]);
  });

  it("has a README of at most 250 lines, whose first 40 show, say and start it", () => {
    const lines = readFileSync("README.md", "utf8").split("\n");
    expect(lines.length).toBeLessThanOrEqual(250);
    const first = lines.slice(0, 40).join("\n");
    for (const part of ["<picture>", "npm run demo", "| what you can say |", "Uploaded files are public"]) {
      expect(first).toContain(part);
    }
  });

  it("names in README every variable that the server reads", () => {
    const source = readFileSync("src/cli/config.ts", "utf8");
    const names = new Set(source.match(/\b(?:WEBFLOW_[A-Z_]+|SITE_ID)\b/g));
    const readme = readFileSync("README.md", "utf8");
    expect([...names].filter((name) => !readme.includes(`\`${name}\``))).toEqual([]);
  });
});

/** Every name that may stand in a skill as code: tools, their arguments and results at any depth, and error codes. */
function knownNames(): Set<string> {
  const schemas = TOOLS.flatMap(({ input, output }) => [input, output ?? z.object({})]);
  const keys = schemas.flatMap((schema) => [
    ...JSON.stringify(z.toJSONSchema(schema, { io: "input", unrepresentable: "any" })).matchAll(
      /"(\w+)":\{|"(\w+)"/g,
    ),
  ]);
  return new Set([
    ...TOOLS.map(({ name }) => name),
    ...ERROR_CODES,
    ...keys.map(([, property, value]) => property ?? value ?? ""),
  ]);
}

describe.each(SKILLS)("the skill %s", (file) => {
  const text = readFileSync(file, "utf8");
  const codes = [...text.matchAll(/`([^`\n]+)`/g)].map(([, code = ""]) => code);

  it("has the name of its directory, says when to use it, and is at most 60 lines", () => {
    const [, name, description = ""] = /^---\nname: (.+)\ndescription: (.+)\n/.exec(text) ?? [];
    expect(name).toBe(file.split("/").at(-2));
    expect(description).toContain("Use ");
    expect(description.length).toBeLessThanOrEqual(1024);
    expect(text.trimEnd().split("\n").length).toBeLessThanOrEqual(60);
  });

  it("calls tools by their names, with arguments that they have", () => {
    const calls = codes.flatMap((code) => {
      const [, name, inner] = /^(\w+) \{(.*)\}$/.exec(code) ?? [];
      return name === undefined ? [] : [{ name, keys: [...(inner ?? "").matchAll(/(\w+)(?=:|,|$)/g)] }];
    });
    expect(calls.length).toBeGreaterThan(0);
    const wrong = calls.flatMap(({ name, keys }) => {
      const tool = TOOLS.find((known) => known.name === name);
      if (!tool) return [name];
      const schema = JSON.stringify(z.toJSONSchema(tool.input, { io: "input", unrepresentable: "any" }));
      return keys.flatMap(([, key = ""]) =>
        /^\d+$|^(true|false)$/.test(key) || schema.includes(`"${key}"`) ? [] : [`${name}.${key}`],
      );
    });
    expect(wrong.filter((name) => !AWAITED.includes(name))).toEqual([]);
  });

  it("uses as code no name that the tools do not have", () => {
    const known = knownNames();
    const words = codes.filter((code) => /^\w+$/.test(code));
    expect(words.filter((word) => !known.has(word) && !AWAITED.includes(word))).toEqual([]);
  });
});
