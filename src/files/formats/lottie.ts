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

/** Whether `text` is JSON, and if so, whether it has the keys that every Lottie animation has. */
export function inspectJson(text: string): "lottie" | "json" | undefined {
  if (!/^\s*[{[]/.test(text)) return undefined;
  try {
    return lottieAnimation.safeParse(JSON.parse(text)).success ? "lottie" : "json";
  } catch {
    return undefined;
  }
}
