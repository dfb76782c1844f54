import * as z from "zod";
import { parseJson } from "../../core/parse-json.js";

/**
 * The required keys; the version is not one of them. Lottie Animation Community: "Lottie specification", Animation,
 * https://lottie.github.io/lottie-spec/latest/specs/composition/
 */
const lottieAnimation = z.looseObject({
  fr: z.number(),
  ip: z.number(),
  op: z.number(),
  w: z.number(),
  h: z.number(),
  layers: z.array(z.unknown()),
  assets: z.array(z.unknown()).optional(),
});

const MOST_LEVELS = 1_000;

/** What a JSON text turned out to be; `externalImages` names the pictures that the animation does not contain. */
export type Json =
  | { readonly is: "lottie"; readonly externalImages: readonly string[] }
  | { readonly is: "json" };

/**
 * Distinguishes Lottie animations from other JSON by the keys that every one has; undefined if `text` is not JSON.
 * Anything nested deeper than 1,000 levels counts as not JSON: reading it takes many times its size in memory.
 */
export function inspectJson(text: string): Json | undefined {
  if (!/^\s*[{[]/.test(text) || isNestedDeeply(text)) return undefined;
  const json = parseJson(text);
  if (json === undefined) return undefined;
  const animation = lottieAnimation.safeParse(json);
  if (!animation.success) return { is: "json" };
  return { is: "lottie", externalImages: (animation.data.assets ?? []).flatMap(externalImage) };
}

/** https://lottie.github.io/lottie-spec/latest/specs/assets/ ("Image"): a file beside the animation, or a data: URI. */
function externalImage(asset: unknown): string[] {
  if (typeof asset !== "object" || asset === null || !("p" in asset) || typeof asset.p !== "string")
    return [];
  const isEmbedded = ("e" in asset && asset.e === 1) || /^data:/i.test(asset.p);
  return isEmbedded ? [] : [asset.p.slice(asset.p.lastIndexOf("/") + 1)];
}

function isNestedDeeply(json: string): boolean {
  let levels = 0;
  let isInString = false;
  for (let position = 0; position < json.length; position += 1) {
    const character = json.charCodeAt(position);
    if (isInString) {
      if (character === BACKSLASH) position += 1;
      else if (character === QUOTE) isInString = false;
    } else if (character === QUOTE) isInString = true;
    else if (character === OPEN_BRACKET || character === OPEN_BRACE) {
      levels += 1;
      if (levels > MOST_LEVELS) return true;
    } else if (character === CLOSE_BRACKET || character === CLOSE_BRACE) levels -= 1;
  }
  return false;
}

const [QUOTE, BACKSLASH] = [0x22, 0x5c];
const [OPEN_BRACKET, CLOSE_BRACKET, OPEN_BRACE, CLOSE_BRACE] = [0x5b, 0x5d, 0x7b, 0x7d];
