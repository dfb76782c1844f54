import { availableParallelism } from "node:os";
import { AssetError } from "../core/errors.js";

export type Sharp = typeof import("sharp").default;

/** libuv runs sharp's work on four threads unless told otherwise; one of them is left for files and host names. */
const MOST_AT_ONCE = 3;

/** How many pictures are worked on at the same time: one per core, as long as other work is not held up. */
export function picturesAtOnce(): number {
  return Math.min(availableParallelism(), MOST_AT_ONCE);
}

/** Loads sharp at the first call, for so many pictures at once, as {@link loadSharp} does. */
export function sharpOnDemand(pictures = picturesAtOnce()): () => Promise<Sharp> {
  let loading: Promise<Sharp> | undefined;
  return () => {
    loading ??= loadSharp(pictures);
    return loading;
  };
}

/**
 * Loads the optional package sharp and sets it up for a long-lived process: nothing cached, and no more threads than
 * there are cores when `pictures` are worked on at once. Throws NOT_INSTALLED with how to install sharp where it is
 * missing or has no build for this platform.
 */
export async function loadSharp(pictures: number): Promise<Sharp> {
  const { default: sharp } = await import("sharp").catch((cause: unknown) => {
    throw missingSharp(cause);
  });
  if (!isSupported(sharp.versions.sharp)) throw missingSharp();
  sharp.cache(false);
  sharp.concurrency(Math.max(1, Math.floor(availableParallelism() / pictures)));
  return sharp;
}

/** From 0.35.4 on: what is older has a known hole (CVE-2026-84383), or does not know every option of the recipe. */
function isSupported(version: string | undefined): boolean {
  const [major = 0, minor = 0, patch = 0] = (version ?? "")
    .split(".")
    .map((part) => Number.parseInt(part, 10));
  return major > 0 || minor > 35 || (minor === 35 && patch >= 4);
}

function missingSharp(cause?: unknown): AssetError {
  return new AssetError(
    "NOT_INSTALLED",
    "Processing pictures needs the package sharp (0.35.4 or newer), which is not installed alongside this server or not for this platform",
    "install it where webflow-assets-mcp is installed (npm install sharp@^0.35.4, with -g if the server was installed " +
      "with -g) and restart the server, or send a picture that is small enough already without optimize",
    { cause },
  );
}
