import { visit } from "jsonc-parser";

/**
 * The required keys; the version is not one of them. Lottie Animation Community: "Lottie specification", Animation,
 * https://lottie.github.io/lottie-spec/latest/specs/composition/
 */
const REQUIRED_NUMBERS = ["fr", "ip", "op", "w", "h"];
const REQUIRED_ARRAY = "layers";

/** Longer than the name of any file, in characters. */
const LONGEST_NAME = 10_000;
/** Deeper than any file that a program writes. */
const MOST_LEVELS = 1_000;

/** What a JSON text turned out to be; `externalImages` names the pictures that the animation does not contain. */
export type Json =
  | { readonly is: "lottie"; readonly externalImages: readonly string[] }
  | { readonly is: "json" };

/** Ends the reading of a text that is not JSON. */
class NotJson extends Error {}

/**
 * Distinguishes Lottie animations from other JSON by the keys that every one has; undefined if `text` is not JSON
 * (RFC 8259), or is nested deeper than 1,000 levels.
 */
export function inspectJson(text: string): Json | undefined {
  if (!/^\s*[{[]/.test(text)) return undefined;
  try {
    const { kinds, externalImages } = readOutline(text);
    const isLottie =
      kinds.get(REQUIRED_ARRAY) === "array" && REQUIRED_NUMBERS.every((name) => kinds.get(name) === "number");
    return isLottie ? { is: "lottie", externalImages } : { is: "json" };
  } catch (error) {
    if (error instanceof NotJson) return undefined;
    throw error;
  }
}

/**
 * What the members of the outermost object are, and the pictures that its assets name. The values are not built, since
 * those of a file may take forty times its size in memory. Of members with the same name the last one counts.
 */
function readOutline(text: string) {
  const kinds = new Map<string, string>();
  let externalImages: string[] = [];
  let levels = 0;
  let member = "";
  let asset: Record<string, unknown> = {};
  let assetMember = "";

  function note(kind: string, value?: unknown): void {
    if (levels === 1) {
      kinds.set(member, kind);
      if (member === "assets") externalImages = [];
    } else if (levels === 2) {
      asset = {};
      assetMember = "";
    } else if (levels === 3) asset[assetMember] = value;
  }

  function begin(kind: string): void {
    note(kind);
    levels += 1;
    if (levels > MOST_LEVELS) throw new NotJson();
  }

  function end(): void {
    levels -= 1;
    if (levels === 2 && member === "assets" && kinds.get(member) === "array") {
      externalImages.push(...externalImage(asset));
    }
  }

  visit(
    text,
    {
      onObjectBegin: () => begin("object"),
      onArrayBegin: () => begin("array"),
      onObjectEnd: end,
      onArrayEnd: end,
      onObjectProperty(name) {
        if (levels === 1) member = name;
        if (levels === 3) assetMember = name;
      },
      onLiteralValue: (value: unknown) => note(typeof value, value),
      onError() {
        throw new NotJson();
      },
    },
    { disallowComments: true },
  );
  return { kinds, externalImages };
}

/** https://lottie.github.io/lottie-spec/latest/specs/assets/ ("Image"): a file beside the animation, or a data: URI. */
function externalImage({ p: path, e: isEmbedded }: Readonly<Record<string, unknown>>): string[] {
  if (typeof path !== "string" || path.length > LONGEST_NAME || /^data:/i.test(path)) return [];
  return isEmbedded === 1 ? [] : [path.slice(path.lastIndexOf("/") + 1)];
}
