import { setTimeout as delay } from "node:timers/promises";
import { brotliCompressSync, gzipSync } from "node:zlib";
import type { EmulatorSwitches } from "../behaviour/switches.js";
import type { Reply } from "../http/exchange.js";

const LARGE = 12_000_000;
const LINE = `<!-- ${"-".repeat(90)} -->\n`;
const DRIP_BYTES = 16;
const DRIP_MS = 50;

/** The body of a page, given in two halves, as `pageBodies` has it. */
export function pageBody(
  [first, second]: readonly [string, string],
  how: EmulatorSwitches["pageBodies"],
): Reply["body"] {
  switch (how) {
    case "plain":
      return first + second;
    case "large":
      return first + LINE.repeat(Math.ceil(LARGE / LINE.length)) + second;
    case "endless":
      return endless(first);
    case "drip":
      return drip(first + second);
  }
}

/** Compresses a body for a client that accepts it. */
export function compressed(
  reply: Reply,
  acceptEncoding: string | undefined,
  how: EmulatorSwitches["siteCompression"],
): Reply {
  const { body } = reply;
  if (how === "none" || !acceptEncoding?.includes(how)) return reply;
  if (typeof body !== "string" && !Buffer.isBuffer(body)) return reply;
  const bytes = Buffer.from(body);
  return {
    ...reply,
    headers: { ...reply.headers, "content-encoding": how, vary: "Accept-Encoding" },
    body: how === "gzip" ? gzipSync(bytes) : brotliCompressSync(bytes),
  };
}

async function* endless(first: string): AsyncGenerator<Buffer> {
  yield Buffer.from(first);
  const block = Buffer.from(LINE.repeat(640));
  for (;;) yield block;
}

async function* drip(text: string): AsyncGenerator<Buffer> {
  const bytes = Buffer.from(text);
  for (let start = 0; start < bytes.length; start += DRIP_BYTES) {
    await delay(DRIP_MS);
    yield bytes.subarray(start, start + DRIP_BYTES);
  }
}
