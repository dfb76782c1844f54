import { describe, expect, it } from "vitest";
import type { Logger } from "../../../src/core/logger.js";
import { logOddities, odditiesOf } from "../../../src/webflow/data-api/oddities.js";

const READ = { id: "1", size: 5, altText: undefined };

describe("what does not match Webflow's documentation in an answer", () => {
  it.each([
    ["a field that could not be read", { id: "1", size: 5, altText: [] }, [".altText"]],
    ["a field that is null, which is documented", { id: "1", size: 5, altText: null }, []],
    ["a field that is absent", { id: "1", size: 5 }, []],
    ["a field that was read", { id: "1", size: "5" }, []],
    ["a field that Webflow added", { id: "1", size: 5, added: true }, []],
    ["a record whose id was not kept", { id: 7 }, [".id"]],
    ["something that is no record", "text", [""]],
  ])("is told by its path: %s", (_, record, fields) => {
    const answer = { assets: [{ id: "0" }, record], pagination: { total: 2 } };
    const read = { entries: [{ id: "0" }, READ], unreadable: 0 };
    expect(odditiesOf(answer, read)).toEqual(fields.map((field) => `assets.1${field}`));
  });

  it("is looked for in every list of the answer that was read, and nowhere else", () => {
    expect(odditiesOf({ a: [5], b: [5], c: 5 }, { a: [], b: [], c: [] })).toEqual(["a.0", "b.0"]);
    expect(odditiesOf({ a: [5] }, { a: 5 })).toEqual([]);
    expect(odditiesOf([5], { a: [] })).toEqual([]);
    expect(odditiesOf({ a: [5] }, undefined)).toEqual([]);
    expect(odditiesOf({ a: [{ id: "1", size: "x" }] }, { a: [null, { id: "1", size: undefined }] })).toEqual([
      "a.0.size",
    ]);
  });

  it("is logged once for each path, and not for more of them than a reader needs", () => {
    const lines: string[] = [];
    const log = { info: (line: string) => lines.push(line) } as unknown as Logger;
    logOddities(["oddities.0.size", "oddities.1.size", "oddities.0.size"], log);
    logOddities(["oddities.1.size"], log);
    expect(lines).toEqual([
      "oddities.0.size is not what Webflow documents; it was left out",
      "oddities.1.size is not what Webflow documents; it was left out",
    ]);
    const many = Array.from({ length: 100 }, (_, index) => `oddities.${index}.altText`);
    logOddities(many, log);
    expect(lines.length).toBeLessThanOrEqual(50);
    const before = lines.length;
    logOddities(["oddities.100.size"], log);
    expect(lines.length).toBe(before);
  });
});
