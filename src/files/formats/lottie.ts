import * as z from "zod";

/** Lottie Animation Community: "Lottie specification", Animation, https://lottie.github.io/lottie-spec/latest/specs/composition/ */
const lottieAnimation = z.looseObject({
  v: z.string(),
  fr: z.number(),
  ip: z.number(),
  op: z.number(),
  w: z.number(),
  h: z.number(),
  layers: z.array(z.unknown()),
});

const MOST_LEVELS = 1_000;

/**
 * Whether `text` is JSON, and if so, whether it has the keys that every Lottie animation has. What is nested
 * deeper than 1,000 levels counts as no JSON: reading it takes many times its size in memory.
 */
export function inspectJson(text: string): "lottie" | "json" | undefined {
  if (!/^\s*[{[]/.test(text) || isNestedDeeply(text)) return undefined;
  try {
    return lottieAnimation.safeParse(JSON.parse(text)).success ? "lottie" : "json";
  } catch {
    return undefined;
  }
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
