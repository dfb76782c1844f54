import { expect, test } from "vitest";
import { createLogger } from "../../src/core/logger.js";

const TOKEN = "wf_0123456789abcdef";

function logged(
  write: (log: ReturnType<typeof createLogger>) => void,
  level: "info" | "silent" = "info",
): string[] {
  const lines: string[] = [];
  write(createLogger(level, [TOKEN, "short"], (line) => lines.push(line)));
  return lines;
}

test("the token never reaches a line, wherever and however often it occurs in a message", () => {
  const [line = ""] = logged((log) => log.error(`Bearer ${TOKEN}, again ${TOKEN}`));
  expect(line).not.toContain(TOKEN);
  expect(line).toContain("Bearer [redacted], again [redacted]");
});

test("the token is hidden in the lines of a call, too", () => {
  expect(logged((log) => log.child("a1").info(TOKEN)).join()).not.toContain(TOKEN);
});

test("the token is hidden with characters in it that nobody sees, too", () => {
  expect(logged((log) => log.info([...TOKEN].join("\u200b"))).join()).toContain("[redacted]");
});

test("words that are too short to be a secret are left in place", () => {
  expect(logged((log) => log.info("a short word")).join()).toContain("a short word");
});

test("a message is one line, whatever line breaks are in it", () => {
  const lines = logged((log) => log.info("one\r\ntwo\n\nthree"));
  expect(lines).toHaveLength(1);
  expect(lines[0]).toMatch(/ info one two three\n$/);
});

test("a message of megabytes is cut, and keeps its end", () => {
  const [line = ""] = logged((log) => log.info(`${"x".repeat(1_000_000)} Next: send less.`));
  expect(line.length).toBeLessThan(5_000);
  expect(line).toContain("Next: send less.");
});

test("the token is hidden in a message that is cut within it", () => {
  const half = "x".repeat(1_990);
  expect(logged((log) => log.info(`${half}${TOKEN}${half}${half}`)).join()).not.toContain(TOKEN.slice(0, 10));
});

test("a level below the threshold writes nothing", () => {
  expect(logged((log) => log.debug("detail"))).toEqual([]);
  expect(logged((log) => log.error("trouble"), "silent")).toEqual([]);
});
