import { describe, expect, it } from "vitest";
import { withoutLongValues } from "../../../src/files/markup/long-values.js";

const path = (length: number): string => "M10,20 l-3.5e+4\nz".repeat(length).slice(0, length);
const data = (length: number): string => "iVBORw0KGgo/+A \n".repeat(length).slice(0, length);

describe("a document without its long values", () => {
  it.each(['"', "'"])("has the beginning of a long path between %s", (quote) => {
    const of = (value: string): string => `<path d=${quote}${value}${quote} fill=${quote}red${quote}/>`;
    expect(withoutLongValues(of(path(1_000)))).toBe(of(path(100)));
    expect(withoutLongValues(of(path(5_000)))).toBe(of(path(100)));
  });

  it("has all of a value that is shorter than a thousand characters", () => {
    const text = `<a b="x"/>${" ".repeat(2_000)}<path d="${path(999)}"/>`;
    expect(withoutLongValues(text)).toBe(text);
  });

  it.each(["", "=", "=="])("has no data of embedded pictures, which end in %j", (padding) => {
    const of = (value: string): string => `<image href="data:image/png;base64,${value}"/>`;
    expect(withoutLongValues(of(data(1_000) + padding))).toBe(of(""));
  });

  it("has the rest of each value, whatever is around it", () => {
    const [long, short] = [path(3_000), path(100)];
    const text = (value: string): string => `<a d="${value}"/><b c="x=y"/><path d='${value}'/>é`;
    expect(withoutLongValues(text(long))).toBe(text(short));
  });

  it.each([
    ["a path with an equals sign", `${path(2_000)}=`],
    ["a path with an entity", `${path(2_000)}&a;`],
    ["a path with a bracket", `${path(2_000)}<`],
    ["data with another character", `data:image/png;base64,${data(2_000)}&`],
    ["data with an equals sign in it", `data:image/png;base64,${data(1_000)}=${data(1_000)}`],
    ["data that end in three equals signs", `data:image/png;base64,${data(2_000)}===`],
  ])("has all of a long value that may hold more: %s", (_, value) => {
    const text = `<a b="${value}"/>`;
    expect(withoutLongValues(text)).toBe(text);
  });

  it("is the same text where it has no quotes", () => {
    expect(withoutLongValues("")).toBe("");
    expect(withoutLongValues(path(5_000))).toBe(path(5_000));
    expect(withoutLongValues(`<a b="${path(5_000)}`)).toBe(`<a b="${path(5_000)}`);
  });
});
